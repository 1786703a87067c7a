package dev.cogan.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
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

  /** As far as a page looks at it. */
  private void png(String name) throws IOException {
    byte[] start = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    Files.write(folder.resolve(name), Arrays.copyOf(start, 100));
  }

  @Test
  void picturesBeyondTheirBoundAreThinnedOutAndThePageSaysSo() throws IOException {
    png("fakes_init.png");
    for (int step = 10; step <= 90; step += 10) {
      png("fakes0000" + step + ".png");
    }
    assertThat((List<?>) read(1000).get("frames")).hasSize(10);
    Map<String, Object> run = read(450);
    assertThat((List<?>) run.get("frames")).hasSizeBetween(2, 4);
    assertThat(run.get("frames").toString()).contains("step=0,", "step=90,");
    assertThat(run.get("notes").toString()).contains("of 10 snapshots are shown");
    assertThat((List<?>) read(1).get("frames")).hasSize(1);
  }

  /** A link in a run from somebody else may lead to anything, and a page is passed on. */
  @Test
  void onlyPicturesGetIntoAPage() throws IOException {
    png("fakes000010.png");
    png("reals_a.png");
    Path secret = Files.writeString(folder.resolve("secret"), "a password");
    Files.createSymbolicLink(folder.resolve("reals_b.png"), secret);
    Files.copy(secret, folder.resolve("fakes000020.png"));
    Map<String, Object> run = read(1000);
    assertThat((List<?>) run.get("frames")).hasSize(1);
    assertThat((List<?>) run.get("reals")).hasSize(1);
    assertThat(run.get("notes").toString())
        .contains("fakes000020.png is left out: expected a PNG", "reals_b.png is left out");
    byte[] text = Files.readAllBytes(secret);
    assertThat(ReportPage.html("", List.of(run), null))
        .doesNotContain(Base64.getEncoder().encodeToString(text));
  }

  /** Of a line without end no more is kept than it takes to see that it is too long. */
  @Test
  void aLineWithoutEndCostsItselfAlone() throws IOException {
    Path stats = folder.resolve("stats.jsonl");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(stats))) {
      out.write("{\"step\":10}\n{\"step\":20,\"x\":\"".getBytes(StandardCharsets.UTF_8));
      byte[] block = new byte[1 << 20];
      Arrays.fill(block, (byte) 'x');
      long blocks = 2 + (Runtime.getRuntime().maxMemory() >> 20) / 8;
      for (int i = 0; i < Math.min(64, blocks); i++) {
        out.write(block);
      }
      out.write("\"}\n{\"step\":30}\n".getBytes(StandardCharsets.UTF_8));
    }
    long before = allocated();
    Map<String, Object> run = read(1000);
    assertThat(allocated() - before).isLessThan(Files.size(stats) / 2);
    assertThat(column(run, "step")).isEqualTo(List.of(10L, 30L));
    assertThat(run.get("notes").toString()).contains("stats.jsonl: 1 unreadable lines");
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void numbersAreReadFromFilesOnly() throws IOException {
    Files.createSymbolicLink(folder.resolve("metrics.jsonl"), Path.of("/dev/null"));
    assertThatThrownBy(() -> read(1000))
        .isInstanceOf(InputException.class)
        .hasMessage(
            folder.resolve("metrics.jsonl")
                + ": not a regular file, expected lines of"
                + " numbers");
  }

  /** What can be read can be shown, though it stands deeper there. */
  @Test
  void settingsMayBeAsDeepAsAFileCanBe() throws IOException {
    int deep = Json.MAX_DEPTH - 1;
    Files.writeString(
        folder.resolve("options.json"), "{\"x\":" + "[".repeat(deep) + "]".repeat(deep) + "}");
    assertThat(ReportPage.html("", List.of(read(1000)), null)).contains("[".repeat(deep));
  }

  @Test
  void aModelWhoseDomainsHaveNoNamesIsLeftOut() throws IOException {
    for (String domains : List.of("3", "[null]", "[{\"name\":3}]", "{}")) {
      Files.writeString(
          folder.resolve("options.json"), "{\"model\":{\"domains\":" + domains + "}}");
      Map<String, Object> run = read(1000);
      assertThat(run.get("options")).as(domains).isEqualTo(Map.of());
      assertThat(run.get("notes").toString()).contains("\"model\" is left out");
    }
  }

  @Test
  void aRunMayBeAWholeDisk() throws IOException {
    URI disk = URI.create("jar:" + folder.resolve("disk.zip").toUri());
    try (FileSystem system = FileSystems.newFileSystem(disk, Map.of("create", "true"))) {
      Path root = system.getPath("/");
      Files.writeString(root.resolve("options.json"), "{}");
      assertThat(RunReader.served().read(root).get("name")).isEqualTo("/");
      assertThat(RunReader.served().read(List.of(root, root)).get(1).get("name")).isEqualTo("/");
    }
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
