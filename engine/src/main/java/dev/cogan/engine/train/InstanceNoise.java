package dev.cogan.engine.train;

import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Tensor;
import java.util.List;

/**
 * Noise on everything that the discriminators see, real and generated (Sønderby et al. 2017;
 * Arjovsky and Bottou 2017): both kinds of images then overlap, and the discriminators cannot tell
 * them apart by what no eye sees. {@code N(0, deviation^2)} in every value of every image, from a
 * random stream of its own.
 */
final class InstanceNoise {
  private final RandomStream random;
  private final List<Tensor> noisy;

  /**
   * @param noisy one batch of images for each that the discriminators judge together, for the
   *     results
   */
  InstanceNoise(long seed, List<Tensor> noisy) {
    this.random = RandomStream.of(seed, "instance noise");
    this.noisy = noisy;
  }

  RandomStream random() {
    return random;
  }

  /** The images with noise; overwritten by the next ones of the same part. */
  Tensor over(Tensor images, int part, double deviation) {
    Tensor sum = noisy.get(part);
    random.fillNormal(sum.data(), sum.offset(), sum.count(), 0f, (float) deviation);
    for (int i = 0; i < sum.count(); i++) {
      sum.set(i, sum.get(i) + images.get(i));
    }
    return sum;
  }
}
