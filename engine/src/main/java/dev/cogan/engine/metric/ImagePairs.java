package dev.cogan.engine.metric;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Noise;
import dev.cogan.engine.train.Sampler;
import java.util.ArrayList;
import java.util.List;

/** A source of corresponding images that are evaluated: a model, or real images as its measure. */
public interface ImagePairs {

  /**
   * The next {@code n} images of every domain; image i of all domains belong together.
   *
   * @return per domain {@code [n, channels, height, width]}
   */
  List<Tensor> next(int n);

  /** Images of a model, from the random stream {@code "evaluation"} of a seed. */
  static ImagePairs generated(Sampler sampler, Noise noise, long seed) {
    return generated(sampler, noise, 1f, seed);
  }

  /**
   * Images of a model from truncated z.
   *
   * @param truncation factor of every z, as in {@link Noise#truncate}
   */
  static ImagePairs generated(Sampler sampler, Noise noise, float truncation, long seed) {
    RandomStream random = RandomStream.of(seed, "evaluation");
    return n -> {
      Tensor z = Tensor.zeros(n, sampler.latent());
      noise.fill(random, z);
      noise.truncate(z, truncation);
      return sampler.sample(z);
    };
  }

  /** Real images in order, as though a model had made them: what a perfect model would reach. */
  static ImagePairs real(List<DomainData> domains) {
    int[] next = {0};
    return n -> {
      List<Tensor> images = new ArrayList<>();
      for (DomainData domain : domains) {
        images.add(RealImages.inOrder(domain, next[0], n));
      }
      next[0] += n;
      return images;
    };
  }
}
