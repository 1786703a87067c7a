package dev.cogan.engine.train;

import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Locale;

/** Distribution of z. */
public enum Noise {
  /** N(0, 1) in every dimension (the paper's PyTorch release). */
  NORMAL(0),

  /** U(-1, 1) in every dimension (the paper's Caffe release). */
  UNIFORM(0),

  /**
   * A mixture: 4 in one of the first ten dimensions, each with the same chance, 0 in the nine
   * others, and N(0, 1) in the rest. One connected cloud of z can be mapped to separate kinds of
   * images only with something in between; ten separate ones need not (compare the categorical
   * codes of Chen et al. 2016, "InfoGAN", and the mixtures of Gurumurthy et al. 2017, "DeLiGAN").
   * Which kind a place stands for is for the generators to find out: no label is involved.
   */
  MIXTURE(10);

  /** Length of the vector from the middle of the mixture to one of its parts. */
  private static final float HEIGHT = 4f;

  private final int places;

  Noise(int places) {
    this.places = places;
  }

  /** How many dimensions of z, the first ones, name a part of a mixture; 0 if there is none. */
  public int places() {
    return places;
  }

  /**
   * Refuses sizes of z that this distribution does not have.
   *
   * @throws ConfigException if z has no dimension beside those that name a part
   */
  public void requireFitting(int latent) {
    if (latent <= places) {
      throw new ConfigException(
          "noise " + label() + " needs z of more than " + places + " numbers, got " + latent);
    }
  }

  /**
   * Draws {@code count} vectors, {@code [count, latent]} from {@code dest[offset]} on.
   *
   * @param latent size of z, one that {@link #requireFitting} takes
   */
  public void fill(RandomStream random, float[] dest, int offset, int count, int latent) {
    switch (this) {
      case NORMAL -> random.fillNormal(dest, offset, count * latent, 0f, 1f);
      case UNIFORM -> random.fillUniform(dest, offset, count * latent, -1f, 1f);
      case MIXTURE -> {
        for (int i = 0; i < count; i++) {
          int from = offset + i * latent;
          Arrays.fill(dest, from, from + places, 0f);
          dest[from + random.nextInt(places)] = HEIGHT;
          random.fillNormal(dest, from + places, latent - places, 0f, 1f);
        }
      }
      default -> throw new AssertionError(this);
    }
  }

  /** Draws every row of {@code z}, {@code [n, latent]}. */
  public void fill(RandomStream random, Tensor z) {
    fill(random, z.data(), z.offset(), z.size(0), z.size(1));
  }

  /** The z that a seed names: the same in training pictures and in {@code sample --seeds}. */
  public void fillSeeded(long seed, float[] dest, int offset, int latent) {
    fill(RandomStream.of(seed, "latent"), dest, offset, 1, latent);
  }

  /**
   * Moves every z towards the middle of its distribution ("truncation"), in place: images vary
   * less. In a mixture, towards the middle of its part.
   *
   * @param z {@code [n, latent]}
   * @param psi factor, 1 for none
   */
  public void truncate(Tensor z, float psi) {
    for (int row = 0; row < z.size(0); row++) {
      for (int i = places; i < z.size(1); i++) {
        int at = row * z.size(1) + i;
        z.set(at, psi * z.get(at));
      }
    }
  }

  /**
   * How far a z is from the middle of its distribution, in every dimension; in a mixture, from that
   * of the nearest part.
   *
   * @param away gets {@code z} minus the middle
   */
  public void fromMiddle(double[] z, double[] away) {
    System.arraycopy(z, 0, away, 0, z.length);
    int part = 0;
    for (int i = 1; i < places; i++) {
      part = z[i] > z[part] ? i : part;
    }
    if (places > 0) {
      away[part] -= HEIGHT;
    }
  }

  /** Lower-case name, as options and files spell it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
