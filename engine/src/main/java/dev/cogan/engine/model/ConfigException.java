package dev.cogan.engine.model;

import dev.cogan.engine.io.InputException;

/** A model or training that cannot be as it was described; the message names the setting. */
public final class ConfigException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** A complete message; what a file says in it cannot break the line or steer a terminal. */
  public ConfigException(String message) {
    super(InputException.oneLine(message));
  }
}
