package dev.cogan.engine.train;

import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Initializer;
import dev.cogan.engine.optim.AdamOptions;
import dev.cogan.engine.tensor.Shape;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Complete settings under a name: the one home of every default.
 *
 * @param label name as options spell it
 * @param summary what it is, in one line
 * @param domains specs of the domains to train on when none are named; empty if the preset needs
 *     data that must be named
 * @param model the model, with the shapes of the domains that it is meant for
 * @param training the training's settings, with seed 0
 * @param steps steps of a whole training
 * @param snapshot steps between snapshots
 */
public record Preset(
    String label,
    String summary,
    List<String> domains,
    ModelConfig model,
    TrainOptions training,
    long steps,
    long snapshot) {

  /** Quarter-width {@link #DIGITS} with faster rates and dropout: legible pairs within minutes. */
  public static final Preset DIGITS_SMALL =
      new Preset(
          "digits-small",
          "the paper's digit nets at a quarter of the width; pairs within minutes",
          List.of("mnist", "mnist:edge"),
          digits("digits", List.of(256, 128, 64, 32), 3, 0.5f),
          digits(3e-3f, 1.5e-3f, 0f)
              .withRemedies(
                  Remedies.NONE
                      .withEma(0.998f)
                      .withRateDecay(RateDecay.over(RateDecay.Shape.LINEAR, 1200))),
          1200,
          400);

  /**
   * Digits with what helped: averaged weights, falling rates, small batches, the penalty R1 in the
   * place of dropout, z from a mixture, and a net whose last shared row is wide, because what the
   * heads can tell apart they must find there.
   */
  public static final Preset DIGITS_BEST =
      new Preset(
          "digits-best",
          "digits with averaged weights, R1 and z from a mixture; the pairs that agree best",
          List.of("mnist", "mnist:edge"),
          digits("digits", List.of(128, 64, 48, 64), 3, 0f),
          digits(3e-3f, 1.5e-3f, 0f)
              .withBatch(32)
              .withNoise(Noise.MIXTURE)
              .withRemedies(
                  Remedies.NONE
                      .withEma(0.998f)
                      .withRateDecay(RateDecay.over(RateDecay.Shape.LINEAR, 10000))
                      .withR1(0.1f, 2)
                      .withClipUpdates(3f)),
          10000,
          1000);

  /**
   * The paper's nets for tasks A and B with the settings of its PyTorch release, batch 64, and the
   * 25,000 steps of the paper and its Caffe release, whose batch is 128.
   */
  public static final Preset DIGITS =
      new Preset(
          "digits",
          "the paper's digit nets (7.83 M parameters in the trunk), its settings",
          List.of("mnist", "mnist:edge"),
          digits("digits", List.of(1024, 512, 256, 128), 3, 0f),
          digits(2e-4f, 2e-4f, 5e-4f),
          25000,
          500);

  /**
   * The paper's fully connected generators for digits that are turned; the discriminators share
   * only their last row.
   */
  public static final Preset DIGITS_MLP =
      new Preset(
          "digits-mlp",
          "the paper's fully connected nets, for domains that are not aligned",
          List.of("mnist", "mnist:rotate90"),
          digits("digits-mlp", List.of(1024, 1024, 1024, 1024), 1, 0f),
          digits(2e-4f, 2e-4f, 5e-4f),
          25000,
          500);

  /**
   * The paper's nets for faces with one halving less and at half the width: hours on two cores
   * where {@link #FACES128} takes weeks.
   */
  public static final Preset FACES64 =
      new Preset(
          "faces64",
          "the paper's face nets for 64x64 at half the width; hours on two cores",
          List.of(),
          photos64(3, 3),
          photos(64, 1e-4f),
          10000,
          250);

  /** The paper's nets and settings for faces (CelebA) of 128x128. */
  public static final Preset FACES128 =
      new Preset(
          "faces128",
          "the paper's face nets for 128x128, its settings",
          List.of(),
          photos(
              128,
              List.of(1024, 512, 256, 128, 64, 32),
              List.of(32, 64, 128, 256, 512, 1024, 2048),
              List.of(3, 3)),
          photos(128, 1e-4f),
          50000,
          500);

  /** {@link #FACES64} for a picture and its depth: three channels and one. */
  public static final Preset RGBD64 =
      new Preset(
          "rgbd64",
          "the nets of faces64 for colour (3 channels) and depth (1 channel)",
          List.of(),
          photos64(3, 1),
          photos(64, 1e-4f),
          10000,
          250);

  /** Nets for 64x64 that show faces within a thousand steps, with what helps them. */
  public static final Preset FACES64_SMALL =
      new Preset(
          "faces64-small",
          "narrow nets for 64x64 photos, no batch norm in the discriminators; minutes",
          List.of(),
          light64(3, 3),
          light(),
          2000,
          500);

  /** {@link #FACES64_SMALL} for a picture and its depth: three channels and one. */
  public static final Preset RGBD64_SMALL =
      new Preset(
          "rgbd64-small",
          "the nets of faces64-small for colour (3 channels) and depth (1 channel)",
          List.of(),
          light64(3, 1),
          light(),
          2000,
          500);

  private static final List<Preset> ALL =
      List.of(
          DIGITS_SMALL,
          DIGITS_BEST,
          DIGITS,
          DIGITS_MLP,
          FACES64,
          FACES64_SMALL,
          FACES128,
          RGBD64,
          RGBD64_SMALL);

  /** Copies the list. */
  public Preset {
    domains = List.copyOf(domains);
  }

  private static ModelConfig digits(String family, List<Integer> widths, int l, float dropout) {
    return new ModelConfig(
        family,
        100,
        widths,
        List.of(20, 50, 500),
        4,
        l,
        dropout,
        false,
        squares(28, List.of(1, 1)));
  }

  private static TrainOptions digits(float generatorRate, float discriminatorRate, float decay) {
    AdamOptions adam =
        new AdamOptions(generatorRate, 0.5f, 0.999f, 1e-8f, decay, AdamOptions.Decay.COUPLED_ALL);
    return new TrainOptions(
        64, adam, adam.withRate(discriminatorRate), Noise.NORMAL, Initializer.xavierUniform(), 0);
  }

  private static ModelConfig photos64(int... channels) {
    return photos(
        64,
        List.of(512, 256, 128, 64, 32),
        List.of(32, 64, 128, 256, 512, 512),
        List.of(channels[0], channels[1]));
  }

  /** All rows are shared but the last two of the generator and the first two of the other. */
  private static ModelConfig photos(
      int side, List<Integer> generator, List<Integer> discriminator, List<Integer> channels) {
    return new ModelConfig(
        "photos",
        100,
        generator,
        discriminator,
        generator.size() - 1,
        discriminator.size() - 1,
        0.5f,
        true,
        squares(side, channels));
  }

  private static TrainOptions photos(int batch, float decay) {
    AdamOptions adam =
        new AdamOptions(2e-4f, 0.5f, 0.999f, 1e-8f, decay, AdamOptions.Decay.COUPLED_WEIGHTS);
    return new TrainOptions(batch, adam, adam, Noise.UNIFORM, Initializer.normal(0.02f), 0);
  }

  private static ModelConfig light64(int... channels) {
    return new ModelConfig(
        "photos-light",
        100,
        List.of(128, 96, 64, 32, 16),
        List.of(24, 48, 96, 128),
        4,
        4,
        0.3f,
        true,
        squares(64, List.of(channels[0], channels[1])));
  }

  private static TrainOptions light() {
    return digits(1e-3f, 5e-4f, 0f)
        .withBatch(32)
        .withRemedies(
            Remedies.NONE
                .withEma(0.998f)
                .withRateDecay(RateDecay.over(RateDecay.Shape.LINEAR, 2000)));
  }

  private static List<DomainShape> squares(int side, List<Integer> channels) {
    return List.of(
        new DomainShape("a", Shape.of(channels.get(0), side, side)),
        new DomainShape("b", Shape.of(channels.get(1), side, side)));
  }

  /** Side of the images that the model is meant for. */
  public int side() {
    return model.domains().get(0).image().size(1);
  }

  /**
   * The model for these domains.
   *
   * @throws ConfigException if there are fewer than two
   */
  public ModelConfig model(List<DomainShape> shapes) {
    return model.withDomains(shapes);
  }

  /** The training's settings. */
  public TrainOptions training(long seed) {
    return training.withSeed(seed);
  }

  /** Every preset, the default one first. */
  public static List<Preset> all() {
    return ALL;
  }

  /**
   * The preset with this name.
   *
   * @throws ConfigException if there is none, with the names that there are
   */
  public static Preset named(String name) {
    for (Preset preset : ALL) {
      if (preset.label.equals(name)) {
        return preset;
      }
    }
    throw new ConfigException(
        "unknown preset '"
            + name
            + "'; known are "
            + ALL.stream().map(Preset::label).collect(Collectors.joining(", ")));
  }
}
