package dev.cogan.engine.golden;

import dev.cogan.engine.kernel.Kernels;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Batch norm: two training passes, and one with running statistics. */
interface NormGolden extends Golden {

  static List<String> norms() {
    return LAYERS.cases("batchnorm");
  }

  @ParameterizedTest
  @MethodSource("dev.cogan.engine.golden.NormGolden#norms")
  default void batchNormOfTraining(String name) {
    Kernels kernels = kernels();
    float[] runningMean = new float[LAYERS.integer(name, "channels")];
    float[] runningVar = new float[runningMean.length];
    Arrays.fill(runningVar, 1);
    for (int pass = 1; pass <= 2; pass++) {
      trainingPass(kernels, name, pass, runningMean, runningVar);
    }
  }

  private static void trainingPass(
      Kernels kernels, String name, int pass, float[] runningMean, float[] runningVar) {
    int[] shape = Golden.shape(name, "input" + pass);
    int n = shape[0];
    int c = shape[1];
    int s = Golden.pixels(shape);
    float eps = (float) LAYERS.number(name, "eps");
    float[] x = Golden.floats(name, "input" + pass);
    float[] dy = Golden.floats(name, "dout" + pass);
    float[] gamma = Golden.floatsOrNull(name, "weight");
    float[] beta = Golden.floatsOrNull(name, "bias");

    float[] y = new float[x.length];
    float[] mean = new float[c];
    float[] invStd = new float[c];
    kernels.batchNormForward(n, c, s, eps, y, 0, x, 0, gamma, 0, beta, 0, mean, 0, invStd, 0);
    Golden.check(name, "output" + pass, y);

    float momentum = (float) LAYERS.number(name, "momentum");
    double unbiased = (double) n * s / (n * s - 1);
    for (int i = 0; i < c; i++) {
      double var = (1 / ((double) invStd[i] * invStd[i]) - eps) * unbiased;
      runningMean[i] += momentum * (mean[i] - runningMean[i]);
      runningVar[i] += (float) (momentum * (var - runningVar[i]));
    }
    Golden.check(name, "running_mean" + pass, runningMean);
    Golden.check(name, "running_var" + pass, runningVar);

    float[] dx = new float[x.length];
    float[] dgamma = gamma == null ? null : new float[c];
    float[] dbeta = gamma == null ? null : new float[c];
    kernels.batchNormBackward(
        n, c, s, dx, 0, dy, 0, x, 0, gamma, 0, mean, 0, invStd, 0, dgamma, 0, dbeta, 0);
    Golden.check(name, "dinput" + pass, dx);
    if (gamma != null) {
      Golden.check(name, "dweight" + pass, dgamma);
      Golden.check(name, "dbias" + pass, dbeta);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.cogan.engine.golden.NormGolden#norms")
  default void batchNormOfEvaluation(String name) {
    int[] shape = Golden.shape(name, "eval_input");
    float[] mean = Golden.floats(name, "running_mean2");
    float[] var = Golden.floats(name, "running_var2");
    float[] gamma = Golden.floatsOrNull(name, "weight");
    float[] beta = Golden.floatsOrNull(name, "bias");
    float[] scale = new float[mean.length];
    float[] shift = new float[mean.length];
    for (int c = 0; c < scale.length; c++) {
      double factor =
          (gamma == null ? 1 : gamma[c]) / Math.sqrt(var[c] + LAYERS.number(name, "eps"));
      scale[c] = (float) factor;
      shift[c] = (float) ((beta == null ? 0 : beta[c]) - mean[c] * factor);
    }
    float[] y = Golden.floats(name, "eval_input");
    kernels().scaleShift(shape[0], shape[1], Golden.pixels(shape), y, 0, y, 0, scale, 0, shift, 0);
    Golden.check(name, "eval_output", y);
  }
}
