package dev.cogan.engine.nn;

import dev.cogan.engine.random.RandomStream;

/**
 * How parameters start. Weights are random by {@link Scheme}, biases constant, batch-norm scales 1,
 * PReLU slopes 0.25. Every parameter draws from a random stream of its own name, so changing one
 * layer leaves the start of all others as it was.
 *
 * <p>Fans are counted as PyTorch counts them from a weight's shape {@code [d0, d1, kh, kw]}: {@code
 * fanIn = d1*kh*kw}, {@code fanOut = d0*kh*kw}. For a {@link Linear} or {@link Conv2d}, {@code
 * [out, in, kh, kw]}, these are the inputs of an output and the outputs of an input. For a {@link
 * ConvTranspose2d}, whose shape is {@code [in, out, kh, kw]}, {@code fanIn} counts its output
 * channels and {@code fanOut} its input channels; Caffe does the same.
 *
 * @param scheme distribution of the weights
 * @param gain factor of the standard deviation; for {@link Scheme#NORMAL} the deviation itself
 * @param bias start value of biases
 */
public record Initializer(Scheme scheme, float gain, float bias) {

  /** Distribution of the weights. */
  public enum Scheme {
    /** N(0, (gain)^2 / fanIn), He et al. 2015, with gain sqrt(2). */
    HE_NORMAL,
    /** U(-a, a), a = gain * sqrt(6 / (fanIn + fanOut)), Glorot and Bengio 2010. */
    XAVIER_UNIFORM,
    /** N(0, gain^2). */
    NORMAL
  }

  private static final float PRELU_SLOPE = 0.25f;

  /** The paper's Caffe release: He normal, bias 0. */
  public static Initializer heNormal() {
    return new Initializer(Scheme.HE_NORMAL, (float) Math.sqrt(2), 0f);
  }

  /** The paper's PyTorch release: Xavier uniform with gain sqrt 2, bias 0.1. */
  public static Initializer xavierUniform() {
    return new Initializer(Scheme.XAVIER_UNIFORM, (float) Math.sqrt(2), 0.1f);
  }

  /** Normal with a fixed deviation, bias 0; the DCGAN habit is 0.02. */
  public static Initializer normal(float deviation) {
    return new Initializer(Scheme.NORMAL, deviation, 0f);
  }

  /**
   * Sets all parameters of a store from {@code seed}.
   *
   * @throws IllegalStateException if the store is not allocated yet
   */
  public void apply(ParameterStore store, long seed) {
    for (Parameter parameter : store.parameters()) {
      switch (parameter.role()) {
        case WEIGHT -> fillWeight(parameter, RandomStream.of(seed, "init:" + parameter.name()));
        case BIAS -> parameter.value().fill(bias);
        case SCALE -> parameter.value().fill(1f);
        case SLOPE -> parameter.value().fill(PRELU_SLOPE);
        default -> throw new IllegalStateException("role " + parameter.role());
      }
    }
  }

  private void fillWeight(Parameter p, RandomStream random) {
    switch (scheme) {
      case HE_NORMAL -> {
        float deviation = (float) (gain / Math.sqrt(p.fanIn()));
        random.fillNormal(p.values(), p.offset(), p.count(), 0f, deviation);
      }
      case XAVIER_UNIFORM -> {
        float a = (float) (gain * Math.sqrt(6.0 / (p.fanIn() + p.fanOut())));
        random.fillUniform(p.values(), p.offset(), p.count(), -a, a);
      }
      case NORMAL -> random.fillNormal(p.values(), p.offset(), p.count(), 0f, gain);
      default -> throw new IllegalStateException("scheme " + scheme);
    }
  }
}
