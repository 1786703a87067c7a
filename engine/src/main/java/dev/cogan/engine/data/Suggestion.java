package dev.cogan.engine.data;

import java.util.Collection;
import java.util.Locale;

/** "Did you mean": the known word that is nearest to one that is not known. */
final class Suggestion {
  private static final int LONGEST = 100;

  private Suggestion() {}

  /** A hint such as {@code ; did you mean edge?}, or nothing. */
  static String didYouMean(String given, Collection<String> known) {
    String lower = given.toLowerCase(Locale.ROOT).strip();
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String candidate : known) {
      String word = candidate.toLowerCase(Locale.ROOT);
      int distance = distance(lower, word);
      if (lower.length() >= 3 && (word.startsWith(lower) || lower.startsWith(word))) {
        distance = Math.min(distance, 1);
      }
      if (distance <= Math.max(1, word.length() / 3) && distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best == null ? "" : "; did you mean " + best + "?";
  }

  /** Edit distance with swapped neighbours (optimal string alignment); long texts are far. */
  private static int distance(String a, String b) {
    if (a.length() > 2 * b.length() + 2 || b.length() > LONGEST) {
      return Math.max(a.length(), b.length());
    }
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        d[i][j] =
            Math.min(d[i - 1][j - 1] + (same ? 0 : 1), Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
