package dev.cogan.engine.data;

import dev.cogan.engine.io.InputException;

/**
 * A file of a data set that could not be used and was left out.
 *
 * @param file its name
 * @param reason why
 */
public record BadFile(String file, String reason) {

  /** From an exception whose message begins with the file's name. */
  static BadFile of(String file, RuntimeException e) {
    String message = String.valueOf(e.getMessage());
    String prefix = InputException.oneLine(file) + ": ";
    return new BadFile(
        file, message.startsWith(prefix) ? message.substring(prefix.length()) : message);
  }

  /** One line for people: names in an archive may hold what a terminal obeys. */
  @Override
  public String toString() {
    return InputException.oneLine(file + ": " + reason);
  }
}
