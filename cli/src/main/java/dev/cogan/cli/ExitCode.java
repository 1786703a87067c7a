package dev.cogan.cli;

/** What the program's exit codes mean. */
final class ExitCode {
  /** The command did what it was asked to. */
  static final int DONE = 0;

  /** Something outside failed while it worked: disk full, folder gone, out of memory. */
  static final int FAILED = 1;

  /** Wrong options, files or data: nothing was done. */
  static final int BAD_INPUT = 2;

  /** A training left the numbers; its last checkpoint is good. */
  static final int DIVERGED = 3;

  /** Added to the number of the signal that stopped a training after a last checkpoint. */
  static final int SIGNAL = 128;

  private ExitCode() {}
}
