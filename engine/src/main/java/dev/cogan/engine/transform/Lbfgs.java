package dev.cogan.engine.transform;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Minimises a smooth function of many variables by L-BFGS (Nocedal and Wright, Numerical
 * Optimization, algorithm 7.5) with a backtracking line search.
 *
 * <p>The function is called by the caller, so that many minimisations can share one batch:
 *
 * <pre>{@code
 * while (!search.done()) {
 *   double value = f(search.trial(), gradient);
 *   search.report(value, gradient);
 * }
 * }</pre>
 */
public final class Lbfgs {
  private static final double SUFFICIENT_DECREASE = 1e-4;
  private static final int MAX_BACKTRACKS = 20;
  private static final int PATIENCE = 3;

  private record Pair(double[] s, double[] y, double rho) {}

  private final int size;
  private final int memory;
  private final int maxIterations;
  private final double tolerance;
  private final ArrayDeque<Pair> pairs = new ArrayDeque<>();
  private final double[] trial;
  private double[] x;
  private double[] gradient;
  private double value = Double.POSITIVE_INFINITY;
  private double[] direction;
  private double slope;
  private double step;
  private int backtracks;
  private int iterations;
  private int still;
  private boolean done;

  /**
   * Begins at a point.
   *
   * @param start first trial point, copied
   * @param memory pairs of steps and gradient changes to remember, 5 to 20 as a rule
   * @param maxIterations accepted steps at most, 0 or more
   * @param tolerance ends when three steps in a row lower the value by less than this part of it
   */
  public Lbfgs(double[] start, int memory, int maxIterations, double tolerance) {
    if (memory < 1 || maxIterations < 0 || !(tolerance >= 0)) {
      throw new IllegalArgumentException(
          "memory " + memory + ", iterations " + maxIterations + ", tolerance " + tolerance);
    }
    this.size = start.length;
    this.memory = memory;
    this.maxIterations = maxIterations;
    this.tolerance = tolerance;
    trial = start.clone();
  }

  /** The point to evaluate next; the same array at every call, to be read only. */
  public double[] trial() {
    return trial;
  }

  /** Whether the search has ended. */
  public boolean done() {
    return done;
  }

  /** The best point so far; the start until something has been reported. */
  public double[] best() {
    return x == null ? trial.clone() : x.clone();
  }

  /** The value at {@link #best}; infinite until something has been reported. */
  public double value() {
    return value;
  }

  /** Steps taken. */
  public int iterations() {
    return iterations;
  }

  /**
   * Takes the function's value and gradient at {@link #trial}.
   *
   * @param at value; one that is not finite counts as too large
   * @param gradientAt gradient, copied
   */
  public void report(double at, double[] gradientAt) {
    if (done) {
      throw new IllegalStateException("the search has ended");
    }
    if (x == null) {
      begin(at, gradientAt);
    } else if (Double.isFinite(at) && at <= value + SUFFICIENT_DECREASE * step * slope) {
      accept(at, gradientAt);
    } else {
      backtrack(at);
    }
  }

  private void begin(double at, double[] gradientAt) {
    x = trial.clone();
    value = at;
    gradient = gradientAt.clone();
    done = !Double.isFinite(at) || maxIterations == 0 || norm(gradient) == 0;
    if (!done) {
      lead();
    }
  }

  private void accept(double at, double[] gradientAt) {
    double[] s = new double[size];
    double[] y = new double[size];
    for (int i = 0; i < size; i++) {
      s[i] = trial[i] - x[i];
      y[i] = gradientAt[i] - gradient[i];
    }
    double curvature = dot(s, y);
    if (curvature > 1e-10 * norm(s) * norm(y)) {
      if (pairs.size() == memory) {
        pairs.removeFirst();
      }
      pairs.addLast(new Pair(s, y, 1 / curvature));
    }
    still = value - at < tolerance * Math.abs(value) ? still + 1 : 0;
    System.arraycopy(trial, 0, x, 0, size);
    value = at;
    gradient = gradientAt.clone();
    iterations++;
    done = iterations == maxIterations || still == PATIENCE || norm(gradient) == 0;
    if (!done) {
      lead();
    }
  }

  /** A shorter step: where the parabola through what is known has its minimum, within limits. */
  private void backtrack(double at) {
    backtracks++;
    if (backtracks > MAX_BACKTRACKS) {
      if (pairs.isEmpty()) {
        done = true;
        return;
      }
      pairs.clear();
      lead();
      return;
    }
    double shorter = -slope * step * step / (2 * (at - value - step * slope));
    step =
        Double.isFinite(shorter) ? Math.max(0.1 * step, Math.min(0.5 * step, shorter)) : step / 2;
    move();
  }

  /** A new direction, by the two loops over the remembered pairs, and its first step. */
  private void lead() {
    direction = gradient.clone();
    double[] alpha = new double[pairs.size()];
    int index = pairs.size();
    for (Iterator<Pair> newestFirst = pairs.descendingIterator(); newestFirst.hasNext(); ) {
      Pair pair = newestFirst.next();
      index--;
      alpha[index] = pair.rho * dot(pair.s, direction);
      add(direction, -alpha[index], pair.y);
    }
    if (!pairs.isEmpty()) {
      Pair newest = pairs.getLast();
      scale(direction, 1 / (newest.rho * dot(newest.y, newest.y)));
    }
    for (Pair pair : pairs) {
      double beta = pair.rho * dot(pair.y, direction);
      add(direction, alpha[index] - beta, pair.s);
      index++;
    }
    scale(direction, -1);
    slope = dot(direction, gradient);
    if (!(slope < 0)) {
      pairs.clear();
      direction = gradient.clone();
      scale(direction, -1);
      slope = dot(direction, gradient);
    }
    step = pairs.isEmpty() ? Math.min(1, 1 / norm(gradient)) : 1;
    backtracks = 0;
    move();
  }

  private void move() {
    for (int i = 0; i < size; i++) {
      trial[i] = x[i] + step * direction[i];
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  private static void add(double[] to, double factor, double[] a) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * a[i];
    }
  }

  private static void scale(double[] a, double factor) {
    for (int i = 0; i < a.length; i++) {
      a[i] *= factor;
    }
  }
}
