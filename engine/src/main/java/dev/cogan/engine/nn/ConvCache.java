package dev.cogan.engine.nn;

import dev.cogan.engine.kernel.ConvShape;

/** The sizes of a convolution for one batch, made once so that no call has to make them. */
final class ConvCache extends Cache {
  final ConvShape shape;

  ConvCache(ConvShape shape) {
    this.shape = shape;
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
