package dev.cogan.kernels;

import static dev.cogan.kernels.Tile.LANES;

import dev.cogan.engine.kernel.ConvShape;
import java.util.HashMap;
import java.util.Map;

/** The plans of one pass, by sizes; and whether they pay. */
final class FastPlans {
  /** A pass that is not computed by a plan. */
  private static final Object NONE = new Object();

  /** Vector instructions per combined vector, of each pass. */
  private static final double[] COMBINING = {35, 45, 50};

  /** Floats of products that stay in the caches. */
  private static final long CACHED = 6 << 20;

  /**
   * How much dearer than the plain way a plan may seem by its vector instructions: the plain way
   * reaches less of the peak.
   */
  private static final double PAYS = 1.3;

  /** The same of the gradient to the weights with 16 registers, as measured on a Zen 3. */
  private static final double NARROW_GRAD_PAYS = 1.05;

  /** Plans that are kept: of more shapes than a network has layers, for many sizes of batches. */
  static final int MOST_KEPT = 256;

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
      if (plans.size() >= MOST_KEPT) {
        plans.clear();
      }
      FastPlan fast = paysPerhaps(s) ? create(s) : null;
      plan = fast != null && fast.isWhole() && pays(s, fast) ? fast : NONE;
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

  /**
   * Compares costs in vector instructions. What combining costs was measured (Zen 4, two threads):
   * it doubles where the products of two groups of images leave the caches.
   */
  private boolean pays(ConvShape s, FastPlan plan) {
    int rows = pass == Pass.FORWARD ? s.cout() : s.cin();
    int others = pass == Pass.FORWARD ? s.cin() : s.cout();
    double groups = (s.n() + LANES - 1) / LANES;
    boolean large = plan.products() * (rows + others) * Tile.COLS > CACHED;
    double combining = (large ? 2 : 1) * COMBINING[pass.ordinal()] * (rows + others);
    double column = 1.15 * Tile.padRows(rows) * others + combining;
    boolean grad = pass == Pass.WEIGHT_GRAD;
    double perWeight = (grad ? 4 : 1) + (grad ? 2.0 : 1.0) * plan.weights() / LANES;
    double fast = groups * plan.products() * column + s.weightSize() * perWeight;
    return fast < (!Tile.WIDE && grad ? NARROW_GRAD_PAYS : PAYS) * plain(s);
  }

  /** Vector instructions of the plain way, image by image where it is {@link ConvTapForward}. */
  private double plain(ConvShape s) {
    double plain = (double) s.multiplyAdds() / LANES;
    if (pass != Pass.FORWARD || !ConvTapForward.suits(s)) {
      return plain;
    }
    int positions = s.oh() * s.ow();
    return plain * Tile.padCols(positions) / positions;
  }
}
