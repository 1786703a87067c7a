package dev.cogan.engine.metric;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Tensor;
import java.util.Arrays;

/**
 * Real images of a domain, shuffled: files often come sorted by class, and a part of them should be
 * like all. Domains of equally many images are shuffled alike, so that of overlapping ones the
 * images at the same place still belong together.
 */
final class RealImages {
  private final DomainData domain;
  private final int[] order;

  RealImages(DomainData domain) {
    this.domain = domain;
    order = new int[domain.count()];
    Arrays.setAll(order, i -> i);
    RandomStream.of(0, "real images").shuffle(order);
  }

  /** Images {@code from} to {@code from + n - 1}, from the start again after the last. */
  Tensor batch(int from, int n) {
    Tensor images = Tensor.zeros(domain.shape().prepend(n));
    for (int i = 0; i < n; i++) {
      domain.fill(images.data(), i * domain.shape().count(), index(from + i));
    }
    return images;
  }

  /**
   * Images half the set away from those of {@link #batch}: in no relation to them, be they of the
   * same domain, of one that shows the same images, or of another part of sorted files.
   */
  Tensor unrelated(int from, int n) {
    return batch(from + order.length / 2, n);
  }

  /** The label of an image of {@link #batch}. */
  int label(int place) {
    return domain.label(index(place));
  }

  private int index(int place) {
    return order[place % order.length];
  }

  /** The same without shuffling, for all images or those that belong together. */
  static Tensor inOrder(DomainData domain, int from, int n) {
    Tensor images = Tensor.zeros(domain.shape().prepend(n));
    for (int i = 0; i < n; i++) {
      domain.fill(images.data(), i * domain.shape().count(), (from + i) % domain.count());
    }
    return images;
  }
}
