package dev.cogan.engine.metric;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.tensor.Tensor;

/** Batches of real images, in order. */
final class RealImages {
  private RealImages() {}

  /** Images {@code from} to {@code from + n - 1}, from the start again after the last. */
  static Tensor batch(DomainData domain, int from, int n) {
    Tensor images = Tensor.zeros(domain.shape().prepend(n));
    for (int i = 0; i < n; i++) {
      domain.fill(images.data(), i * domain.shape().count(), (from + i) % domain.count());
    }
    return images;
  }
}
