package dev.cogan.engine.nn;

/**
 * What one layer keeps from its forward call for its backward call, beside its input and output:
 * statistics of a batch norm, winners of a pooling, the mask of a dropout. It belongs to a {@link
 * Pass}, never to the layer, so that a shared layer can run several times before one backward.
 */
public abstract class Cache {
  /** For layers that keep nothing. */
  public static final Cache NONE = new Cache() {};

  /** For subclasses. */
  protected Cache() {}
}
