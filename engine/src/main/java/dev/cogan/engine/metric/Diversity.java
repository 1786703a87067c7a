package dev.cogan.engine.metric;

/**
 * How varied a set is: the mean distance between the feature vectors of two of its images. Measured
 * within the classes where there are some, so that ten rigid digits do not pass as varied. Read as
 * a ratio to the same figure of real images: 1 is as varied as they are, 0 one picture.
 */
public final class Diversity {
  private Diversity() {}

  /**
   * The mean over all i and over {@code partners} partners of i, spread over the set; with classes
   * only partners of i's class.
   *
   * @return the mean Euclidean distance; 0 if no two images are comparable
   */
  public static double of(Features features, int partners) {
    int n = features.count();
    int size = features.size();
    double sum = 0;
    long pairs = 0;
    for (int i = 0; i < n; i++) {
      int found = 0;
      // Half the set away first: neighbours in a file or a batch may be alike.
      for (int step = 0; step < n - 1 && found < partners; step++) {
        int j = (i + n / 2 + step) % n;
        if (j == i || features.hasClasses() && features.classes()[i] != features.classes()[j]) {
          continue;
        }
        sum += distance(features.values(), i * size, j * size, size);
        pairs++;
        found++;
      }
    }
    return pairs == 0 ? 0 : sum / pairs;
  }

  /** By the same of real images; NaN if those all look alike. */
  static double ratio(Features features, Features real, int partners) {
    double most = of(real, partners);
    return most > 0 ? of(features, partners) / most : Double.NaN;
  }

  private static double distance(float[] values, int a, int b, int size) {
    double sum = 0;
    for (int k = 0; k < size; k++) {
      double d = (double) values[a + k] - values[b + k];
      sum += d * d;
    }
    return Math.sqrt(sum);
  }
}
