package dev.cogan.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** What somebody may have meant who mistyped a name. */
final class Suggestions {
  private static final int MOST = 3;

  private Suggestions() {}

  /** The known names that are a few slips of the finger away, nearest first; often none. */
  static List<String> of(String typed, Collection<String> known) {
    List<String> near = new ArrayList<>();
    for (String name : known) {
      if (distance(typed, name) <= Math.max(1, bare(name).length() / 3)) {
        near.add(name);
      }
    }
    near.sort(Comparator.comparingInt((String name) -> distance(typed, name)));
    return near.subList(0, Math.min(MOST, near.size()));
  }

  /** For example {@code "; did you mean 'steps'?"}, or nothing. */
  static String clause(String typed, Collection<String> known) {
    List<String> near = of(typed, known);
    return near.isEmpty() ? "" : "; did you mean '" + String.join("' or '", near) + "'?";
  }

  private static String bare(String name) {
    return name.startsWith("--") ? name.substring(2) : name;
  }

  /** Inserted, deleted, replaced letters and swapped neighbours, each counted as one. */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + same, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
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
