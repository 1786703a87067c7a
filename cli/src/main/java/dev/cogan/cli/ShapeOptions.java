package dev.cogan.cli;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.model.Algorithm;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.train.Noise;
import dev.cogan.engine.train.TrainOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import picocli.CommandLine.Option;

/** Options that say what a model looks like; null means: as the preset has it. */
class ShapeOptions {
  @Option(
      names = "--algorithm",
      paramLabel = "NAME",
      description =
          "cogan (every preset's), cgan (one conditional GAN) or gan (one GAN per domain, nothing"
              + " shared).")
  private Algorithm algorithm;

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

  @Option(
      names = "--noise",
      paramLabel = "KIND",
      description = "z is normal, uniform or mixture (of ten).")
  private Noise noise;

  /** The names of the options that were given. */
  List<String> given() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("--algorithm", algorithm);
    values.put("--k", k);
    values.put("--l", l);
    values.put("--widths", widths);
    values.put("--widths-d", discriminatorWidths);
    values.put("--latent", latent);
    values.put("--dropout", dropout);
    values.put("--noise", noise);
    values.values().removeIf(Objects::isNull);
    return List.copyOf(values.keySet());
  }

  /** With the value, if it is given; what is wrong with it is said with the option's name. */
  static <T, V> T set(String option, V value, T base, BiFunction<T, V, T> with) {
    try {
      return value == null ? base : with.apply(base, value);
    } catch (IllegalArgumentException e) {
      throw new InputException(option + ": " + e.getMessage(), e);
    }
  }

  ModelConfig apply(ModelConfig base) {
    ModelConfig config = base;
    config = set("--widths", widths, config, ModelConfig::withGeneratorWidths);
    config = set("--widths-d", discriminatorWidths, config, ModelConfig::withDiscriminatorWidths);
    config = set("--algorithm", algorithm, config, ModelConfig::withAlgorithm);
    config = set("--k", k, config, (c, v) -> c.withSharing(v, c.sharedDiscriminator()));
    config = set("--l", l, config, (c, v) -> c.withSharing(c.sharedGenerator(), v));
    config = set("--latent", latent, config, ModelConfig::withLatent);
    config = set("--dropout", dropout, config, ModelConfig::withDropout);
    try {
      check(
          config,
          Map.of(
              " generator widths", widths == null ? "" : "--widths",
              " discriminator widths", discriminatorWidths == null ? "" : "--widths-d",
              "(k)", k == null ? "" : "--k",
              "(l)", l == null ? "" : "--l"));
    } catch (ConfigException e) {
      return config; // Domains are still to come: said later, if it still holds.
    }
    return config;
  }

  /**
   * What only the whole model can say of options is said with their names, too.
   *
   * @param options by words of the message; empty if the option was not given
   */
  static void check(ModelConfig config, Map<String, String> options) {
    try {
      CoupledModel.forTraining(config, Memory.counting());
    } catch (ConfigException e) {
      String message = e.getMessage();
      for (Map.Entry<String, String> option : options.entrySet()) {
        if (message.contains(option.getKey()) && !option.getValue().isEmpty()) {
          throw new InputException(option.getValue() + ": " + message, e);
        }
      }
      throw e;
    }
  }

  /** The noise that z is drawn from is the model's, too: its pictures depend on it. */
  TrainOptions apply(TrainOptions base) {
    return set("--noise", noise, base, TrainOptions::withNoise);
  }
}
