package dev.cogan.cli;

/**
 * A training that was under way could not go on: the disk is full, the folder is gone (exit code
 * 1), it diverged (3). The message is one line.
 */
final class RunFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String kept;
  private final int exitCode;

  /** With exit code 1. */
  RunFailedException(String message, Throwable cause, String kept) {
    this(ExitCode.FAILED, message, cause, kept);
  }

  /**
   * @param exitCode of the program
   * @param message one line
   * @param kept what is still there and how to go on, for a line of its own
   */
  RunFailedException(int exitCode, String message, Throwable cause, String kept) {
    super(message, cause);
    this.exitCode = exitCode;
    this.kept = kept;
  }

  int exitCode() {
    return exitCode;
  }

  String kept() {
    return kept;
  }
}
