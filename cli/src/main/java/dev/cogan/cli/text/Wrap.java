package dev.cogan.cli.text;

import java.util.ArrayList;
import java.util.List;

/** Text for a screen of 80 columns, broken between words. */
public final class Wrap {
  /** Columns of a screen that everything fits on, names of files excepted. */
  public static final int COLUMNS = 80;

  private Wrap() {}

  /** Lines of at most so many columns; a word that is longer stays whole. */
  public static List<String> lines(String text, int columns) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > columns) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  /**
   * The text behind a first line's beginning, a space between them; the lines after it are indented
   * as far.
   */
  public static String hanging(String first, String text, int indent) {
    StringBuilder out = new StringBuilder(first);
    boolean full = first.length() > indent || first.length() == indent && !first.endsWith(" ");
    String next = full ? System.lineSeparator() : "";
    out.append(" ".repeat(Math.max(0, indent - first.length())));
    for (String line : lines(text, COLUMNS - indent)) {
      out.append(next);
      out.append(next.isEmpty() ? "" : " ".repeat(indent)).append(line);
      next = System.lineSeparator();
    }
    return out.toString();
  }
}
