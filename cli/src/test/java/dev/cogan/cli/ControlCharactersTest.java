package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.cli.export.SmallModels;
import dev.cogan.engine.io.Png;
import dev.cogan.engine.io.SafetensorsWriter;
import dev.cogan.engine.train.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What files say is shown in tables and lists, too, but never so that a terminal obeys it. */
class ControlCharactersTest {
  /** Clears the screen, in the way of seven and of eight bits, and begins a line of its own. */
  private static final String LIVELY = "x\u001b[2J\u009b2J\ny";

  private static final String SHOWN = "x?[2J?2J?y";

  @TempDir private Path folder;

  private static void requireHarmless(Cli cli, String shown) {
    assertThat((cli.out + cli.err).chars().filter(c -> c != '\n' && c != '\r'))
        .as(cli.toString())
        .noneMatch(Character::isISOControl);
    assertThat(cli.out + cli.err).contains(shown);
  }

  private Path archive() throws IOException {
    Path zip = folder.resolve("pictures.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry("good.png"));
      out.write(Png.encode(new byte[64], 1, 8, 8));
      out.putNextEntry(new ZipEntry(LIVELY + ".png"));
      out.write("no picture".getBytes());
    }
    return zip;
  }

  @Test
  void ofNamesInAnArchive() throws IOException {
    String domain = "folder:" + archive();
    requireHarmless(Cli.run("dataset", "inspect", domain, "--size", 8), SHOWN + ".png: neither");
    Path out = folder.resolve("out");
    Cli prepare = Cli.run("dataset", "prepare", domain, "--size", 8, "--out", out);
    assertThat(prepare.code).as(prepare.toString()).isZero();
    requireHarmless(prepare, SHOWN + ".png: neither");
  }

  @Test
  void ofACheckpointsProvenance() throws IOException {
    Path file = folder.resolve("model.safetensors");
    SmallModels.write(
        file, SmallModels.narrow(Preset.DIGITS_SMALL), Preset.DIGITS_SMALL.training(1));
    Provenances.edit(file, provenance -> provenance.put("key" + LIVELY, LIVELY));
    Cli cli = Cli.run("inspect", file);
    assertThat(cli.code).as(cli.toString()).isZero();
    requireHarmless(cli, "key" + SHOWN);
  }

  @Test
  void ofTensors() {
    Path file = folder.resolve("other.safetensors");
    new SafetensorsWriter().add(LIVELY, new int[1]).write(file);
    requireHarmless(Cli.run("import", file), SHOWN);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void ofARunsOptions() throws IOException {
    String key = LIVELY.replace("\u001b", "\\u001b").replace("\n", "\\n");
    Files.writeString(folder.resolve("options.json"), "{\"domains\":3,\"preset\":\"" + key + "\"}");
    Files.write(folder.resolve("reals_a.png"), new byte[3]);
    Path named = Files.createDirectory(folder.resolve("run" + LIVELY));
    Files.copy(folder.resolve("options.json"), named.resolve("options.json"));
    Cli cli = Cli.run("report", named, "--out", folder.resolve("page.html"));
    assertThat(cli.code).as(cli.toString()).isZero();
    requireHarmless(cli, "run" + SHOWN + ": options.json: \"domains\"");
  }
}
