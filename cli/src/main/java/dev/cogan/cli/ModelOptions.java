package dev.cogan.cli;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.loss.GanLoss;
import dev.cogan.engine.optim.AdamOptions;
import dev.cogan.engine.train.RateDecay;
import dev.cogan.engine.train.Remedies;
import dev.cogan.engine.train.TrainOptions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/**
 * Options that change a preset's (or, on resume, a checkpoint's) settings; null means: as it is.
 */
final class ModelOptions extends ShapeOptions {
  private static final Pattern STEPS = Pattern.compile("(\\d{1,15})-(\\d{1,15})");

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

  @Option(
      names = "--ema",
      paramLabel = "D",
      description =
          "Average the generators' weights with this decay, e.g. 0.999, for pictures and"
              + " evaluation; 0 for none.")
  private Float ema;

  @Option(
      names = "--rate-decay",
      paramLabel = "KIND",
      description =
          "How the rates fall to 1 %%: linear (from half of the steps), cosine (from the first) or"
              + " none.")
  private RateDecay.Shape rateDecay;

  @Option(
      names = "--rate-decay-steps",
      paramLabel = "A-B",
      description =
          "From which step to which (default: by --rate-decay, to the last; where that is not"
              + " given, as the preset or the run has it).")
  private String rateDecaySteps;

  @Option(
      names = "--loss",
      paramLabel = "KIND",
      description = "What the teams play for: bce (the paper's), hinge or lsgan.")
  private GanLoss loss;

  @Option(
      names = "--d-steps",
      paramLabel = "N",
      description = "Steps of the discriminators for each of the generators.")
  private Integer discriminatorSteps;

  @Option(
      names = "--r1",
      paramLabel = "W",
      description =
          "Weight of the penalty on the discriminators' gradients at real images, e.g. 0.1; 0 for"
              + " none. Not with batch norm in them.")
  private Float r1;

  @Option(
      names = "--r1-every",
      paramLabel = "N",
      description = "Add that penalty in every Nth step only, N times as heavy.")
  private Integer r1Every;

  @Option(
      names = "--spectral-norm",
      negatable = true,
      description = "Divide the discriminators' weights by their largest singular values.")
  private Boolean spectralNorm;

  @Option(
      names = "--instance-noise",
      paramLabel = "S",
      description =
          "Deviation of the noise on all images that the discriminators see, e.g. 0.1; falls as"
              + " the rates do; 0 for none.")
  private Float instanceNoise;

  @Option(
      names = "--clip-updates",
      paramLabel = "R",
      description =
          "Shorten an update whose gradients are more than R times what Adam expects of them, e.g."
              + " 3; 0 for none.")
  private Float clipUpdates;

  /**
   * A new training with the settings of a preset and these changes. The preset's rate decay ends
   * with the preset's steps, so that a shorter training that is continued later is the first part
   * of the whole one; more steps than the preset's stretch it.
   *
   * @param steps of the whole training
   */
  TrainOptions apply(TrainOptions preset, long steps) {
    RateDecay decay = preset.remedies().rateDecay();
    boolean longer = steps > decay.end();
    RateDecay fitted = longer ? RateDecay.over(decay.shape(), steps) : decay;
    return change(preset.withRemedies(preset.remedies().withRateDecay(fitted)), steps);
  }

  /**
   * A run's settings with these changes; whatever is not given stays as the run has it.
   *
   * @param steps of the whole training, which a rate decay that is asked for fits itself to
   */
  TrainOptions change(TrainOptions base, long steps) {
    TrainOptions options = set("--batch", batch, apply(base), TrainOptions::withBatch);
    AdamOptions g = set("--rate-g", generatorRate, options.generator(), AdamOptions::withRate);
    g = set("--weight-decay", weightDecay, g, AdamOptions::withWeightDecay);
    AdamOptions d =
        set("--rate-d", discriminatorRate, options.discriminator(), AdamOptions::withRate);
    d = set("--weight-decay", weightDecay, d, AdamOptions::withWeightDecay);
    return options.withAdam(g, d).withRemedies(change(options.remedies(), steps));
  }

  private Remedies change(Remedies base, long steps) {
    Remedies remedies = set("--ema", ema, base, Remedies::withEma);
    remedies = set("--loss", loss, remedies, Remedies::withLoss);
    remedies = set("--d-steps", discriminatorSteps, remedies, Remedies::withDiscriminatorSteps);
    remedies = set("--r1", r1, remedies, (r, v) -> r.withR1(v, r.r1Every()));
    remedies = set("--r1-every", r1Every, remedies, (r, v) -> r.withR1(r.r1(), v));
    if (r1Every != null && remedies.r1() == 0) {
      throw new InputException("--r1-every goes with --r1: there is no penalty to add");
    }
    remedies = set("--spectral-norm", spectralNorm, remedies, Remedies::withSpectralNorm);
    remedies = set("--instance-noise", instanceNoise, remedies, Remedies::withInstanceNoise);
    remedies = set("--clip-updates", clipUpdates, remedies, Remedies::withClipUpdates);
    return remedies.withRateDecay(decay(remedies.rateDecay(), steps));
  }

  /** A decay asked for by its kind ends where the training does, unless its steps are given. */
  private RateDecay decay(RateDecay base, long steps) {
    RateDecay.Shape shape = rateDecay == null ? base.shape() : rateDecay;
    if (shape == RateDecay.Shape.NONE) {
      if (rateDecaySteps != null) {
        throw new InputException("--rate-decay-steps needs --rate-decay linear or cosine");
      }
      return RateDecay.NONE;
    }
    if (rateDecaySteps != null) {
      Matcher range = STEPS.matcher(rateDecaySteps);
      if (!range.matches()) {
        throw new InputException(
            "--rate-decay-steps: expected FIRST-LAST such as 500-1000, got " + rateDecaySteps);
      }
      return set(
          "--rate-decay-steps",
          range,
          base,
          (b, r) -> new RateDecay(shape, Long.parseLong(r.group(1)), Long.parseLong(r.group(2))));
    }
    return rateDecay == null ? base : RateDecay.over(shape, steps);
  }
}
