package dev.cogan.engine.transform;

import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Noise;

/**
 * A path through several z, in equal steps. Between points of a normal distribution it follows the
 * arc, not the chord: points on the chord are shorter than any z that training has seen (White
 * 2016, "Sampling generative networks"). Between points of a uniform distribution, all of whose
 * cube has been seen, it is straight, and so it is from one part of a mixture to another.
 */
public final class LatentWalk {
  private LatentWalk() {}

  /**
   * The points of a walk.
   *
   * @param stations {@code [n, latent]}, n 2 or more
   * @param steps from one station to the next, 1 or more
   * @param loop whether it returns to the first station; otherwise it ends at the last, which is
   *     then its last point
   * @return {@code [points, latent]}: {@code n * steps} points of a loop, else {@code (n - 1) *
   *     steps + 1}
   */
  public static Tensor points(Noise noise, Tensor stations, int steps, boolean loop) {
    int n = stations.size(0);
    if (n < 2 || steps < 1) {
      throw new IllegalArgumentException(
          "a walk has 2 or more stations and 1 or more steps, got " + n + " and " + steps);
    }
    int latent = stations.size(1);
    int legs = loop ? n : n - 1;
    Tensor points = Tensor.zeros(legs * steps + (loop ? 0 : 1), latent);
    for (int p = 0; p < points.size(0); p++) {
      int leg = Math.min(p / steps, legs - 1);
      double t = (p - leg * steps) / (double) steps;
      int from = leg * latent;
      int to = (leg + 1) % n * latent;
      int straight = noise == Noise.UNIFORM ? latent : noise.places();
      double angle = angle(stations, from + straight, to + straight, latent - straight);
      // Beside parallel and opposite vectors the arc is the chord, or not defined.
      boolean arc = Math.sin(angle) > 1e-3;
      double a = arc ? Math.sin((1 - t) * angle) / Math.sin(angle) : 1 - t;
      double b = arc ? Math.sin(t * angle) / Math.sin(angle) : t;
      for (int i = 0; i < latent; i++) {
        double x = stations.get(from + i);
        double y = stations.get(to + i);
        points.set(p * latent + i, (float) (i < straight ? (1 - t) * x + t * y : a * x + b * y));
      }
    }
    return points;
  }

  private static double angle(Tensor z, int from, int to, int length) {
    double dot = 0;
    double a = 0;
    double b = 0;
    for (int i = 0; i < length; i++) {
      double x = z.get(from + i);
      double y = z.get(to + i);
      dot += x * y;
      a += x * x;
      b += y * y;
    }
    double cosine = dot / Math.sqrt(a * b);
    return Double.isFinite(cosine) ? Math.acos(Math.max(-1, Math.min(1, cosine))) : 0;
  }
}
