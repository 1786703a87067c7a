package dev.cogan.engine.transform;

import dev.cogan.engine.train.Noise;

/**
 * Settings of a {@link LatentSearch}.
 *
 * @param noise distribution that the model's z were drawn from
 * @param restarts searches per image, from different z; the best one counts
 * @param candidates random z of which the {@code restarts} nearest ones begin the searches
 * @param iterations steps of L-BFGS per search at most
 * @param prior weight of the squared distance of z from the middle of its distribution ({@link
 *     Noise#fromMiddle}) beside the squared error summed over pixels; 0 as in the paper
 * @param seed of the candidates
 */
public record SearchOptions(
    Noise noise, int restarts, int candidates, int iterations, double prior, long seed) {
  /** Checks the ranges. */
  public SearchOptions {
    require("restarts", restarts, 1, 1000);
    require("candidates", candidates, restarts, 1_000_000);
    require("iterations", iterations, 0, 100_000);
    if (!(prior >= 0 && prior < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("prior must be 0 or more, got " + prior);
    }
  }

  private static void require(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be " + least + " to " + most + ", got " + value);
    }
  }

  /** Eight of 512 candidates, 100 steps each. */
  public static SearchOptions standard(Noise noise, long seed) {
    return new SearchOptions(noise, 8, 512, 100, 0, seed);
  }
}
