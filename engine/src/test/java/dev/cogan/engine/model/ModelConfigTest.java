package dev.cogan.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cogan.engine.io.Json;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a config may say, its form as JSON, and the message for everything that it may not say. */
class ModelConfigTest {

  private static Map<?, ?> json(ModelConfig config) {
    return (Map<?, ?>) Json.parse(Json.write(config.toJson()), "test");
  }

  private static void refused(String message, Runnable action) {
    assertThatExceptionOfType(ConfigException.class).isThrownBy(action::run).withMessage(message);
  }

  @Test
  void jsonGoesThereAndBack() {
    ModelConfig config =
        TinyModels.DIGITS
            .withDropout(0.1f)
            .withSharing(2, 1)
            .withDomains(TinyModels.domains(1, 3, 2));
    assertThat(ModelConfig.fromJson(json(config))).isEqualTo(config);
    for (Algorithm algorithm : Algorithm.values()) {
      ModelConfig same = TinyModels.DIGITS.withAlgorithm(algorithm);
      assertThat(ModelConfig.fromJson(json(same))).isEqualTo(same);
    }
    ModelConfig other = TinyModels.MLP.withLatent(17);
    assertThat(ModelConfig.fromJson(json(other))).isEqualTo(other).isNotEqualTo(config);
  }

  /** The wrong thing at one place of an otherwise right JSON, and what is said about it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "algorithm":"cogan" | "algorithm":"dcgan" | unknown algorithm 'dcgan'; known are cogan, cgan, gan
          "algorithm":"cogan" | "algorithm":7    | model: field "algorithm" should be a text, found 7
          "latent":3        | "latnt":3          | model: field "latent" (a whole number) is missing
          "latent":3        | "latent":"3"       | model: field "latent" should be a whole number, found 3
          "latent":3        | "latent":3.5       | model: field "latent" should be a whole number, found 3.5
          "latent":3        | "latent":0         | model: field "latent" should be 1 to 1048576, found 0
          "latent":3        | "latent":70000     | latent size must be 1 to 65536, got 70000
          "latent":3        | "latent":4294967297 | model: field "latent" should be a whole number of 32 bits, found 4294967297
          "family":"digits" | "family":7         | model: field "family" should be a text, found 7
          [4,3,2,2]         | [4,3,-2,2]         | model: field "generator_widths" should be a list of sizes from 1 to 1048576, found -2
          [4,3,2,2]         | [4,3,"2",2]        | model: field "generator_widths" should be a list of sizes from 1 to 1048576, found 2
          [4,3,2,2]         | 4                  | model: field "generator_widths" should be a list, found 4
          [4,3,2,2]         | [4,3,2,70000]      | generator widths must be 1 to 65536, got 70000
          [2,2,4]           | []                 | discriminator: 1 to 64 widths, got 0
          "dropout":0.0     | "dropout":1.0      | dropout must be in [0, 1), got 1.0
          "dropout":0.0     | "dropout":-0.1     | dropout must be in [0, 1), got -0.1
          "dropout":0.0     | "dropout":null     | model: field "dropout" (a number) is missing
          "slope_per_channel":false | "slope_per_channel":0 | model: field "slope_per_channel" should be true or false, found 0
          "name":"a"        | "name":"A b"       | domain name must be 1 to 16 letters and digits, not 'shared', got 'A b'
          "name":"a"        | "name":"shared"    | domain name must be 1 to 16 letters and digits, not 'shared', got 'shared'
          "channels":1      | "channels":0       | model domain: field "channels" should be 1 to 1048576, found 0
          "shared_generator_layers":4 | "shared_generator_layers":-1 | shared generator layers (k) must be 0 or more, got -1
          """)
  void brokenJsonIsNamed(String right, String wrong, String message) {
    String text = Json.write(TinyModels.DIGITS.toJson());
    assertThat(text).contains(right);
    Map<?, ?> broken = (Map<?, ?>) Json.parse(text.replace(right, wrong), "test");
    refused(message, () -> ModelConfig.fromJson(broken));
  }

  @Test
  void domainsThatAreNoObjectsAreNamed() {
    Map<String, Object> json = TinyModels.DIGITS.toJson();
    json.put("domains", List.of(1, 2));
    refused("model domain: expected a JSON object, found 1", () -> ModelConfig.fromJson(json));
    List<Object> huge = new ArrayList<>();
    huge.add(Map.of("name", "a", "channels", 1048576, "height", 1048576, "width", 1048576));
    json.put("domains", huge);
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> ModelConfig.fromJson(json))
        .withMessageContaining("more than 2^31 - 1 elements");
  }

  @Test
  void oneDomainIsNotCoupled() {
    refused(
        "a coupled model has 2 or more domains, got 1",
        () -> TinyModels.DIGITS.withDomains(TinyModels.domains(1)));
  }

  @Test
  void equalNamesAreRefused() {
    DomainShape a = new DomainShape("a", Shape.of(1, 28, 28));
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> TinyModels.DIGITS.withDomains(List.of(a, a)))
        .withMessageStartingWith("two domains have the same name");
  }

  @Test
  void badDomainNamesAndShapesAreRefused() {
    for (String name : List.of("", "A", "1a", "a.b", "a b", "shared", "abcdefghijklmnopq")) {
      refused(
          "domain name must be 1 to 16 letters and digits, not 'shared', got '" + name + "'",
          () -> new DomainShape(name, Shape.of(1, 28, 28)));
    }
    refused(
        "domain a: images must be [channels, height, width], got [28, 28]",
        () -> new DomainShape("a", Shape.of(28, 28)));
    refused(
        "domain a: images must be [channels, height, width], got [0, 28, 28]",
        () -> new DomainShape("a", Shape.of(0, 28, 28)));
    assertThat(DomainShape.name(0) + DomainShape.name(25)).isEqualTo("az");
    refused("at most 26 domains, got index 26", () -> DomainShape.name(26));
    refused("at most 26 domains, got index -1", () -> DomainShape.name(-1));
  }

  @Test
  void unknownFamiliesAreNamedWithTheKnownOnes() {
    refused(
        "unknown model family 'faces'; known are digits, digits-mlp, photos, photos-light",
        () -> Families.named("faces"));
  }

  @Test
  void imagesOfAnotherSizeAreRefused() {
    for (ModelConfig config : List.of(TinyModels.DIGITS, TinyModels.MLP)) {
      ModelConfig large =
          config.withDomains(
              List.of(
                  new DomainShape("a", Shape.of(1, 28, 28)),
                  new DomainShape("b", Shape.of(1, 32, 30))));
      refused(
          "family " + config.family() + " works on images of 28x28, got 32x30",
          () -> CoupledModel.forTraining(large, Memory.counting()));
    }
  }

  @Test
  void sharingEveryRowIsRefused() {
    refused(
        "shared generator layers (k) must be 0 to 4, got 5",
        () -> CoupledModel.forTraining(TinyModels.DIGITS.withSharing(5, 3), Memory.counting()));
    refused(
        "shared discriminator layers (l) must be 0 to 3, got 4",
        () -> CoupledModel.forTraining(TinyModels.DIGITS.withSharing(4, 4), Memory.counting()));
  }

  @Test
  void wrongNumbersOfWidthsAreRefused() {
    refused(
        "family digits has 4 generator widths, got [4, 3, 2]",
        () ->
            CoupledModel.forTraining(
                TinyModels.DIGITS.withSharing(3, 3).withGeneratorWidths(List.of(4, 3, 2)),
                Memory.counting()));
    ModelConfig d = TinyModels.DIGITS;
    ModelConfig two =
        new ModelConfig(
            "digits", 3, d.generatorWidths(), List.of(2, 4), 4, 1, 0f, false, d.domains());
    refused(
        "family digits has 3 discriminator widths, got [2, 4]",
        () -> CoupledModel.forTraining(two, Memory.counting()));
  }
}
