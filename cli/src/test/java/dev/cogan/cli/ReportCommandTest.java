package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
  @TempDir private Path folder;

  /** As {@code train} leaves it when it has hardly begun. */
  private Path run() throws IOException {
    Path run = Files.createDirectory(folder.resolve("00000-run"));
    Files.writeString(run.resolve("options.json"), "{\"preset\":\"digits-small\"}");
    return run;
  }

  @Test
  void onlyAPageIsReplaced() throws IOException {
    Path run = run();
    Path options = run.resolve("options.json");
    String before = Files.readString(options);
    Cli cli = Cli.run("report", run, "--out", options);
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message())
        .isEqualTo("cogan: --out " + options + ": expected a name ending in .html or .htm");
    assertThat(options).hasContent(before);
    for (String name : new String[] {"page.html", "page.htm"}) {
      Path page = Files.writeString(folder.resolve(name), "old");
      assertThat(Cli.run("report", run, "--out", page).code).isZero();
      assertThat(Files.readString(page)).startsWith("<!DOCTYPE html>");
    }
  }

  @Test
  void thePlaceIsLookedAtBeforeRunsAreRead() {
    Path page = folder.resolve("none/page.html");
    Cli cli = Cli.run("report", folder.resolve("no-run"), "--out", page);
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message()).startsWith("cogan: --out " + page + ": cannot write: no folder");
  }
}
