package dev.cogan.cli.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cogan.cli.dashboard.Dashboard;
import dev.cogan.cli.report.ReportPage;
import dev.cogan.cli.report.RunReader;
import dev.cogan.engine.io.ImageGrid;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Preset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Report and dashboard in a real browser; skipped where there is none. */
class PagesInBrowserTest {
  private static final Path PICTURES = Path.of("target", "screenshots");

  @TempDir private Path folder;
  private Path run;
  private Chromium browser;

  @BeforeEach
  void open() throws Exception {
    Optional<Path> program = Chromium.find();
    assumeTrue(program.isPresent(), "no chromium on the PATH; -Dcogan.chromium=FILE names one");
    run = Files.createDirectory(folder.resolve("00000-test"));
    writeRun();
    browser = new Chromium(program.get(), Files.createTempDirectory("cogan-chromium"));
  }

  @AfterEach
  void close() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  private void writeRun() throws Exception {
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("preset", "</script><img src=x onerror=alert(1)>");
    options.put("domains", List.of("mnist", "mnist:edge"));
    options.put("steps", 100);
    Shape image = Shape.of(1, 28, 28);
    options.put(
        "model",
        Preset.DIGITS_SMALL
            .model(List.of(new DomainShape("a", image), new DomainShape("b", image)))
            .toJson());
    options.put("training", Preset.DIGITS_SMALL.training(0).toJson());
    Json.write(run.resolve("options.json"), options);
    StringBuilder stats = new StringBuilder();
    for (int step = 10; step <= 50; step += 10) {
      stats.append(Json.write(row(step))).append('\n');
    }
    Files.writeString(run.resolve("stats.jsonl"), stats);
    Files.writeString(
        run.resolve("metrics.jsonl"),
        "{\"step\":0,\"agreement_b\":0.5,\"agreement_b_chance\":0.4}\n"
            + "{\"step\":50,\"agreement_b\":0.9,\"agreement_b_chance\":0.4,\"labels_b\":0.75,"
            + "\"labels_b_chance\":0.1}\n");
    picture("fakes_init.png");
    picture("fakes000050.png");
    picture("reals_a.png");
  }

  private static Map<String, Object> row(int step) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("step", step);
    row.put("seconds", step / 10.0);
    for (String name : List.of("loss_d", "loss_g", "loss_d_a", "loss_d_b", "loss_g_a")) {
      row.put(name, 1.5f + step / 100f);
    }
    row.put("d_right_a", 0.75f);
    return row;
  }

  private void picture(String name) {
    Tensor images = Tensor.zeros(16, 1, 28, 28);
    ImageGrid.ofDomains(List.of(images, images)).write(run.resolve(name));
  }

  private void assertReadable(int charts) throws Exception {
    assertThat(browser.evaluate("document.querySelectorAll('.charts canvas').length"))
        .isEqualTo((long) charts);
    assertThat(browser.evaluate("document.querySelectorAll('td.shared').length > 5"))
        .isEqualTo(true);
    // No sideways scrolling, every picture that is not left for later has loaded and has words,
    // every control a
    // name.
    assertThat(browser.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
    browser.await(
        "[...document.images].filter(i => i.loading !== 'lazy').every(i => i.complete &&"
            + " i.naturalWidth > 0)");
    assertThat(
            browser.evaluate(
                "[...document.querySelectorAll('.big, .reals img, [role=img]')]"
                    + ".every(i => i.alt || i.getAttribute('aria-label'))"))
        .isEqualTo(true);
    assertThat(
            browser.evaluate(
                "[...document.querySelectorAll('input')]"
                    + ".every(i => i.labels.length || i.ariaLabel)"))
        .isEqualTo(true);
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void theReportShowsEverythingAtEveryWidthAndInTheDark() throws Exception {
    Path file = folder.resolve("report.html");
    ReportPage.write(file, "test", List.of(RunReader.inlined(1_000_000).read(run)));
    for (int width : new int[] {1280, 360}) {
      for (boolean dark : new boolean[] {false, true}) {
        browser.appearance(width, 900, dark);
        browser.open(file.toUri().toString());
        assertReadable(6);
        String background = "getComputedStyle(document.body).backgroundColor";
        assertThat(browser.evaluate(background))
            .isEqualTo(dark ? "rgb(18, 21, 27)" : "rgb(246, 247, 249)");
        browser.screenshot(PICTURES.resolve("report-" + width + (dark ? "-dark" : "") + ".png"));
      }
    }
    assertThat(browser.evaluate("performance.getEntriesByType('resource').length")).isEqualTo(0L);
  }

  /** Values of other kinds, and columns with the names that every object of JavaScript has. */
  @Test
  void whatIsOddInARunDoesNotKeepTheRestFromBeingShown() throws Exception {
    String odd = "{\"toString\":1,\"valueOf\":[],\"length\":null}";
    List<String> all =
        List.of(
            "{\"preset\":" + odd + "}",
            "{\"training\":{\"loss\":" + odd + "}}",
            "{\"training\":{\"seed\":" + odd + "}}",
            "{\"training\":{\"batch\":" + odd + "}}",
            "{\"model\":{\"domains\":" + odd + "}}",
            "{\"__proto__\":" + odd + ",\"constructor\":" + odd + ",\"x\":[" + odd + "]}");
    for (String name : List.of("stats.jsonl", "metrics.jsonl")) {
      Path file = run.resolve(name);
      String row =
          "{\"step\":60,\"constructor\":1,\"toString\":2,\"__proto__\":3,\"loss_d_\":4,"
              + "\"agreement_valueOf\":5,\"seconds\":-1e300}\n";
      Files.writeString(file, Files.readString(file) + row);
    }
    for (String options : all) {
      Files.writeString(run.resolve("options.json"), options);
      Path file = folder.resolve("report.html");
      Map<String, Object> one = RunReader.inlined(1_000_000).read(run);
      for (List<?> runs : List.of(List.of(one), List.of(one, one))) {
        ReportPage.write(file, "test", runs);
        browser.open(file.toUri().toString());
        assertThat(browser.evaluate("document.querySelectorAll('.charts canvas').length > 2"))
            .as(options)
            .isEqualTo(true);
        assertThat(browser.evaluate("document.querySelectorAll('#settings table').length > 0"))
            .as(options)
            .isEqualTo(true);
        assertThat(browser.complaints()).as(options).isEmpty();
      }
    }
  }

  @Test
  void theSliderMovesTheFilmByKeyboard() throws Exception {
    Path file = folder.resolve("report.html");
    ReportPage.write(file, "test", List.of(RunReader.inlined(1_000_000).read(run)));
    browser.open(file.toUri().toString());
    String shown = "document.querySelector('.big').alt.endsWith('at step %s')";
    assertThat(browser.evaluate(shown.formatted("50"))).isEqualTo(true);
    browser.evaluate("document.getElementById('frame').focus()");
    for (String type : List.of("keyDown", "keyUp")) {
      browser.call(
          "Input.dispatchKeyEvent",
          Map.of(
              "type", type, "key", "ArrowLeft", "code", "ArrowLeft", "windowsVirtualKeyCode", 37));
    }
    browser.await(shown.formatted("0"));
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void severalRunsStandSideBySide() throws Exception {
    Path file = folder.resolve("report.html");
    Map<String, Object> read = RunReader.inlined(1_000_000).read(run);
    ReportPage.write(file, "test", List.of(read, read));
    browser.appearance(360, 900, false);
    browser.open(file.toUri().toString());
    assertReadable(6);
    assertThat(browser.evaluate("document.querySelectorAll('.film').length")).isEqualTo(2L);
  }

  @Test
  void theDashboardFollowsTheTrainingToItsEnd() throws Exception {
    try (Dashboard dashboard = Dashboard.start(0, run, "test")) {
      browser.appearance(1280, 900, false);
      browser.open(dashboard.address());
      browser.await("document.getElementById('status').textContent.startsWith('live')");
      assertReadable(6);
      dashboard.publish("stats", row(60));
      picture("fakes000060.png");
      dashboard.publishFrame(60, run.resolve("fakes000060.png"));
      dashboard.publish("metrics", Map.of("step", 60, "agreement_b", 0.95f));
      browser.await("document.getElementById('facts').textContent.includes('0.950')");
      browser.await("document.getElementById('status').textContent.includes('step 60')");
      browser.await("charts.charts.every(c => c.plot.scales.x.max === 60)");
      browser.await("document.querySelector('.big').src.endsWith('pictures/fakes000060.png')");
      assertReadable(6);
      browser.screenshot(PICTURES.resolve("dashboard.png"));
      browser.evaluate("window.old = true");
      dashboard.publish("reload", Map.of());
      browser.await("!window.old && document.getElementById('status').textContent === 'live'");
      // A training that went back and ends right afterwards: what the page has, it keeps.
      dashboard.publish("reload", Map.of());
      dashboard.end("finished at step 60");
      browser.await("document.getElementById('status').textContent === 'finished at step 60'");
    }
    assertThat(browser.complaints()).isEmpty();
  }
}
