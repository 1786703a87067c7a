package dev.cogan.cli;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Noise;
import picocli.CommandLine.Option;

/**
 * {@code --trunc}: how far from the middle of its distribution z may lie, as users of other GANs
 * know it (there also "psi").
 */
final class TruncationOption {
  @Option(
      names = {"--trunc", "--truncation"},
      paramLabel = "PSI",
      defaultValue = "1",
      description =
          "Multiply z by this, 0 to 1: below 1 images vary less (default: ${DEFAULT-VALUE}).")
  private float psi = 1f;

  /**
   * The factor.
   *
   * @throws InputException if it is not from 0 to 1
   */
  float psi() {
    if (!(psi >= 0f && psi <= 1f)) {
      throw new InputException("--trunc must be 0 to 1, got " + psi);
    }
    return psi;
  }

  /** Moves every z of this distribution towards its middle, in place. */
  void apply(Noise noise, Tensor z) {
    noise.truncate(z, psi());
  }
}
