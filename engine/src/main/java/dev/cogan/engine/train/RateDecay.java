package dev.cogan.engine.train;

import dev.cogan.engine.model.ConfigException;
import java.util.Locale;

/**
 * How both learning rates fall during a training: a factor that depends on the step alone, so a
 * training may stop and go on anywhere. Before {@code begin} it is 1, from {@code end} on {@link
 * #LEAST}.
 *
 * @param shape how it falls in between
 * @param begin last step with the full rate, 0 or more
 * @param end first step with the least rate, above {@code begin}; 0 for {@link Shape#NONE}
 */
public record RateDecay(Shape shape, long begin, long end) {
  /** The factor at the end: not 0, so that whoever trains on still moves. */
  public static final double LEAST = 0.01;

  /** Rates that stay as they are. */
  public static final RateDecay NONE = new RateDecay(Shape.NONE, 0, 0);

  /** The way down. */
  public enum Shape {
    /** None. */
    NONE,
    /** A straight line. */
    LINEAR,
    /** Half a wave of the cosine (Loshchilov and Hutter 2017). */
    COSINE;

    /** Lower-case name, as options and files spell it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Checks the range.
   *
   * @throws ConfigException if it is none
   */
  public RateDecay {
    if (shape == Shape.NONE ? begin != 0 || end != 0 : begin < 0 || end <= begin) {
      throw new ConfigException(
          String.format(
              Locale.ROOT,
              "rate decay %s must run from step 0 or later to a later one, got %d to %d",
              shape.label(),
              begin,
              end));
    }
  }

  /** A decay that ends with a training of so many steps: a line over its second half, a wave. */
  public static RateDecay over(Shape shape, long steps) {
    long end = Math.max(steps, 2);
    return switch (shape) {
      case NONE -> NONE;
      case LINEAR -> new RateDecay(shape, end / 2, end);
      case COSINE -> new RateDecay(shape, 0, end);
    };
  }

  /** The factor of the rates in a step, counted from 1. */
  public double factor(long step) {
    if (shape == Shape.NONE || step <= begin) {
      return 1;
    }
    if (step >= end) {
      return LEAST;
    }
    double done = (double) (step - begin) / (end - begin);
    double left = shape == Shape.LINEAR ? 1 - done : (1 + StrictMath.cos(Math.PI * done)) / 2;
    return LEAST + (1 - LEAST) * left;
  }
}
