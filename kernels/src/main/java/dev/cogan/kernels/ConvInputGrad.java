package dev.cogan.kernels;

import dev.cogan.engine.kernel.ConvShape;

/**
 * The convolution's gradient to its input, which is also the transposed convolution.
 *
 * <p>With stride S the pixels of the large side fall into {@code S*S} phases by their position
 * modulo S. The pixels of one phase meet the same taps of the kernel, every S-th in each direction,
 * so that each phase is a convolution of stride 1 over the small side: no zero is multiplied, and
 * nothing is scattered. With few channels on the large side the matrices would have almost no rows;
 * then {@link ConvColumns} or {@link ConvImageLanes} do it the other way round. For few positions
 * the weights are what takes the time: {@link ConvFewPositionsInputGrad}.
 */
final class ConvInputGrad {
  private final VectorGemm gemm;
  private final VectorElements elements;
  private final ImplicitGemm implicit;
  private final ConvColumns columns;
  private final ConvImageLanes imageLanes;
  private final FastConv fast;
  private final ConvFewPositionsInputGrad fewPositions;
  private final ConvTapInputGrad byTaps;
  private final ConvRowInputGrad byRows;
  private final FastPlans plans = new FastPlans(FastPlans.Pass.INPUT_GRAD);

  ConvInputGrad(
      Workers workers,
      VectorGemm gemm,
      VectorElements elements,
      ImplicitGemm implicit,
      ConvColumns columns,
      ConvImageLanes imageLanes,
      FastConv fast,
      ConvFewPositionsInputGrad fewPositions) {
    this.fast = fast;
    this.gemm = gemm;
    this.fewPositions = fewPositions;
    byTaps = new ConvTapInputGrad(workers);
    byRows = new ConvRowInputGrad(workers);
    this.elements = elements;
    this.implicit = implicit;
    this.columns = columns;
    this.imageLanes = imageLanes;
  }

  void run(
      ConvShape s,
      float[] dx,
      int dxOff,
      float[] dy,
      int dyOff,
      float[] w,
      int wOff,
      float[] bias,
      int biasOff) {
    if (s.n() == 0) {
      return;
    }
    if (ConvShapes.isMatrixProduct(s)) {
      int n = s.cin() * s.kh() * s.kw();
      gemm.gemm(
          false, false, s.n(), n, s.cout(), dy, dyOff, s.cout(), w, wOff, n, 0f, dx, dxOff, n);
      if (bias != null) {
        elements.addBias(s.n(), s.cin(), s.kh() * s.kw(), dx, dxOff, bias, biasOff);
      }
      return;
    }
    if (ConvFewPositionsInputGrad.suits(s)) {
      fewPositions.run(s, dx, dxOff, dy, dyOff, w, wOff, bias, biasOff);
      return;
    }
    if (ConvRowInputGrad.suits(s)) {
      byRows.run(s, dx, dxOff, dy, dyOff, w, wOff, bias, biasOff);
      return;
    }
    FastPlan plan = plans.of(s);
    if (plan != null) {
      fast.run(plan, false, s, dx, dxOff, dy, dyOff, w, wOff, bias, biasOff);
      return;
    }
    if (ConvTapInputGrad.suits(s)) {
      byTaps.run(s, dx, dxOff, dy, dyOff, w, wOff, bias, biasOff);
      return;
    }
    if (columnsCost(s) < phasesCost(s)) {
      if (ConvImageLanes.suits(s)) {
        imageLanes.run(s, dx, dxOff, dy, dyOff, w, wOff, bias, biasOff);
      } else {
        columns.run(s, dx, dxOff, dy, dyOff, w, wOff, bias, biasOff);
      }
      return;
    }
    implicit.begin();
    for (int row = 0; row < Math.min(s.stride(), s.h()); row++) {
      for (int col = 0; col < Math.min(s.stride(), s.w()); col++) {
        addPhase(s, row, col, dy, dyOff, wOff);
      }
    }
    implicit.compute(s.cin(), w, dx, dxOff, s.h(), s.w(), bias, biasOff);
  }

  /** Cost of the product over all phases and of packing its patches, in vector instructions. */
  private static double phasesCost(ConvShape s) {
    double patches = 0;
    for (int row = 0; row < Math.min(s.stride(), s.h()); row++) {
      for (int col = 0; col < Math.min(s.stride(), s.w()); col++) {
        int positions = phaseSize(s.h(), row, s.stride()) * phaseSize(s.w(), col, s.stride());
        patches += (double) positions * taps(s, s.kh(), row) * taps(s, s.kw(), col);
      }
    }
    return patches * s.n() * s.cout() * ((double) Tile.padRows(s.cin()) / Tile.LANES + 0.5);
  }

  /** Cost of the product with columns and of adding them to the image. */
  private static double columnsCost(ConvShape s) {
    int m = s.cin() * s.kh() * s.kw();
    double positions = (double) s.n() * s.oh() * s.ow();
    return positions * (Tile.padRows(m) * (double) s.cout() / Tile.LANES + m);
  }

  /** Pixels {@code first, first + stride, ...} below {@code size}. */
  private static int phaseSize(int size, int first, int stride) {
    return (size - first + stride - 1) / stride;
  }

  /** Taps in one direction that meet the pixels {@code first, first + stride, ...}. */
  private static int taps(ConvShape s, int kernel, int first) {
    int tap = (first + s.pad()) % s.stride();
    return Math.max(0, (kernel - tap + s.stride() - 1) / s.stride());
  }

  private void addPhase(ConvShape s, int row, int col, float[] dy, int dyOff, int wOff) {
    int stride = s.stride();
    int tapRow = (row + s.pad()) % stride;
    int tapCol = (col + s.pad()) % stride;
    ConvPart part = implicit.next();
    Patches patches = part.patches;
    patches.image = dy;
    patches.imageOff = dyOff;
    patches.n = s.n();
    patches.channels = s.cout();
    patches.h = s.oh();
    patches.w = s.ow();
    patches.rows = phaseSize(s.h(), row, stride);
    patches.cols = phaseSize(s.w(), col, stride);
    patches.step = 1;
    patches.top = (row + s.pad()) / stride;
    patches.left = (col + s.pad()) / stride;
    patches.tapRows = taps(s, s.kh(), row);
    patches.tapCols = taps(s, s.kw(), col);
    patches.dir = -1;
    part.weightOff = wOff + tapRow * s.kw() + tapCol;
    part.rowStride = s.kh() * s.kw();
    part.channelStride = s.cin() * s.kh() * s.kw();
    part.tapRowStride = stride * s.kw();
    part.tapColStride = stride;
    part.firstRow = row;
    part.firstCol = col;
    part.outStep = stride;
  }
}
