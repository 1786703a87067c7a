package dev.cogan.engine.train;

import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Initializer;
import dev.cogan.engine.optim.AdamOptions;
import java.util.List;

/** Complete settings under a name: the one home of every default. */
public enum Preset {
  /** Quarter-width {@link #DIGITS} with faster rates and dropout: legible pairs within minutes. */
  DIGITS_SMALL(
      "digits-small",
      "the paper's digit nets at a quarter of the width; pairs within minutes",
      List.of(256, 128, 64, 32),
      4,
      3,
      0.5f,
      3e-3f,
      1.5e-3f,
      0f,
      1200,
      200),
  /**
   * The paper's nets for tasks A and B with the settings of its PyTorch release; the paper's
   * numbers are from 25,000 iterations.
   */
  DIGITS(
      "digits",
      "the paper's digit nets (7.83 M parameters in the trunk), its settings",
      List.of(1024, 512, 256, 128),
      4,
      3,
      0f,
      2e-4f,
      2e-4f,
      5e-4f,
      25000,
      500),
  /**
   * The paper's fully connected generators for digits that are turned; shares only the last row.
   */
  DIGITS_MLP(
      "digits-mlp",
      "the paper's fully connected nets, for domains that are not aligned",
      List.of(1024, 1024, 1024, 1024),
      4,
      1,
      0f,
      2e-4f,
      2e-4f,
      5e-4f,
      25000,
      500);

  private static final int LATENT = 100;
  private static final int BATCH = 64;
  private static final List<Integer> DISCRIMINATOR_WIDTHS = List.of(20, 50, 500);

  private final String label;
  private final String summary;
  private final List<Integer> widths;
  private final int k;
  private final int l;
  private final float dropout;
  private final float generatorRate;
  private final float discriminatorRate;
  private final float weightDecay;
  private final long steps;
  private final long snapshot;

  Preset(
      String label,
      String summary,
      List<Integer> widths,
      int k,
      int l,
      float dropout,
      float generatorRate,
      float discriminatorRate,
      float weightDecay,
      long steps,
      long snapshot) {
    this.label = label;
    this.summary = summary;
    this.widths = widths;
    this.k = k;
    this.l = l;
    this.dropout = dropout;
    this.generatorRate = generatorRate;
    this.discriminatorRate = discriminatorRate;
    this.weightDecay = weightDecay;
    this.steps = steps;
    this.snapshot = snapshot;
  }

  /** Name as options spell it. */
  public String label() {
    return label;
  }

  /** What it is, in one line. */
  public String summary() {
    return summary;
  }

  /** Domains to train on when none are named. */
  public List<String> domains() {
    return List.of("mnist", this == DIGITS_MLP ? "mnist:rotate90" : "mnist:edge");
  }

  /** Steps of a whole training. */
  public long steps() {
    return steps;
  }

  /** Steps between snapshots. */
  public long snapshot() {
    return snapshot;
  }

  /**
   * The model for these domains.
   *
   * @throws ConfigException if there are fewer than two
   */
  public ModelConfig model(List<DomainShape> domains) {
    String family = this == DIGITS_MLP ? "digits-mlp" : "digits";
    return new ModelConfig(
        family, LATENT, widths, DISCRIMINATOR_WIDTHS, k, l, dropout, false, domains);
  }

  /** The training's settings. */
  public TrainOptions training(long seed) {
    AdamOptions adam =
        new AdamOptions(
            generatorRate, 0.5f, 0.999f, 1e-8f, weightDecay, AdamOptions.Decay.COUPLED_ALL);
    return new TrainOptions(
        BATCH,
        adam,
        adam.withRate(discriminatorRate),
        Noise.NORMAL,
        Initializer.xavierUniform(),
        seed);
  }

  /**
   * The preset with this name.
   *
   * @throws ConfigException if there is none, with the names that there are
   */
  public static Preset named(String name) {
    StringBuilder known = new StringBuilder();
    for (Preset preset : values()) {
      if (preset.label.equals(name)) {
        return preset;
      }
      known.append(known.isEmpty() ? "" : ", ").append(preset.label);
    }
    throw new ConfigException("unknown preset '" + name + "'; known are " + known);
  }
}
