package dev.cogan.engine.train;

import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.model.JsonFields;
import dev.cogan.engine.nn.Initializer;
import dev.cogan.engine.optim.AdamOptions;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Everything beside the model and the data that decides a training's numbers. Stored in every
 * checkpoint.
 *
 * @param batch images per domain and vectors z in one step, at least 2
 * @param generator optimiser of the generators
 * @param discriminator optimiser of the discriminators
 * @param noise distribution of z
 * @param initializer how parameters start
 * @param seed of every random stream
 * @param remedies what goes beyond the paper's training
 */
public record TrainOptions(
    int batch,
    AdamOptions generator,
    AdamOptions discriminator,
    Noise noise,
    Initializer initializer,
    long seed,
    Remedies remedies) {

  private static final int LARGEST_BATCH = 65536;

  /** The paper's training. */
  public TrainOptions(
      int batch,
      AdamOptions generator,
      AdamOptions discriminator,
      Noise noise,
      Initializer initializer,
      long seed) {
    this(batch, generator, discriminator, noise, initializer, seed, Remedies.NONE);
  }

  /**
   * Checks the ranges.
   *
   * @throws ConfigException if the batch is out of its range
   */
  public TrainOptions {
    if (batch < 2 || batch > LARGEST_BATCH) {
      throw new ConfigException(
          "batch must be 2 to " + LARGEST_BATCH + " (batch norm needs two values), got " + batch);
    }
  }

  /** The same with another batch. */
  public TrainOptions withBatch(int value) {
    return new TrainOptions(value, generator, discriminator, noise, initializer, seed, remedies);
  }

  /** The same with another seed. */
  public TrainOptions withSeed(long value) {
    return new TrainOptions(batch, generator, discriminator, noise, initializer, value, remedies);
  }

  /** The same with other optimisers. */
  public TrainOptions withAdam(AdamOptions g, AdamOptions d) {
    return new TrainOptions(batch, g, d, noise, initializer, seed, remedies);
  }

  /** The same with another distribution of z. */
  public TrainOptions withNoise(Noise value) {
    return new TrainOptions(batch, generator, discriminator, value, initializer, seed, remedies);
  }

  /** The same with other remedies. */
  public TrainOptions withRemedies(Remedies value) {
    return new TrainOptions(batch, generator, discriminator, noise, initializer, seed, value);
  }

  /** As JSON values, for checkpoints and options files. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("batch", batch);
    json.put("generator", adamJson(generator));
    json.put("discriminator", adamJson(discriminator));
    json.put("noise", noise.label());
    Map<String, Object> init = new LinkedHashMap<>();
    init.put("scheme", initializer.scheme().name().toLowerCase(Locale.ROOT));
    init.put("gain", initializer.gain());
    init.put("bias", initializer.bias());
    json.put("initializer", init);
    json.put("seed", seed);
    remedies.addTo(json);
    return json;
  }

  private static Map<String, Object> adamJson(AdamOptions adam) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rate", adam.rate());
    json.put("beta1", adam.beta1());
    json.put("beta2", adam.beta2());
    json.put("eps", adam.eps());
    json.put("weight_decay", adam.weightDecay());
    json.put("decay", adam.decay().name().toLowerCase(Locale.ROOT));
    return json;
  }

  /**
   * Back from {@link #toJson}.
   *
   * @throws ConfigException if a field is missing, of the wrong type or out of range
   */
  public static TrainOptions fromJson(Map<?, ?> json) {
    return fromJson(new JsonFields("training", json));
  }

  /**
   * The same from fields that the caller may check for {@linkplain JsonFields#requireNoOthers
   * others} afterwards.
   */
  public static TrainOptions fromJson(JsonFields f) {
    JsonFields init = f.object("initializer");
    return new TrainOptions(
        f.integer("batch"),
        adam(f.object("generator")),
        adam(f.object("discriminator")),
        choice(Noise.class, f.text("noise"), "training.noise"),
        new Initializer(
            choice(Initializer.Scheme.class, init.text("scheme"), "training.initializer.scheme"),
            (float) init.number("gain"),
            (float) init.number("bias")),
        f.longInteger("seed"),
        Remedies.fromJson(f));
  }

  private static AdamOptions adam(JsonFields f) {
    AdamOptions.Decay decay = choice(AdamOptions.Decay.class, f.text("decay"), "training decay");
    float rate = (float) f.number("rate");
    float beta1 = (float) f.number("beta1");
    float beta2 = (float) f.number("beta2");
    float eps = (float) f.number("eps");
    float weightDecay = (float) f.number("weight_decay");
    try {
      return new AdamOptions(rate, beta1, beta2, eps, weightDecay, decay);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  static <E extends Enum<E>> E choice(Class<E> type, String text, String what) {
    for (E value : type.getEnumConstants()) {
      if (value.name().equalsIgnoreCase(text)) {
        return value;
      }
    }
    throw new ConfigException(what + ": unknown value '" + text + "'");
  }
}
