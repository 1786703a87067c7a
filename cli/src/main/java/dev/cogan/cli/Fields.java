package dev.cogan.cli;

/** Lines of the form {@code name text}, broken at words so that they fit into 80 columns. */
final class Fields {
  private static final int COLUMNS = 80;
  private static final int INDENT = 10;

  private Fields() {}

  /** The name, padded, and the text; continuation lines are indented to the text. */
  static String line(String name, String text) {
    StringBuilder lines = new StringBuilder();
    StringBuilder line = new StringBuilder(padded(name));
    boolean empty = true;
    for (String word : text.split(" ")) {
      if (!empty && line.length() + 1 + word.length() > COLUMNS) {
        lines.append(line).append(System.lineSeparator());
        line = new StringBuilder(padded(""));
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    return lines.append(line).toString();
  }

  private static String padded(String name) {
    return name + " ".repeat(Math.max(1, INDENT - name.length()));
  }
}
