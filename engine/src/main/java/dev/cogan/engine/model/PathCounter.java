package dev.cogan.engine.model;

import java.util.function.Supplier;

/**
 * Paths of the layers of one {@code Sequential}, counted as PyTorch counts: every layer, from 0.
 */
final class PathCounter implements Supplier<String> {
  private final String prefix;
  private int next;

  PathCounter(String prefix) {
    this.prefix = prefix;
  }

  @Override
  public String get() {
    return prefix + "." + next++;
  }
}
