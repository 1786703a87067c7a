package dev.cogan.cli.sweep;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Mean, deviation and 95 % interval of a few numbers. */
public final class Summary {
  // Two-sided 95 % quantiles of Student's t for 1, 2, ... degrees of freedom.
  private static final double[] STUDENT = {
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086
  };
  private static final double NORMAL = 1.96;

  private final List<Double> values = new ArrayList<>();

  /** Adds a number. */
  public void add(double value) {
    values.add(value);
  }

  /** How many there are. */
  public int count() {
    return values.size();
  }

  /** The mean; NaN of none. */
  public double mean() {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  /** The sample's standard deviation; 0 of a single number. */
  public double deviation() {
    if (values.size() < 2) {
      return 0;
    }
    double mean = mean();
    double sum = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(sum / (values.size() - 1));
  }

  /** Half the width of the 95 % interval of the mean (Student's t); NaN of a single number. */
  public double halfInterval() {
    int n = values.size();
    if (n < 2) {
      return Double.NaN;
    }
    double t = n - 1 <= STUDENT.length ? STUDENT[n - 2] : NORMAL;
    return t * deviation() / Math.sqrt(n);
  }

  /** The numbers, smallest first. */
  public List<Double> sorted() {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted;
  }

  /** For example {@code 0.951 +- 0.004 (5 runs)}. */
  @Override
  public String toString() {
    return values.size() < 2
        ? String.format(Locale.ROOT, "%.4f (1 run)", mean())
        : String.format(
            Locale.ROOT, "%.4f +- %.4f (%d runs)", mean(), halfInterval(), values.size());
  }
}
