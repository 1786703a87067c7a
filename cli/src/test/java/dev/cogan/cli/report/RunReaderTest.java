package dev.cogan.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReaderTest {
  @TempDir private Path folder;

  private Map<String, Object> read(long pictureBytes) throws IOException {
    if (!Files.exists(folder.resolve("options.json"))) {
      Files.writeString(folder.resolve("options.json"), "{\"preset\":\"p\"}");
    }
    return RunReader.inlined(pictureBytes).read(folder);
  }

  @SuppressWarnings("unchecked")
  private static List<Object> column(Map<String, Object> run, String name) {
    return (List<Object>) ((Map<?, ?>) run.get("stats")).get(name);
  }

  @Test
  void linesThatWereDoneAgainReplaceTheOldOnesAndBrokenOnesAreCounted() throws IOException {
    Files.writeString(
        folder.resolve("stats.jsonl"),
        """
        {"step":10,"loss_d":1.5}
        {"step":20,"loss_d":2.5}
        {"step":30,"loss_d":3.5}
        no JSON
        {"step":20,"loss_d":2.75,"other":1}
        {"step":40,"loss_d":nu\
        """);
    Map<String, Object> run = read(1000);
    assertThat(column(run, "step")).isEqualTo(List.of(10L, 20L));
    assertThat(column(run, "loss_d")).isEqualTo(List.of(1.5f, 2.75f));
    assertThat(column(run, "other").get(0)).isNull();
    assertThat(run.get("notes").toString()).contains("stats.jsonl: 2 unreadable lines");
  }

  @Test
  void manyLinesBecomeMeansAndThePageSaysSo() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= 3000; i++) {
      lines.append("{\"step\":" + i + ",\"seconds\":" + i + ".5,\"loss_d\":" + i + "}\n");
    }
    Files.writeString(folder.resolve("stats.jsonl"), lines);
    Map<String, Object> run = read(1000);
    assertThat(column(run, "step")).hasSize(1000).startsWith(3L).endsWith(3000L);
    assertThat(column(run, "loss_d")).startsWith(2L);
    assertThat(column(run, "seconds")).startsWith(3.5f);
    assertThat(run.get("notes").toString()).contains("averages of 3 lines");
  }

  @Test
  void picturesBeyondTheirBoundAreThinnedOutAndThePageSaysSo() throws IOException {
    Files.write(folder.resolve("fakes_init.png"), new byte[100]);
    for (int step = 10; step <= 90; step += 10) {
      Files.write(folder.resolve("fakes0000" + step + ".png"), new byte[100]);
    }
    assertThat((List<?>) read(1000).get("frames")).hasSize(10);
    Map<String, Object> run = read(450);
    assertThat((List<?>) run.get("frames")).hasSizeBetween(2, 4);
    assertThat(run.get("frames").toString()).contains("step=0,", "step=90,");
    assertThat(run.get("notes").toString()).contains("of 10 snapshots are shown");
    assertThat((List<?>) read(1).get("frames")).hasSize(1);
  }

  @Test
  void runsOfOneNameAreToldApart() throws IOException {
    List<Path> runs = new ArrayList<>();
    for (String name : List.of("x/one/00000-run", "x/two/00000-run", "y/two/00001-run")) {
      Path run = Files.createDirectories(folder.resolve(name));
      Files.writeString(run.resolve("options.json"), "{}");
      runs.add(run);
    }
    assertThat(RunReader.served().read(runs))
        .extracting(run -> run.get("name").toString().replace('\\', '/'))
        .containsExactly("one/00000-run", "two/00000-run", "00001-run");
  }

  @Test
  void settingsThatAreNoneAreLeftOutAndNamed() throws IOException {
    Files.writeString(
        folder.resolve("options.json"),
        "{\"domains\": [1, null], \"steps\": \"x\", \"training\": 3, \"preset\": \"digits\"}");
    Map<String, Object> run = read(1000);
    assertThat(run.get("options")).isEqualTo(Map.of("preset", "digits"));
    assertThat(run.get("notes").toString())
        .contains("\"domains\" is left out", "\"steps\" is left out", "\"training\" is left out");
  }

  @Test
  void aFolderThatIsNoRunIsRefused() {
    assertThatThrownBy(() -> RunReader.served().read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("options.json");
  }

  @Test
  void dataCannotEndItsElement() throws IOException {
    Files.writeString(folder.resolve("options.json"), "{\"x\":\"</script><script>alert(1)\"}");
    String html = ReportPage.html("</script>", List.of(read(1000)), null);
    assertThat(html).as("uPlot's licence").contains("Leon Sorokin", "Permission is hereby granted");
    assertThat(html).doesNotContain("alert(1)\"}</", "<script>alert").contains("\\u003c/script");
    assertThat(html.split("</script>", -1)).hasSize(3);
    assertThat(html).doesNotContain("http-equiv=\"refresh", "src=\"http", "href=\"http");
  }
}
