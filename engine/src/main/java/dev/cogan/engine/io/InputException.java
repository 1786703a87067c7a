package dev.cogan.engine.io;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * Something that the user gave is wrong: a file, a folder, an option. The message is one line that
 * names the file or option, what was expected and what was found; the command line prints it as it
 * is and ends with exit code 2.
 */
public class InputException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With a message; line breaks and other control characters in it become {@code '?'}. */
  public InputException(String message) {
    super(oneLine(message));
  }

  /** With a message, treated as by the other constructor, and what caused it. */
  public InputException(String message, Throwable cause) {
    super(oneLine(message), cause);
  }

  /** For example {@code data/a.idx: cannot read: no such file}. */
  public static InputException cannotRead(Object file, IOException cause) {
    return new InputException(file + ": cannot read: " + reason(cause), cause);
  }

  /** For example {@code runs/a.png: cannot write: permission denied}. */
  public static InputException cannotWrite(Object file, IOException cause) {
    return new InputException(file + ": cannot write: " + reason(cause), cause);
  }

  /**
   * What cannot be laid to the user: writing began and failed, for example because the disk is
   * full. The message is as that of {@link #cannotWrite}, the exit code 1.
   */
  public static UncheckedIOException writingFailed(Object file, IOException cause) {
    return new UncheckedIOException(oneLine(file + ": cannot write: " + reason(cause)), cause);
  }

  /** The reason of an {@code IOException} in words, without the file's name. */
  static String reason(IOException e) {
    if (e instanceof NoSuchFileException || e instanceof FileNotFoundException) {
      return "no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "there is something else of that name";
    }
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    return e.getMessage() != null ? e.getMessage() : e.getClass().getSimpleName();
  }

  /** The text with every control character as {@code '?'}. */
  public static String oneLine(String message) {
    StringBuilder line = new StringBuilder(message);
    for (int i = 0; i < line.length(); i++) {
      if (Character.isISOControl(line.charAt(i))) {
        line.setCharAt(i, '?');
      }
    }
    return line.toString();
  }
}
