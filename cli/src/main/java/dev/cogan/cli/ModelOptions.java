package dev.cogan.cli;

import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.optim.AdamOptions;
import dev.cogan.engine.train.Noise;
import dev.cogan.engine.train.TrainOptions;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * Options that change a preset's (or, on resume, a checkpoint's) settings; null means: as it is.
 */
final class ModelOptions {
  @Option(
      names = "--k",
      paramLabel = "N",
      description = "How many FIRST layers the generators share.")
  private Integer k;

  @Option(
      names = "--l",
      paramLabel = "N",
      description = "How many LAST layers the discriminators share.")
  private Integer l;

  @Option(
      names = "--widths",
      paramLabel = "N",
      split = ",",
      description = "Channels of the generator's layers, e.g. 256,128,64,32.")
  private List<Integer> widths;

  @Option(
      names = "--widths-d",
      paramLabel = "N",
      split = ",",
      description = "Outputs of the discriminator's layers but the last, e.g. 20,50,500.")
  private List<Integer> discriminatorWidths;

  @Option(names = "--latent", paramLabel = "N", description = "Size of z.")
  private Integer latent;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description = "Dropout before the discriminator's last layer, 0 for none.")
  private Float dropout;

  @Option(names = "--noise", paramLabel = "KIND", description = "z is normal or uniform.")
  private Noise noise;

  @Option(names = "--batch", paramLabel = "N", description = "Images per domain and step.")
  private Integer batch;

  @Option(names = "--rate-g", paramLabel = "R", description = "Adam's rate for the generators.")
  private Float generatorRate;

  @Option(names = "--rate-d", paramLabel = "R", description = "Adam's rate for the discriminators.")
  private Float discriminatorRate;

  @Option(
      names = "--weight-decay",
      paramLabel = "W",
      description = "Added to the gradient, as in the paper's code.")
  private Float weightDecay;

  ModelConfig apply(ModelConfig base) {
    ModelConfig config = base;
    if (widths != null) {
      config = config.withGeneratorWidths(widths);
    }
    if (discriminatorWidths != null) {
      config = config.withDiscriminatorWidths(discriminatorWidths);
    }
    if (k != null || l != null) {
      config =
          config.withSharing(
              k == null ? config.sharedGenerator() : k,
              l == null ? config.sharedDiscriminator() : l);
    }
    if (latent != null) {
      config = config.withLatent(latent);
    }
    return dropout == null ? config : config.withDropout(dropout);
  }

  TrainOptions apply(TrainOptions base) {
    TrainOptions options = base;
    if (batch != null) {
      options = options.withBatch(batch);
    }
    if (noise != null) {
      options = options.withNoise(noise);
    }
    AdamOptions g = options.generator();
    AdamOptions d = options.discriminator();
    if (generatorRate != null) {
      g = g.withRate(generatorRate);
    }
    if (discriminatorRate != null) {
      d = d.withRate(discriminatorRate);
    }
    if (weightDecay != null) {
      g = g.withWeightDecay(weightDecay);
      d = d.withWeightDecay(weightDecay);
    }
    return options.withAdam(g, d);
  }
}
