package dev.cogan.engine.train;

import dev.cogan.engine.loss.GanLoss;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.model.JsonFields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What later years found to help the training of GANs. {@link #NONE} is the paper's training.
 *
 * @param ema decay of the running average of the generators' weights, with which pictures are made
 *     and models evaluated; 0 for none (Yazici et al. 2019)
 * @param rateDecay how the learning rates fall
 * @param loss what the teams play for
 * @param discriminatorSteps steps of the discriminators before each one of the generators, 1 or
 *     more; every one on new images
 * @param r1 weight of the penalty on the discriminators' gradients at real images, 0 for none
 *     ({@link dev.cogan.engine.model.GradientPenalty})
 * @param r1Every in every how many steps the penalty is added, with as many times the weight
 *     (Karras et al. 2020, "lazy regularisation")
 * @param spectralNorm whether the discriminators' weights are divided by their largest singular
 *     values ({@link SpectralNorm})
 * @param instanceNoise deviation of the noise on what the discriminators see, 0 for none; falls as
 *     the rates do ({@link InstanceNoise})
 * @param clipUpdates how large gradients may be against what Adam expects of them before a team's
 *     update is shortened, 0 for any ({@link dev.cogan.engine.optim.Adam#surprise}; Wortsman et al.
 *     2023, "update clipping")
 */
public record Remedies(
    float ema,
    RateDecay rateDecay,
    GanLoss loss,
    int discriminatorSteps,
    float r1,
    int r1Every,
    boolean spectralNorm,
    float instanceNoise,
    float clipUpdates) {
  private static final int MOST_STEPS = 100;
  private static final float MOST_R1 = 1e6f;
  private static final float MOST_NOISE = 10f;
  private static final float MOST_CLIP = 1000f;

  /** None: the paper's training. */
  public static final Remedies NONE =
      new Remedies(0f, RateDecay.NONE, GanLoss.BCE, 1, 0f, 1, false, 0f, 0f);

  /**
   * Checks the ranges.
   *
   * @throws ConfigException if a setting is out of range
   */
  public Remedies {
    if (!(ema >= 0 && ema < 1)) {
      throw new ConfigException("ema must be in [0, 1), got " + ema);
    }
    requireSteps("discriminator steps", discriminatorSteps);
    if (!(r1 >= 0 && r1 <= MOST_R1)) {
      throw new ConfigException("r1 must be in [0, 1e6], got " + r1);
    }
    requireSteps("steps from one r1 penalty to the next", r1Every);
    // Without a penalty there is nothing to come every so often: equal trainings are equal.
    r1Every = r1 == 0 ? 1 : r1Every;
    if (!(instanceNoise >= 0 && instanceNoise <= MOST_NOISE)) {
      throw new ConfigException("instance noise must be in [0, 10], got " + instanceNoise);
    }
    if (!(clipUpdates == 0 || clipUpdates >= 1 && clipUpdates <= MOST_CLIP)) {
      throw new ConfigException("clip updates must be 0 or in [1, 1000], got " + clipUpdates);
    }
  }

  private static void requireSteps(String what, int steps) {
    if (steps < 1 || steps > MOST_STEPS) {
      throw new ConfigException(what + " must be 1 to " + MOST_STEPS + ", got " + steps);
    }
  }

  /** Whether the generators' weights are averaged. */
  public boolean averages() {
    return ema > 0;
  }

  /** The same with another decay of the average. */
  public Remedies withEma(float value) {
    return with(draft -> draft.ema = value);
  }

  /** The same with another way of the rates. */
  public Remedies withRateDecay(RateDecay value) {
    return with(draft -> draft.rateDecay = value);
  }

  /** The same with the rates falling over a training of so many steps. */
  public Remedies lasting(long steps) {
    return withRateDecay(RateDecay.over(rateDecay.shape(), steps));
  }

  /** The same with another loss. */
  public Remedies withLoss(GanLoss value) {
    return with(draft -> draft.loss = value);
  }

  /** The same with another number of discriminator steps. */
  public Remedies withDiscriminatorSteps(int value) {
    return with(draft -> draft.discriminatorSteps = value);
  }

  /** The same with a penalty of this weight in every so many steps. */
  public Remedies withR1(float weight, int every) {
    return with(
        draft -> {
          draft.r1 = weight;
          draft.r1Every = every;
        });
  }

  /** The same with or without normalised weights of the discriminators. */
  public Remedies withSpectralNorm(boolean value) {
    return with(draft -> draft.spectralNorm = value);
  }

  /** The same with noise of another deviation. */
  public Remedies withInstanceNoise(float value) {
    return with(draft -> draft.instanceNoise = value);
  }

  /** The same with updates clipped elsewhere. */
  public Remedies withClipUpdates(float value) {
    return with(draft -> draft.clipUpdates = value);
  }

  private Remedies with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.remedies();
  }

  /** The same fields, one of which may be set: the only place that lists all of them in order. */
  private static final class Draft {
    private float ema;
    private RateDecay rateDecay;
    private GanLoss loss;
    private int discriminatorSteps;
    private float r1;
    private int r1Every;
    private boolean spectralNorm;
    private float instanceNoise;
    private float clipUpdates;

    Draft(Remedies from) {
      ema = from.ema;
      rateDecay = from.rateDecay;
      loss = from.loss;
      discriminatorSteps = from.discriminatorSteps;
      r1 = from.r1;
      r1Every = from.r1Every;
      spectralNorm = from.spectralNorm;
      instanceNoise = from.instanceNoise;
      clipUpdates = from.clipUpdates;
    }

    Remedies remedies() {
      return new Remedies(
          ema,
          rateDecay,
          loss,
          discriminatorSteps,
          r1,
          r1Every,
          spectralNorm,
          instanceNoise,
          clipUpdates);
    }
  }

  /** Those in use, for people: {@code ema 0.998, r1 0.1 (every 4)}; or {@code none}. */
  public String describe() {
    List<String> parts = new ArrayList<>();
    if (averages()) {
      parts.add("ema " + ema);
    }
    if (rateDecay.shape() != RateDecay.Shape.NONE) {
      parts.add(
          "rate decay "
              + rateDecay.shape().label()
              + " "
              + rateDecay.begin()
              + "-"
              + rateDecay.end());
    }
    if (loss != GanLoss.BCE) {
      parts.add("loss " + loss.label());
    }
    if (discriminatorSteps > 1) {
      parts.add("d-steps " + discriminatorSteps);
    }
    if (r1 > 0) {
      parts.add("r1 " + r1 + (r1Every > 1 ? " (every " + r1Every + ")" : ""));
    }
    if (spectralNorm) {
      parts.add("spectral norm");
    }
    if (instanceNoise > 0) {
      parts.add("instance noise " + instanceNoise);
    }
    if (clipUpdates > 0) {
      parts.add("clip updates " + clipUpdates);
    }
    return parts.isEmpty() ? "none" : String.join(", ", parts);
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
    // Only where they are in use: the settings of a training without them read as they always did.
    if (r1 > 0) {
      json.put("r1", r1);
      json.put("r1_every", r1Every);
    }
    if (spectralNorm) {
      json.put("spectral_norm", true);
    }
    if (instanceNoise > 0) {
      json.put("instance_noise", instanceNoise);
    }
    if (clipUpdates > 0) {
      json.put("clip_updates", clipUpdates);
    }
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
    if (f.has("r1")) {
      remedies = remedies.withR1((float) f.number("r1"), f.integer("r1_every"));
    }
    if (f.has("spectral_norm")) {
      remedies = remedies.withSpectralNorm(f.flag("spectral_norm"));
    }
    if (f.has("instance_noise")) {
      remedies = remedies.withInstanceNoise((float) f.number("instance_noise"));
    }
    if (f.has("clip_updates")) {
      remedies = remedies.withClipUpdates((float) f.number("clip_updates"));
    }
    return remedies;
  }
}
