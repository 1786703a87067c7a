package dev.cogan.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cogan.engine.io.Json;
import dev.cogan.engine.loss.GanLoss;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.optim.AdamOptions;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A training's settings as JSON, there and back, and the message for each broken field. */
class TrainOptionsTest {

  private static TrainOptions parse(String json) {
    return TrainOptions.fromJson((Map<?, ?>) Json.parse(json, "test"));
  }

  @Test
  void jsonGoesThereAndBack() {
    AdamOptions g =
        new AdamOptions(1e-3f, 0.1f, 0.99f, 1e-7f, 0.01f, AdamOptions.Decay.DECOUPLED_WEIGHTS);
    TrainOptions options =
        Tiny.options()
            .withNoise(Noise.UNIFORM)
            .withSeed(Long.MIN_VALUE)
            .withAdam(g, AdamOptions.paper())
            .withRemedies(
                new Remedies(
                    0.999f,
                    new RateDecay(RateDecay.Shape.COSINE, 5, 90),
                    GanLoss.HINGE,
                    4,
                    0.25f,
                    16,
                    true,
                    0.125f,
                    2.5f));
    assertThat(parse(Json.write(options.toJson()))).isEqualTo(options);
    assertThat(parse(Json.writePretty(Tiny.options().toJson()))).isEqualTo(Tiny.options());
  }

  @Test
  void filesOfEarlierProgramsHaveNoRemedies() {
    Map<String, Object> json = Tiny.options().toJson();
    assertThat(json.keySet().removeAll(Set.of("ema", "rate_decay", "loss", "discriminator_steps")))
        .isTrue();
    assertThat(parse(Json.write(json))).isEqualTo(Tiny.options());
    assertThat(Tiny.options().remedies()).isEqualTo(Remedies.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "batch":3      | "batch":1       | batch must be 2 to 65536 (batch norm needs two values), got 1
          "batch":3      | "batch":65537   | batch must be 2 to 65536 (batch norm needs two values), got 65537
          "batch":3      | "bach":3        | training: field "batch" (a whole number) is missing
          "generator":{  | "g":{           | training: field "generator" (an object) is missing
          "rate":0.001   | "rate":0        | Adam's rate must be above 0, got 0.0
          "rate":0.001   | "rate":1e300    | Adam's rate must be above 0, got Infinity
          "beta1":0.5    | "beta1":1       | Adam's beta1 must be in [0, 1), got 1.0
          "beta1":0.5    | "beta1":true    | training.generator: field "beta1" should be a number, found true
          "coupled_weights" | "half"       | training decay: unknown value 'half'
          "normal"       | "gaussian"      | training.noise: unknown value 'gaussian'
          "xavier_uniform" | "zeros"       | training.initializer.scheme: unknown value 'zeros'
          "ema":0.0      | "ema":1         | ema must be in [0, 1), got 1.0
          "ema":0.0      | "ema":"yes"     | training: field "ema" should be a number, found yes
          "shape":"none" | "shape":"step"  | training.rate_decay: unknown value 'step'
          "shape":"none" | "shape":"linear" | rate decay linear must run from step 0 or later to a later one, got 0 to 0
          "end":0        | "end":9         | rate decay none must run from step 0 or later to a later one, got 0 to 9
          "loss":"bce"   | "loss":"wgan"   | training.loss: unknown value 'wgan'
          "discriminator_steps":1 | "discriminator_steps":0 | discriminator steps must be 1 to 100, got 0
          "seed":7       | "seed":7.5      | training: field "seed" should be a whole number, found 7.5
          """)
  void brokenJsonIsNamed(String right, String wrong, String message) {
    String json = Json.write(Tiny.options().toJson());
    assertThat(json).contains(right);
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> parse(json.replace(right, wrong)))
        .withMessage(message);
  }
}
