package dev.cogan.kernels;

import dev.cogan.engine.kernel.ConvShape;

/** Convolution: {@code y = w * patches(x) + bias}. */
final class ConvForward {
  private final VectorGemm gemm;
  private final VectorElements elements;
  private final ImplicitGemm implicit;
  private final PaddedImages padded;
  private final FastConv fast;
  private final ConvTapForward byTaps;
  private final ConvRowForward byRows;
  private final ConvFewPositions fewPositions;
  private final ConvPanelForward byPanels;
  private final FastPlans plans = new FastPlans(FastPlans.Pass.FORWARD);

  ConvForward(
      VectorGemm gemm,
      VectorElements elements,
      ImplicitGemm implicit,
      PaddedImages padded,
      FastConv fast,
      ConvTapForward byTaps,
      ConvRowForward byRows,
      ConvFewPositions fewPositions,
      ConvPanelForward byPanels) {
    this.fewPositions = fewPositions;
    this.byPanels = byPanels;
    this.fast = fast;
    this.byTaps = byTaps;
    this.byRows = byRows;
    this.gemm = gemm;
    this.elements = elements;
    this.implicit = implicit;
    this.padded = padded;
  }

  void run(
      ConvShape s,
      float[] y,
      int yOff,
      float[] x,
      int xOff,
      float[] w,
      int wOff,
      float[] bias,
      int biasOff) {
    if (s.n() == 0) {
      return;
    }
    if (ConvShapes.isMatrixProduct(s)) {
      int k = s.cin() * s.kh() * s.kw();
      gemm.gemm(false, true, s.n(), s.cout(), k, x, xOff, k, w, wOff, k, 0f, y, yOff, s.cout());
      if (bias != null) {
        elements.addBias(s.n(), s.cout(), 1, y, yOff, bias, biasOff);
      }
      return;
    }
    if (ConvFewPositions.suits(s)) {
      fewPositions.run(s, y, yOff, x, xOff, w, wOff, bias, biasOff);
      return;
    }
    if (ConvRowForward.suits(s)) {
      byRows.run(s, y, yOff, x, xOff, w, wOff, bias, biasOff);
      return;
    }
    if (ConvPanelForward.suits(s)) {
      byPanels.run(s, y, yOff, x, xOff, w, wOff, bias, biasOff);
      return;
    }
    FastPlan plan = plans.of(s);
    if (plan != null) {
      fast.run(plan, true, s, y, yOff, x, xOff, w, wOff, bias, biasOff);
      return;
    }
    if (ConvTapForward.suits(s)) {
      byTaps.run(s, y, yOff, x, xOff, w, wOff, bias, biasOff);
      return;
    }
    implicit.begin();
    ConvPart part = implicit.next();
    if (padded.pays(s)) {
      part.patches.ofInput(s, padded.copy(s, x, xOff), 0, s.pad());
    } else {
      part.patches.ofInput(s, x, xOff, 0);
    }
    part.weightOff = wOff;
    part.rowStride = s.cin() * s.kh() * s.kw();
    part.channelStride = s.kh() * s.kw();
    part.tapRowStride = s.kw();
    part.tapColStride = 1;
    part.firstRow = 0;
    part.firstCol = 0;
    part.outStep = 1;
    implicit.compute(s.cout(), w, y, yOff, s.oh(), s.ow(), bias, biasOff);
  }
}
