package dev.cogan.engine.train;

import dev.cogan.engine.loss.GanLoss;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.model.JsonFields;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What later years found to help the training of GANs. {@link #NONE} is the paper's training.
 *
 * @param ema decay of the running average of the generators' weights, with which pictures are made
 *     and models evaluated; 0 for none (Yazici et al. 2019)
 * @param rateDecay how the learning rates fall
 * @param loss what the teams play for
 * @param discriminatorSteps steps of the discriminators before each one of the generators, 1 or
 *     more; every one on new images
 */
public record Remedies(float ema, RateDecay rateDecay, GanLoss loss, int discriminatorSteps) {
  private static final int MOST_STEPS = 100;

  /** None: the paper's training. */
  public static final Remedies NONE = new Remedies(0f, RateDecay.NONE, GanLoss.BCE, 1);

  /** Checks the ranges. */
  public Remedies {
    if (!(ema >= 0 && ema < 1)) {
      throw new ConfigException("ema must be in [0, 1), got " + ema);
    }
    if (discriminatorSteps < 1 || discriminatorSteps > MOST_STEPS) {
      throw new ConfigException(
          "discriminator steps must be 1 to " + MOST_STEPS + ", got " + discriminatorSteps);
    }
  }

  /** Whether the generators' weights are averaged. */
  public boolean averages() {
    return ema > 0;
  }

  /** The same with another decay of the average. */
  public Remedies withEma(float value) {
    return new Remedies(value, rateDecay, loss, discriminatorSteps);
  }

  /** The same with another way of the rates. */
  public Remedies withRateDecay(RateDecay value) {
    return new Remedies(ema, value, loss, discriminatorSteps);
  }

  /** The same with the rates falling over a training of so many steps. */
  public Remedies lasting(long steps) {
    return withRateDecay(RateDecay.over(rateDecay.shape(), steps));
  }

  /** The same with another loss. */
  public Remedies withLoss(GanLoss value) {
    return new Remedies(ema, rateDecay, value, discriminatorSteps);
  }

  /** The same with another number of discriminator steps. */
  public Remedies withDiscriminatorSteps(int value) {
    return new Remedies(ema, rateDecay, loss, value);
  }

  /** Adds the fields to the settings' JSON values. */
  void addTo(Map<String, Object> json) {
    json.put("ema", ema);
    Map<String, Object> decay = new LinkedHashMap<>();
    decay.put("shape", rateDecay.shape().label());
    decay.put("begin", rateDecay.begin());
    decay.put("end", rateDecay.end());
    json.put("rate_decay", decay);
    json.put("loss", loss.label());
    json.put("discriminator_steps", discriminatorSteps);
  }

  /** The fields, or the paper's training where a file of an earlier program has none. */
  static Remedies fromJson(JsonFields f) {
    Remedies remedies = NONE;
    if (f.has("ema")) {
      remedies = remedies.withEma((float) f.number("ema"));
    }
    if (f.has("rate_decay")) {
      JsonFields decay = f.object("rate_decay");
      RateDecay.Shape shape =
          TrainOptions.choice(RateDecay.Shape.class, decay.text("shape"), "training.rate_decay");
      remedies =
          remedies.withRateDecay(
              new RateDecay(shape, decay.longInteger("begin"), decay.longInteger("end")));
    }
    if (f.has("loss")) {
      remedies =
          remedies.withLoss(TrainOptions.choice(GanLoss.class, f.text("loss"), "training.loss"));
    }
    if (f.has("discriminator_steps")) {
      remedies = remedies.withDiscriminatorSteps(f.integer("discriminator_steps"));
    }
    return remedies;
  }
}
