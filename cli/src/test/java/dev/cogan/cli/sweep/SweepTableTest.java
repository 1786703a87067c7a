package dev.cogan.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.cli.text.Wrap;
import dev.cogan.engine.io.Json;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which trainings are averaged, and how settings are told apart. */
class SweepTableTest {
  private static final String LINE =
      """
      {"id":"x","task":"edge","algorithm":"cogan","k":4,"l":3,"seed":0,"preset":"digits-best",
      "widths":[8,8,8,8],"d_widths":[2,2,4],"steps":100,"data":"jar","model":{"algorithm":"cogan",
      "family":"digits","latent":100,"generator_widths":[8,8,8,8],"discriminator_widths":[2,2,4],
      "shared_generator_layers":4,"shared_discriminator_layers":3,"dropout":0.0,
      "slope_per_channel":false,"domains":[{"name":"a","channels":1,"height":28,"width":28},
      {"name":"b","channels":1,"height":28,"width":28}]},"training":{"batch":32,"generator":
      {"rate":0.003,"beta1":0.5,"beta2":0.999,"eps":1e-8,"weight_decay":0.0,"decay":"coupled_all"},
      "discriminator":{"rate":0.0015,"beta1":0.5,"beta2":0.999,"eps":1e-8,"weight_decay":0.0,
      "decay":"coupled_all"},"noise":"normal","initializer":{"scheme":"xavier_uniform","gain":1.4,
      "bias":0.1},"seed":0,"ema":0.998,"loss":"bce","discriminator_steps":1,"r1":0.1,"r1_every":2},
      "pairs":1000,"agreement":{"binarised":0.9},"chance":{"binarised":0.8},
      "blank":{"binarised":0.85},"labels":{"agreement":0.7,"rarest":0.05,"most_frequent":0.15}}
      """;

  private static Map<?, ?> line(String... changes) {
    String text = LINE;
    for (int i = 0; i < changes.length; i += 2) {
      assertThat(text).contains(changes[i]);
      text = text.replace(changes[i], changes[i + 1]);
    }
    return (Map<?, ?>) Json.parse(text, "test");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "noise":"normal"       | "noise":"mixture"       | noise mixture
          "batch":32             | "batch":16              | batch 16
          "dropout":0.0          | "dropout":0.5           | dropout 0.5
          "r1_every":2           | "r1_every":2,"clip_updates":3.0 | clip_updates 3.0
          "discriminator_widths":[2,2,4] | "discriminator_widths":[2,2,8] | d_widths [2, 2, 8]
          {"rate":0.003          | {"rate":0.001           | generator rate 0.001
          "rate":0.0015          | "rate":0.003            | discriminator rate 0.003
          "r1_every":2           | "r1_every":4            | r1_every 4
          ,"r1":0.1,"r1_every":2 | ``                      | [8, 8, 8, 8] x 100
          "steps":100            | "steps":200             | x 200
          "generator_widths":[8,8,8,8] | "generator_widths":[16,8,8,8] | [16, 8, 8, 8]
          "pairs":1000           | "pairs":2000            | pairs 2000
          "data":"jar"           | "data":"9 images"       | of 9 images
          """)
  void otherSettingsAreNotAveraged(String from, String to, String name) {
    List<Map<?, ?>> lines = List.of(line(), line("\"seed\":0", "\"seed\":1"), line(from, to));
    List<SweepCell> cells = SweepTable.cells(lines);
    assertThat(cells).hasSize(2);
    assertThat(cells.get(0).agreement().count()).isEqualTo(2);
    assertThat(cells.get(1).agreement().count()).isEqualTo(1);
    List<String> names =
        cells.stream().map(c -> c.settings().name(SweepTable.settings(cells))).toList();
    assertThat(names).doesNotHaveDuplicates();
    assertThat(names.get(1)).contains(name);
    assertThat(SweepSeries.of(lines)).as("curves").hasSize(2);
    assertThat(SweepTable.text(cells))
        .hasSize(6)
        .allSatisfy(text -> assertThat(text).hasSizeLessThanOrEqualTo(Wrap.COLUMNS));
  }

  @Test
  void sharingAndSeedAreNoSettings() {
    Map<?, ?> other =
        line(
            "\"k\":4", "\"k\":2", "\"shared_generator_layers\":4", "\"shared_generator_layers\":2");
    List<SweepCell> cells = SweepTable.cells(List.of(line(), other));
    assertThat(cells)
        .extracting(SweepCell::run)
        .containsExactly("edge cogan k=2 l=3", "edge cogan k=4 l=3");
    assertThat(SweepTable.settings(cells)).hasSize(1);
    assertThat(SweepTable.text(cells)).hasSize(4).first().isEqualTo("[8, 8, 8, 8] x 100, r1 0.1");
  }

  /** What had one value only was not noted in the beginning. */
  @Test
  void whatALineLeavesOutIsWhatItWasThen() {
    Map<?, ?> early = line(",\"loss\":\"bce\",\"discriminator_steps\":1", "");
    assertThat(SweepTable.cells(List.of(early, line()))).hasSize(1);
  }

  @Test
  void earlyLinesAreReadAndStayApart() {
    Map<?, ?> early =
        Map.of(
            "task",
            "edge",
            "algorithm",
            "cogan",
            "k",
            4L,
            "l",
            3L,
            "widths",
            List.of(8L, 8L, 8L, 8L),
            "steps",
            100L,
            "data",
            "jar",
            "agreement",
            Map.of("binarised", 0.5));
    List<Map<?, ?>> lines = new ArrayList<>(List.of(early));
    lines.add(line(",\"r1\":0.1,\"r1_every\":2", ""));
    List<SweepCell> cells = SweepTable.cells(lines);
    assertThat(SweepTable.text(cells))
        .hasSize(6)
        .contains("[8, 8, 8, 8] x 100, other settings not noted", "[8, 8, 8, 8] x 100")
        .anyMatch(text -> text.matches("edge cogan k=4 l=3 +0.5000 +1 +- +- +- +-"));
    assertThat(SweepChart.of(lines)).contains("not noted").doesNotContain("NaN");
  }

  @Test
  void aTrainingIsReadWithWhatBelongsToIt() {
    assertThat(SweepTable.reading(line()))
        .isEqualTo("0.9000 (chance 0.800, blank 0.850), labels 0.700, classes 5.0 to 15.0 %");
    assertThat(SweepTable.reading(Map.of("diverged", "step 3"))).isEqualTo("none: step 3");
  }

  /** Where an axis had such an end, its lines would have none. */
  @Test
  void whatIsNoShareIsNoFigure() {
    for (String none : List.of("-1e300", "1e300", "1.5", "-0.1")) {
      Map<?, ?> line = line("{\"binarised\":0.9}", "{\"binarised\":" + none + "}");
      assertThat(SweepChart.of(List.of(line, line()))).as(none).hasSizeLessThan(20_000);
      assertThat(SweepTable.cells(List.of(line))).as(none).isEmpty();
      Map<?, ?> level = line("\"blank\":{\"binarised\":0.85}", "\"blank\":{\"binarised\":-1e300}");
      assertThat(SweepChart.of(List.of(level))).as(none).hasSizeLessThan(20_000);
    }
  }

  @Test
  void aChartIsXmlWhateverATaskIsCalled() throws Exception {
    Map<?, ?> line = line("\"edge\"", "\"<b>\\u001b[2J&\"");
    byte[] svg = SweepChart.of(List.of(line)).getBytes(StandardCharsets.UTF_8);
    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(svg));
    assertThat(SweepTable.text(SweepTable.cells(List.of(line))))
        .allMatch(text -> text.chars().noneMatch(Character::isISOControl));
  }

  @Test
  void chartShowsLabelsBesideThePixels() {
    assertThat(SweepChart.of(List.of(line())))
        .contains("label agreement", "stroke-dasharray")
        .doesNotContain("NaN");
  }
}
