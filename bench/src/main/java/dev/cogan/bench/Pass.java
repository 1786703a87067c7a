package dev.cogan.bench;

import dev.cogan.engine.model.ConfigException;

/** The three passes of a convolutional layer. */
public enum Pass {
  /** Output from input and weights. */
  FORWARD("forward"),
  /** Gradient to the input from the gradient of the output and the weights. */
  INPUT_GRAD("inputGrad"),
  /** Gradient to the weights from the gradient of the output and the input. */
  WEIGHT_GRAD("weightGrad");

  private final String label;

  Pass(String label) {
    this.label = label;
  }

  /** Value of the benchmarks' parameter {@code pass}. */
  public String label() {
    return label;
  }

  static Pass named(String label) {
    for (Pass pass : values()) {
      if (pass.label.equals(label)) {
        return pass;
      }
    }
    throw new ConfigException(
        "unknown pass '" + label + "'; known are forward, inputGrad, weightGrad");
  }
}
