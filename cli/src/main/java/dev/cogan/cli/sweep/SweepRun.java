package dev.cogan.cli.sweep;

import dev.cogan.engine.model.Algorithm;
import java.util.Locale;

/**
 * One training of a sweep.
 *
 * @param task the operator that makes the second domain: edge or negative
 * @param algorithm how the networks belong together
 * @param k shared rows of the generators; 0 in all but CoGAN
 * @param l shared rows of the discriminators; 0 in all but CoGAN
 * @param seed of everything
 */
public record SweepRun(String task, Algorithm algorithm, int k, int l, long seed) {

  /** A name for files: {@code edge-cogan-k4-l3-seed0}. */
  public String name() {
    String sharing = algorithm == Algorithm.COGAN ? "-k" + k + "-l" + l : "";
    return String.format(Locale.ROOT, "%s-%s%s-seed%d", task, algorithm.label(), sharing, seed);
  }

  @Override
  public String toString() {
    return name();
  }
}
