package dev.cogan.engine.nn;

/** What a forward pass is for. */
public enum Mode {
  /** Batch norm uses the batch's statistics and updates its running ones; dropout drops. */
  TRAIN,
  /** Batch norm uses its running statistics; dropout passes everything on. */
  INFERENCE
}
