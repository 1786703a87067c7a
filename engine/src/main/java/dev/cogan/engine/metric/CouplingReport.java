package dev.cogan.engine.metric;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.ImageTransform;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Noise;
import dev.cogan.engine.train.Sampler;
import java.util.List;
import java.util.Locale;

/**
 * How well a trained model's pairs correspond, where the operator that made the second domain is
 * known: the {@link PixelAgreement} of the model beside chance (the operator's image of a real
 * digit against an unrelated real image of the second domain) and blank (an empty first image).
 *
 * @param pairs number of pairs compared
 * @param model T(g1(z)) against g2(z)
 * @param chance T(real image) against an unrelated real image of the second domain
 * @param blank T(black image) against real images of the second domain
 */
public record CouplingReport(
    int pairs, PixelAgreement model, PixelAgreement chance, PixelAgreement blank) {

  /** Pairs that are drawn and compared at a time. */
  public static final int PIECE = 100;

  /** Nothing compared yet. */
  static CouplingReport empty(int pairs) {
    return new CouplingReport(
        pairs, new PixelAgreement(), new PixelAgreement(), new PixelAgreement());
  }

  /**
   * Measures.
   *
   * @param sampler of the model
   * @param noise distribution of z
   * @param seed of the z
   * @param pairs how many
   * @param domains index of the first and the second domain
   * @param transform the operator T that made the second domain from images like the first's
   */
  public static CouplingReport measure(
      Sampler sampler,
      Noise noise,
      long seed,
      int pairs,
      int[] domains,
      ImageTransform transform,
      DomainData first,
      DomainData second) {
    return measure(sampler, noise, seed, pairs, domains, transform, first, second, null);
  }

  /**
   * Measures again, after some training.
   *
   * @param earlier report of the same data and number of pairs, whose chance and blank are taken
   *     over; null if there is none
   */
  public static CouplingReport measure(
      Sampler sampler,
      Noise noise,
      long seed,
      int pairs,
      int[] domains,
      ImageTransform transform,
      DomainData first,
      DomainData second,
      CouplingReport earlier) {
    CouplingReport report =
        earlier == null
            ? empty(pairs)
            : new CouplingReport(pairs, new PixelAgreement(), earlier.chance, earlier.blank);
    RandomStream random = RandomStream.of(seed, "evaluation");
    RealImages ofFirst = new RealImages(first);
    RealImages ofSecond = new RealImages(second);
    for (int from = 0; from < pairs; from += PIECE) {
      int n = Math.min(PIECE, pairs - from);
      Tensor z = Tensor.zeros(n, sampler.latent());
      noise.fill(random, z);
      List<Tensor> images = sampler.sample(z);
      report.model.add(transform.apply(images.get(domains[0])), images.get(domains[1]));
      if (earlier != null) {
        continue;
      }
      Tensor reals = ofFirst.batch(from, n);
      Tensor others = ofSecond.unrelated(from, n);
      report.chance.add(transform.apply(reals), others);
      reals.fill(0f);
      report.blank.add(transform.apply(reals), others);
    }
    return report;
  }

  /** For example {@code 0.931 (chance 0.806, blank 0.870; 2000 pairs)}: the binarised readings. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%.3f (chance %.3f, blank %.3f; %d pairs)",
        model.binarised(),
        chance.binarised(),
        blank.binarised(),
        pairs);
  }
}
