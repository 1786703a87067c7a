package dev.cogan.engine.nn;

import dev.cogan.engine.kernel.ConvShape;

/** The sizes of a convolution for one batch, made once so that no call has to make them. */
final class ConvCache extends Cache {
  final ConvShape shape;

  ConvCache(ConvShape shape) {
    this.shape = shape;
  }

  /** Refuses sizes that no convolution has, under the layer's own names. */
  static void requireSizes(String path, int in, int out, int kernel, int stride, int pad) {
    if (in < 1 || out < 1 || kernel < 1 || stride < 1 || pad < 0) {
      throw new IllegalArgumentException(
          path
              + ": expected in, out, kernel and stride of at least 1 and pad of at least 0, got in="
              + in
              + " out="
              + out
              + " kernel="
              + kernel
              + " stride="
              + stride
              + " pad="
              + pad);
    }
  }

  /** The end of a description: {@code , kernel=3, stride=2, pad=1)}, defaults left out. */
  static String describe(int kernel, int stride, int pad, boolean withBias) {
    return ", kernel="
        + kernel
        + (stride == 1 ? "" : ", stride=" + stride)
        + (pad == 0 ? "" : ", pad=" + pad)
        + (withBias ? ")" : ", bias=false)");
  }
}
