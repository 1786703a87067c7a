package dev.cogan.engine.nn;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Batch norm (Ioffe and Szegedy 2015) over each channel, for images {@code [n, c, h, w]} and for
 * features {@code [n, c]} (PyTorch's {@code BatchNorm2d} and {@code BatchNorm1d}).
 *
 * <ul>
 *   <li>training: {@code y = (x - mean) / sqrt(var + eps) * weight + bias} with the batch's own
 *       mean and biased variance
 *   <li>inference: the same with the running statistics
 *   <li>parameters, if affine: {@code weight [c]} (scale), {@code bias [c]}
 *   <li>buffers: {@code running_mean [c]}, {@code running_var [c]} (unbiased); each forward in
 *       {@link Mode#TRAIN} moves them by {@code momentum} towards the batch's
 *   <li>keeps the batch's mean and {@code 1 / sqrt(var + eps)}
 *   <li>backward: {@link Kernels#batchNormBackward}; every image of the batch has a part in the
 *       gradient of every other, through mean and variance
 *   <li>backward after a forward with the running statistics: {@code dx = dy * weight /
 *       sqrt(running_var + eps)}
 * </ul>
 */
public final class BatchNorm2d extends Layer {
  /** PyTorch's default. */
  public static final float EPS = 1e-5f;

  /** PyTorch's default. */
  public static final float MOMENTUM = 0.1f;

  private final int channels;
  private final ParameterStore store;
  private final Parameter weight;
  private final Parameter bias;
  private final int runningMean;
  private final int runningVar;

  static final class Statistics extends Cache {
    final int spatial;
    final float[] mean;
    final float[] invStd;

    /** Whether the last forward used the running statistics: scale in invStd, shift in mean. */
    boolean running;

    Statistics(int spatial, float[] mean, float[] invStd) {
      this.spatial = spatial;
      this.mean = mean;
      this.invStd = invStd;
    }
  }

  /**
   * Registers parameters and buffers.
   *
   * @param affine whether there are a learned scale and bias; the paper's nets have none
   * @throws IllegalArgumentException if there is no channel
   */
  public BatchNorm2d(ParameterStore store, String path, int channels, boolean affine) {
    super(path);
    if (channels < 1) {
      throw new IllegalArgumentException(path + ": expected at least 1 channel, got " + channels);
    }
    this.channels = channels;
    this.store = store;
    Shape shape = Shape.of(channels);
    weight = affine ? store.parameter(path + ".weight", shape, Parameter.Role.SCALE, 0, 0) : null;
    bias = affine ? store.parameter(path + ".bias", shape, Parameter.Role.BIAS, 0, 0) : null;
    runningMean = store.buffer(path + ".running_mean", shape);
    runningVar = store.buffer(path + ".running_var", shape);
  }

  @Override
  public String describe() {
    return "BatchNorm2d(" + channels + (weight == null ? ", affine=false)" : ")");
  }

  /** Scale {@code [c]}, or null. */
  public Parameter weight() {
    return weight;
  }

  /** Shift {@code [c]}, or null. */
  public Parameter bias() {
    return bias;
  }

  /** Running mean, a view of {@code [c]} floats. */
  public Tensor runningMean() {
    return new Tensor(store.buffers(), runningMean, Shape.of(channels));
  }

  /** Running variance, a view of {@code [c]} floats. */
  public Tensor runningVar() {
    return new Tensor(store.buffers(), runningVar, Shape.of(channels));
  }

  /** Running statistics as before the first batch: mean 0, variance 1. */
  public void resetRunningStatistics() {
    runningMean().fill(0f);
    runningVar().fill(1f);
  }

  @Override
  public Shape outputShape(Shape input) {
    if ((input.rank() != 3 && input.rank() != 1) || input.size(0) != channels) {
      throw ShapeException.input(
          path(), input.rank() == 1 ? "" + channels : channels + ", height, width", input);
    }
    return input;
  }

  @Override
  public List<Parameter> parameters() {
    return weight == null ? List.of() : List.of(weight, bias);
  }

  @Override
  public boolean backwardInPlace() {
    return true;
  }

  @Override
  public Cache newCache(Shape input, int batch, Memory memory, RandomStream random) {
    return new Statistics(
        input.count() / channels,
        memory.floats("activations", channels),
        memory.floats("activations", channels));
  }

  @Override
  public void forward(Kernels k, Tensor y, Tensor x, Cache cache, Mode mode) {
    Statistics s = (Statistics) cache;
    int n = x.size(0);
    s.running = mode == Mode.INFERENCE;
    if (s.running) {
      normaliseWithRunningStatistics(k, y, x, s);
      return;
    }
    k.batchNormForward(
        n,
        channels,
        s.spatial,
        EPS,
        y.data(),
        y.offset(),
        x.data(),
        x.offset(),
        weight == null ? null : weight.values(),
        weight == null ? 0 : weight.offset(),
        bias == null ? null : bias.values(),
        bias == null ? 0 : bias.offset(),
        s.mean,
        0,
        s.invStd,
        0);
    updateRunningStatistics(s, n * s.spatial);
  }

  /** Leaves one scale (in invStd) and one shift (in mean) per channel. */
  void foldRunningStatistics(Statistics s) {
    float[] buffers = store.buffers();
    for (int c = 0; c < channels; c++) {
      double scale = 1 / Math.sqrt((double) buffers[runningVar + c] + EPS);
      double shift = 0;
      if (weight != null) {
        scale *= weight.values()[weight.offset() + c];
        shift = bias.values()[bias.offset() + c];
      }
      s.invStd[c] = (float) scale;
      s.mean[c] = (float) (shift - buffers[runningMean + c] * scale);
    }
  }

  private void normaliseWithRunningStatistics(Kernels k, Tensor y, Tensor x, Statistics s) {
    foldRunningStatistics(s);
    k.scaleShift(
        x.size(0),
        channels,
        s.spatial,
        y.data(),
        y.offset(),
        x.data(),
        x.offset(),
        s.invStd,
        0,
        s.mean,
        0);
  }

  void updateRunningStatistics(Statistics s, int count) {
    float[] buffers = store.buffers();
    for (int c = 0; c < channels; c++) {
      float var = (float) unbiasedVariance(s.invStd[c], count);
      buffers[runningMean + c] += MOMENTUM * (s.mean[c] - buffers[runningMean + c]);
      buffers[runningVar + c] += MOMENTUM * (var - buffers[runningVar + c]);
    }
  }

  /**
   * Adds the mean and the unbiased variance of the last training batch to sums; averages over many
   * batches make better running statistics than the moving ones.
   *
   * @param cache the cache of a forward call in {@link Mode#TRAIN} on {@code batch} images
   */
  public void addStatistics(Cache cache, int batch, double[] sumMean, double[] sumVar) {
    Statistics s = (Statistics) cache;
    int count = batch * s.spatial;
    for (int c = 0; c < channels; c++) {
      sumMean[c] += s.mean[c];
      sumVar[c] += unbiasedVariance(s.invStd[c], count);
    }
  }

  /** Number of channels. */
  public int channels() {
    return channels;
  }

  private static double unbiasedVariance(double invStd, int count) {
    double biased = Math.max(0, 1 / (invStd * invStd) - EPS);
    return count > 1 ? biased * count / (count - 1.0) : biased;
  }

  @Override
  public void backward(
      Kernels k,
      Tensor dx,
      Tensor dy,
      Tensor x,
      Tensor y,
      Cache cache,
      boolean parameterGradients) {
    Statistics s = (Statistics) cache;
    boolean gradients = parameterGradients && weight != null;
    if (dx == null && !gradients) {
      return;
    }
    if (s.running) {
      // y = x * scale + shift with constants: the shift, no longer needed, makes room for a zero.
      Arrays.fill(s.mean, 0f);
      k.scaleShift(
          x.size(0),
          channels,
          s.spatial,
          dx.data(),
          dx.offset(),
          dy.data(),
          dy.offset(),
          s.invStd,
          0,
          s.mean,
          0);
      return;
    }
    k.batchNormBackward(
        x.size(0),
        channels,
        s.spatial,
        dx == null ? null : dx.data(),
        dx == null ? 0 : dx.offset(),
        dy.data(),
        dy.offset(),
        x.data(),
        x.offset(),
        weight == null ? null : weight.values(),
        weight == null ? 0 : weight.offset(),
        s.mean,
        0,
        s.invStd,
        0,
        gradients ? weight.gradients() : null,
        gradients ? weight.offset() : 0,
        gradients ? bias.gradients() : null,
        gradients ? bias.offset() : 0);
  }
}
