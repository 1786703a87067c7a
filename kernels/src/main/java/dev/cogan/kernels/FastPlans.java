package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.ConvShape;
import java.util.HashMap;
import java.util.Map;

/** The plans of one pass, by sizes; and whether they pay. */
final class FastPlans {
  /** A pass that is not computed by a plan. */
  private static final Object NONE = new Object();

  private final Pass pass;
  private final Map<ConvShape, Object> plans = new HashMap<>();

  enum Pass {
    FORWARD,
    INPUT_GRAD,
    WEIGHT_GRAD
  }

  FastPlans(Pass pass) {
    this.pass = pass;
  }

  /** The plan for these sizes, or null if plain products are faster. */
  FastPlan of(ConvShape s) {
    Object plan = plans.get(s);
    if (plan == null) {
      FastPlan fast = paysPerhaps(s) ? create(s) : null;
      plan = fast != null && pays(s, fast) ? fast : NONE;
      plans.put(s, plan);
    }
    return plan == NONE ? null : (FastPlan) plan;
  }

  private static boolean paysPerhaps(ConvShape s) {
    int taps = (Math.max(s.kh(), s.kw()) + s.stride() - 1) / s.stride();
    return s.n() >= LANES / 2 && taps >= 2 && taps <= 3 && !ConvShapes.isMatrixProduct(s);
  }

  private FastPlan create(ConvShape s) {
    switch (pass) {
      case FORWARD:
        return new FastPlan(s, false, FastConv.mostProducts(s.cin()));
      case INPUT_GRAD:
        return new FastPlan(s, true, FastConv.mostProducts(s.cout()));
      default:
        return new FastPlan(s, false, FastWeightGrad.mostProducts(s));
    }
  }

  /** Compares costs in vector instructions, roughly. */
  private boolean pays(ConvShape s, FastPlan plan) {
    int rows = pass == Pass.FORWARD ? s.cout() : s.cin();
    int others = pass == Pass.FORWARD ? s.cin() : s.cout();
    double groups = (s.n() + LANES - 1) / LANES;
    double columns = groups * plan.products();
    double weights = (double) s.weightSize() * (4 + 2.0 * plan.weights() / LANES);
    double fast =
        columns * (Tile.padRows(rows) * (double) others + 6.0 * (rows + others)) + weights;
    double plain = (double) s.multiplyAdds() / LANES / rows * (Tile.padRows(rows) + 3);
    return fast < 0.95 * plain;
  }
}
