package dev.cogan.engine.image;

import dev.cogan.engine.io.InputException;

/** Pictures of this kind cannot be read at all here: not the file's fault, and no use going on. */
public final class MissingDecoderException extends InputException {
  private static final long serialVersionUID = 1;

  /** With what is missing and what helps. */
  public MissingDecoderException(String message, Throwable cause) {
    super(message, cause);
  }
}
