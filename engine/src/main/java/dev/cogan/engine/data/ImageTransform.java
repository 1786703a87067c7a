package dev.cogan.engine.data;

import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;

/** Makes the image of one domain from the image of another. Stateless. */
public interface ImageTransform {

  /** Name in a domain's spec, for example {@code edge}. */
  String name();

  /** Shape of the result for an image {@code [channels, height, width]}. */
  Shape outputShape(Shape shape);

  /**
   * Whether images whose values are all k / 255, k = 0..255, give images of which the same is true
   * up to rounding, so that the results can be stored as bytes without loss.
   */
  boolean keepsBytes();

  /**
   * Transforms one image.
   *
   * @param src values in [0, 1], {@code shape} from {@code srcOffset} on
   * @param shape {@code [channels, height, width]}
   * @param dest receives {@code outputShape(shape)} values from {@code destOffset} on; must not
   *     overlap {@code src}
   */
  void apply(float[] src, int srcOffset, Shape shape, float[] dest, int destOffset);

  /** Transforms a batch {@code [n, channels, height, width]} into a new tensor. */
  default Tensor apply(Tensor images) {
    if (images.shape().rank() != 4) {
      throw new IllegalArgumentException("expected images [n, c, h, w], got " + images);
    }
    Shape shape = images.shape().dropFirst();
    Shape after = outputShape(shape);
    Tensor result = Tensor.zeros(after.prepend(images.size(0)));
    for (int i = 0; i < images.size(0); i++) {
      int from = images.offset() + i * shape.count();
      apply(images.data(), from, shape, result.data(), i * after.count());
    }
    return result;
  }
}
