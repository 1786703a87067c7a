package dev.cogan.engine.nn;

import dev.cogan.engine.tensor.Shape;

/** A layer, a network or a file got a shape that it cannot take; the message names all involved. */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** A complete message. */
  public ShapeException(String message) {
    super(message);
  }

  /** {@code PATH: expected input [N, EXPECTED], got [N, ...]}. */
  static ShapeException input(String path, String expected, Shape got) {
    String sizes = got.toString();
    return new ShapeException(
        path
            + ": expected input [N, "
            + expected
            + "], got [N, "
            + sizes.substring(1, sizes.length() - 1)
            + "]");
  }
}
