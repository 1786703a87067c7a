package dev.cogan.engine.optim;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.ParameterStore;
import java.util.ArrayList;
import java.util.List;

/**
 * Adam (Kingma and Ba 2015) over the one array of a {@link ParameterStore}; formula in {@link
 * Kernels#adam}. The moments live in the store, the number of steps here.
 */
public final class Adam {
  private final ParameterStore store;
  private final AdamOptions options;
  private final List<Run> runs = new ArrayList<>();
  private long steps;

  /** Neighbouring parameters that decay alike are updated in one call. */
  private static final class Run {
    final int offset;
    final boolean decays;
    int length;

    Run(int offset, boolean decays) {
      this.offset = offset;
      this.decays = decays;
    }
  }

  /** An optimiser of all parameters of {@code store}, at step 0. */
  public Adam(ParameterStore store, AdamOptions options) {
    this.store = store;
    this.options = options;
    Run run = null;
    for (Parameter parameter : store.parameters()) {
      boolean decays =
          options.weightDecay() != 0
              && (!options.decay().weightsOnly() || parameter.role() == Parameter.Role.WEIGHT);
      if (run == null || run.decays != decays) {
        run = new Run(parameter.offset(), decays);
        runs.add(run);
      }
      run.length += parameter.count();
    }
  }

  /** The settings. */
  public AdamOptions options() {
    return options;
  }

  /** Steps done so far. */
  public long steps() {
    return steps;
  }

  /** Continues after {@code steps} steps; the moments in the store must be those of that time. */
  public void restore(long steps) {
    this.steps = steps;
  }

  /**
   * How large the gradients g of the step to come are against what the second moments v, with them,
   * expect: the root of the mean of {@code g^2 / v} over all parameters, v corrected for its bias
   * (Wortsman et al. 2023). Below 1 in steady training, at most {@code 1 / sqrt(1 - beta2)}. Far
   * above 1, moments of quiet times turn a large gradient into too long a step.
   */
  public double surprise() {
    float[] gradients = store.gradients();
    float[] moments = store.secondMoments();
    double keep = options.beta2();
    double unbias = 1 / (1 - StrictMath.pow(keep, steps + 1));
    double eps = (double) options.eps() * options.eps();
    double sum = 0;
    for (Run run : runs) {
      for (int i = run.offset; i < run.offset + run.length; i++) {
        double square = (double) gradients[i] * gradients[i];
        sum += square / ((keep * moments[i] + (1 - keep) * square) * unbias + eps);
      }
    }
    return Math.sqrt(sum / store.count());
  }

  /** One step along the store's gradients. */
  public void step(Kernels k) {
    step(k, 1);
  }

  /**
   * One step along the store's gradients, with another rate.
   *
   * @param factor of the settings' rate, above 0
   */
  public void step(Kernels k, double factor) {
    double rate = options.rate() * factor;
    steps++;
    double bias1 = 1 - StrictMath.pow(options.beta1(), steps);
    double bias2 = 1 - StrictMath.pow(options.beta2(), steps);
    float stepSize = (float) (rate / bias1);
    float invSqrtBias2 = (float) (1 / Math.sqrt(bias2));
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      float decay = run.decays ? options.weightDecay() : 0f;
      boolean coupled = options.decay().coupled();
      k.adam(
          run.length,
          store.values(),
          run.offset,
          store.gradients(),
          run.offset,
          store.firstMoments(),
          run.offset,
          store.secondMoments(),
          run.offset,
          options.beta1(),
          options.beta2(),
          options.eps(),
          stepSize,
          invSqrtBias2,
          coupled ? decay : 0f,
          coupled ? 0f : (float) (rate * decay));
    }
  }
}
