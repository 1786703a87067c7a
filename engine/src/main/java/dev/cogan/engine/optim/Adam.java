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
  /** Parameters whose surprise is computed together. */
  private static final int CHUNK = 1024;

  /** One chunk in so many is looked at. */
  private static final int SAMPLED = 4;

  private final ParameterStore store;
  private final AdamOptions options;
  private final List<Run> runs = new ArrayList<>();
  private final float[] chunk = new float[CHUNK];
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
   * expect: the root of the mean of {@code g^2 / v}, v corrected for its bias (Wortsman et al.
   * 2023), over every fourth thousand of the parameters: to read them all would cost two percent of
   * a step. Below 1 in steady training, at most {@code 1 / sqrt(1 - beta2)}. Far above 1, moments
   * of quiet times turn a large gradient into too long a step.
   */
  public double surprise() {
    double unbias = 1 / (1 - StrictMath.pow(options.beta2(), steps + 1));
    double sum = 0;
    long seen = 0;
    for (int from = 0; from < store.count(); from += SAMPLED * CHUNK) {
      int count = Math.min(CHUNK, store.count() - from);
      ratios(from, count, (float) unbias);
      sum += sum(count);
      seen += count;
    }
    return Math.sqrt(sum / seen);
  }

  /** {@code g^2 / v} of some parameters. Apart from their sum, so that the compiler vectorises. */
  private void ratios(int from, int count, float unbias) {
    float[] gradients = store.gradients();
    float[] moments = store.secondMoments();
    float keep = options.beta2() * unbias;
    float take = (1 - options.beta2()) * unbias;
    float eps = options.eps() * options.eps();
    float[] out = chunk;
    for (int i = 0; i < count; i++) {
      float square = gradients[from + i] * gradients[from + i];
      out[i] = square / (keep * moments[from + i] + take * square + eps);
    }
  }

  /** Four sums at a time: one addition waits for the one before. */
  private double sum(int count) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i <= count - 4; i += 4) {
      a += chunk[i];
      b += chunk[i + 1];
      c += chunk[i + 2];
      d += chunk[i + 3];
    }
    for (; i < count; i++) {
      a += chunk[i];
    }
    return a + b + (c + d);
  }

  /** One step down the store's gradients, which stay as they are. */
  public void step(Kernels k) {
    step(k, 1);
  }

  /**
   * One step down the store's gradients, with another rate.
   *
   * @param factor of the settings' rate, above 0
   * @throws IllegalStateException if the store has no gradients: it was allocated for sampling
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
