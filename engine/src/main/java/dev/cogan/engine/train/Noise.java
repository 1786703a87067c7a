package dev.cogan.engine.train;

import dev.cogan.engine.random.RandomStream;
import java.util.Locale;

/** Distribution of z. */
public enum Noise {
  /** N(0, 1) in every dimension (the paper's PyTorch release). */
  NORMAL,
  /** U(-1, 1) in every dimension (the paper's Caffe release). */
  UNIFORM;

  /** Draws {@code length} numbers. */
  public void fill(RandomStream random, float[] dest, int offset, int length) {
    if (this == NORMAL) {
      random.fillNormal(dest, offset, length, 0f, 1f);
    } else {
      random.fillUniform(dest, offset, length, -1f, 1f);
    }
  }

  /** The z that a seed names: the same in training pictures and in {@code sample --seeds}. */
  public void fillSeeded(long seed, float[] dest, int offset, int length) {
    fill(RandomStream.of(seed, "latent"), dest, offset, length);
  }

  /** Lower-case name, as options and files spell it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
