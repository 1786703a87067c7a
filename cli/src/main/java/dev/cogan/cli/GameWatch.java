package dev.cogan.cli;

import dev.cogan.engine.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;

/**
 * Notices two ways in which the training of a GAN goes wrong without a number leaving its range,
 * and says what to try: a discriminator that is always right teaches nothing, and generators that
 * draw the same image for every z have collapsed. Each warning comes again only after a while, and
 * that doubles.
 */
final class GameWatch {
  private static final double ALWAYS = 0.995;
  private static final int STEPS = 200;
  private static final double SMOOTHING = 0.02;
  private static final double POOR = 0.25;
  private static final double FALLEN = 0.5;

  private final List<String> domains;
  private final Consumer<String> warn;
  private final double[] right;
  private final int[] stuck;
  private final double[] best;
  private final long[] quietUntil;
  private final long[] quiet;

  /**
   * @param domains names
   * @param warn takes the warnings
   */
  GameWatch(List<String> domains, Consumer<String> warn) {
    this.domains = domains;
    this.warn = warn;
    right = new double[domains.size()];
    stuck = new int[domains.size()];
    best = new double[domains.size()];
    // Per domain, first the discriminators' warnings, then the generators'.
    quietUntil = new long[2 * domains.size()];
    quiet = new long[2 * domains.size()];
  }

  /**
   * After every step.
   *
   * @param accuracy by domain, the share of images that its discriminator judged right
   */
  void step(long step, IntToDoubleFunction accuracy) {
    for (int d = 0; d < domains.size(); d++) {
      right[d] += SMOOTHING * (accuracy.applyAsDouble(d) - right[d]);
      stuck[d] = right[d] > ALWAYS ? stuck[d] + 1 : 0;
      if (stuck[d] >= STEPS && mayWarn(d, step)) {
        warn.accept(
            String.format(
                Locale.ROOT,
                "the discriminator of domain %s has been right about %.1f %% of the images for"
                    + " %d steps: the generators learn little from it; try --dropout 0.5, a lower"
                    + " --rate-d or a higher --rate-g",
                domains.get(d),
                100 * right[d],
                stuck[d]));
      }
    }
  }

  /**
   * At a snapshot.
   *
   * @param fakes drawn images of a domain, {@code [n, channels, height, width]}
   * @param reals real ones
   */
  void snapshot(long step, int domain, Tensor fakes, Tensor reals) {
    double diversity = spread(fakes) / Math.max(1e-9, spread(reals));
    best[domain] = Math.max(best[domain], diversity);
    if (diversity < POOR
        && diversity < FALLEN * best[domain]
        && mayWarn(domains.size() + domain, step)) {
      warn.accept(
          String.format(
              Locale.ROOT,
              "images of domain %s differ %.0f times less from each other than real ones do, and"
                  + " did better before: the generators may have collapsed; try lower rates, a"
                  + " larger --batch, or go back to an earlier checkpoint with resume",
              domains.get(domain),
              1 / Math.max(1e-3, diversity)));
    }
  }

  private boolean mayWarn(int which, long step) {
    if (step < quietUntil[which]) {
      return false;
    }
    quiet[which] = quiet[which] == 0 ? 5 * STEPS : 2 * quiet[which];
    quietUntil[which] = step + quiet[which];
    return true;
  }

  /** Root of the mean variance of a pixel from image to image. */
  static double spread(Tensor images) {
    int n = images.size(0);
    int pixels = images.count() / n;
    double variance = 0;
    for (int p = 0; p < pixels; p++) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < n; i++) {
        double value = images.get(i * pixels + p);
        sum += value;
        squares += value * value;
      }
      variance += Math.max(0, squares / n - sum / n * (sum / n));
    }
    return Math.sqrt(variance / pixels);
  }
}
