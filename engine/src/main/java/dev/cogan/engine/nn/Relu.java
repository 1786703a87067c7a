package dev.cogan.engine.nn;

/** {@code y = max(x, 0)}: a {@link LeakyRelu} with slope 0. */
public final class Relu extends LeakyRelu {

  /** A ReLU at the given path. */
  public Relu(String path) {
    super(path, 0f);
  }

  @Override
  public String describe() {
    return "Relu";
  }
}
