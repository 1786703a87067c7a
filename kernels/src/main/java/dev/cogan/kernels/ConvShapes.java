package dev.cogan.kernels;

import dev.cogan.engine.kernel.ConvShape;

/** Special cases of convolution sizes. */
final class ConvShapes {
  private ConvShapes() {}

  /** Whether the kernel covers the whole image once: a matrix product without any patches. */
  static boolean isMatrixProduct(ConvShape s) {
    return s.oh() == 1 && s.ow() == 1 && s.pad() == 0 && s.kh() == s.h() && s.kw() == s.w();
  }
}
