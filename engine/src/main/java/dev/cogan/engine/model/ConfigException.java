package dev.cogan.engine.model;

/** A model or training that cannot be as it was described; the message names the setting. */
public final class ConfigException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** A complete message. */
  public ConfigException(String message) {
    super(message);
  }
}
