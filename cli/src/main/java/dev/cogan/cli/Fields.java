package dev.cogan.cli;

import dev.cogan.cli.text.Wrap;
import dev.cogan.engine.io.InputException;

/**
 * Lines of the form {@code name text}, broken at words so that they fit into 80 columns. Control
 * characters, which a file may have put into them, are shown as {@code '?'}.
 */
final class Fields {
  private static final int INDENT = 10;

  private Fields() {}

  /** The name, padded, and the text; continuation lines are indented to the text. */
  static String line(String name, String text) {
    return Wrap.hanging(
        name.length() < INDENT ? name : name + " ",
        InputException.oneLine(text),
        Math.max(INDENT, name.length() + 1));
  }
}
