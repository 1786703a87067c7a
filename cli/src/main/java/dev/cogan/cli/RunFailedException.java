package dev.cogan.cli;

/**
 * A training that was under way could not go on: the disk is full, the folder is gone. The message
 * is one line; the exit code is 1.
 */
final class RunFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String kept;

  /**
   * @param message one line
   * @param kept what is still there and how to go on, for a line of its own
   */
  RunFailedException(String message, Throwable cause, String kept) {
    super(message, cause);
    this.kept = kept;
  }

  String kept() {
    return kept;
  }
}
