package dev.cogan.engine.train;

import dev.cogan.engine.io.SafetensorsFile;
import dev.cogan.engine.io.SafetensorsWriter;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.ParameterStore;
import java.nio.file.Path;

/**
 * A trained model to hand on: the generators that a {@link Checkpoint} samples with (the averaged
 * ones, if there are any) and its metadata, without discriminators and optimisers; a fifth of the
 * size or less. {@link Checkpoint#open} reads it, for everything but training.
 */
public final class ModelFile {
  private ModelFile() {}

  /**
   * Writes the generators of a checkpoint; see {@link dev.cogan.engine.io.AtomicFile} for what can
   * go wrong.
   */
  public static void write(Path path, Checkpoint checkpoint) {
    SafetensorsFile file = checkpoint.file();
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.metadata("format", Checkpoint.FORMAT).metadata("format_version", Checkpoint.VERSION);
    writer.metadata(Checkpoint.CONTENTS, Checkpoint.GENERATORS);
    for (String key : new String[] {"model", "training", "state", "provenance"}) {
      writer.metadata(key, file.metadata().get(key));
    }
    ParameterStore store = checkpoint.loadForSampling(Memory.heap()).generators().store();
    for (Parameter p : store.parameters()) {
      writer.add(p.name(), p.value());
    }
    for (String buffer : store.bufferNames()) {
      writer.add(buffer, store.buffer(buffer));
    }
    writer.write(path);
  }
}
