package dev.cogan.engine.nn;

import dev.cogan.engine.tensor.Shape;

/** All dimensions but the batch in one: {@code [n, c, h, w]} to {@code [n, c*h*w]}. */
public final class Flatten extends Reshape {

  /** At the given path. */
  public Flatten(String path) {
    super(path, Shape.of());
  }

  @Override
  public String describe() {
    return "Flatten";
  }

  @Override
  public Shape outputShape(Shape input) {
    return Shape.of(input.count());
  }
}
