package dev.cogan.kernels;

import dev.cogan.engine.kernel.ConvShape;
import java.util.HashMap;
import java.util.Map;

/** The plans of rows, by sizes. */
final class RowPlans {
  private final Map<ConvShape, RowPlan> plans = new HashMap<>();

  private final boolean forward;

  /**
   * @param forward whether the large side is read
   */
  RowPlans(boolean forward) {
    this.forward = forward;
  }

  RowPlan of(ConvShape s) {
    RowPlan plan = plans.get(s);
    if (plan == null) {
      if (plans.size() >= FastPlans.MOST_KEPT) {
        plans.clear();
      }
      plan = new RowPlan(s, forward);
      plans.put(s, plan);
    }
    return plan;
  }
}
