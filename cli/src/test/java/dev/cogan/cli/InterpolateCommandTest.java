package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterpolateCommandTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void trainOnce() {
    Cli cli =
        Cli.run(
            "train",
            "--widths",
            "6,4,4,4",
            "--latent",
            4,
            "--batch",
            4,
            "--steps",
            1,
            "--outdir",
            folder.resolve("runs"));
    assertThat(cli.code).as(cli.toString()).isZero();
  }

  private static Cli interpolate(Object... args) {
    Object[] all = new Object[args.length + 3];
    all[0] = "interpolate";
    all[1] = "--model";
    all[2] = folder.resolve("runs");
    System.arraycopy(args, 0, all, 3, args.length);
    return Cli.run(all);
  }

  @Test
  void anAnimationAStripAndFrames() throws IOException {
    Path walk = folder.resolve("walk.png");
    Path frames = folder.resolve("frames");
    Cli cli = interpolate("--seeds", "0,5,9", "--steps", 3, "--out", walk, "--frames", frames);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.out.lines())
        .containsExactly(
            walk.toString(), folder.resolve("walk-strip.png").toString(), frames + " (7 frames)");
    String bytes = Files.readString(walk, StandardCharsets.ISO_8859_1);
    assertThat(bytes).contains("acTL");
    assertThat(bytes.split("fcTL")).hasSize(1 + 7);
    assertThat(Files.readString(folder.resolve("walk-strip.png"), StandardCharsets.ISO_8859_1))
        .doesNotContain("acTL");
    try (var files = Files.list(frames)) {
      assertThat(files).hasSize(7);
    }
  }

  @Test
  void aLoopHasNoLastFrameOfItsOwn() throws IOException {
    Path walk = folder.resolve("loop.png");
    Cli cli = interpolate("--seeds", "0,1", "--steps", 4, "--loop", "--out", walk);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(Files.readString(walk, StandardCharsets.ISO_8859_1).split("fcTL")).hasSize(1 + 8);
  }

  @Test
  void placesAreLookedAtBeforeAnythingIsDrawn() throws IOException {
    Path walk = folder.resolve("w.png");
    Path file = Files.createFile(folder.resolve("file"));
    Cli frames = interpolate("--seeds", "0,1", "--steps", 2, "--out", walk, "--frames", file);
    assertThat(frames.code).as(frames.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(frames.message()).isEqualTo("cogan: --frames " + file + ": is not a folder");
    Path strip = Files.createDirectory(folder.resolve("w-strip.png"));
    assertThat(interpolate("--seeds", "0,1", "--steps", 2, "--out", walk).message())
        .startsWith("cogan: --out " + strip + ": is a folder");
    assertThat(walk).doesNotExist();
  }

  /** All frames are kept until they are written. */
  @Test
  void framesThatTheHeapCannotHoldAreRefused() {
    Path walk = folder.resolve("long.png");
    Cli cli = interpolate("--seeds", "0-1", "--steps", 900, "--scale", 64, "--loop", "--out", walk);
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message()).contains("sampling needs", "of a heap of", "--scale");
    assertThat(walk).doesNotExist();
  }

  /** A walk that does not return has a frame more than steps; those of a loop are counted apart. */
  @Test
  void framesAreCountedAsTheyWillBe() {
    Path walk = folder.resolve("count.png");
    Object[] two = {"--seeds", "0,1", "--scale", 64, "--out", walk, "--steps"};
    assertThat(interpolate(append(two, 1500)).message()).contains("sampling needs");
    assertThat(interpolate(append(two, 1999)).message()).contains("sampling needs");
    assertThat(interpolate(append(two, 2000)).message())
        .endsWith("at most 2000 frames, 2 z with 2000 steps from one to the next have 2001");
    assertThat(interpolate(append(two, 1001, "--loop")).message()).endsWith("have 2002");
    assertThat(walk).doesNotExist();
  }

  private static Object[] append(Object[] args, Object... more) {
    List<Object> all = new ArrayList<>(List.of(args));
    all.addAll(List.of(more));
    return all.toArray();
  }

  @Test
  void framesOfTwoWalksAreNotMixed() throws IOException {
    Path walk = folder.resolve("mixed.png");
    Path frames = Files.createDirectory(folder.resolve("mixed"));
    Object[] two = {"--seeds", "0,1", "--out", walk, "--frames", frames, "--steps"};
    assertThat(interpolate(append(two, 2)).code).isZero();
    assertThat(interpolate(append(two, 3)).code).as("all are written anew").isZero();
    Cli shorter = interpolate(append(two, 1));
    assertThat(shorter.code).as(shorter.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(shorter.message())
        .isEqualTo(
            "cogan: --frames "
                + frames
                + ": has frames of a longer walk, such as frame0002.png; expected a folder"
                + " without");
    assertThat(frames.resolve("frame0003.png")).exists();
  }

  @Test
  void wrongInputIsOneLineEach() {
    Object[][] cases = {
      {"--seeds", "3", "two or more z, got 1"},
      {"--steps", 0, "--steps must be 1 to"},
      {"--steps", 1500, "at most 2000 frames"},
      {"--delay", 0, "--delay"},
      {"--out", folder.resolve("walk.gif"), "ending in .png"},
    };
    for (Object[] c : cases) {
      Cli cli =
          c[0].equals("--out")
              ? interpolate(c[0], c[1])
              : interpolate("--out", folder.resolve("no.png"), c[0], c[1]);
      assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(cli.message()).contains(c[2].toString());
    }
    assertThat(folder.resolve("no.png")).doesNotExist();
  }
}
