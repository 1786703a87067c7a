package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.io.Npy;
import dev.cogan.engine.kernel.KernelSelector;
import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Checkpoint;
import dev.cogan.engine.train.Noise;
import dev.cogan.engine.train.Sampler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleCommandTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void trainOnce() {
    Cli cli =
        Cli.run(
            "train",
            "--widths",
            "8,6,6,4",
            "--latent",
            8,
            "--batch",
            4,
            "--steps",
            2,
            "--outdir",
            folder.resolve("runs"));
    assertThat(cli.code).as(cli.toString()).isZero();
  }

  private static Cli sample(Object... args) {
    Object[] all = new Object[args.length + 3];
    all[0] = "sample";
    all[1] = "--model";
    all[2] = folder.resolve("runs");
    System.arraycopy(args, 0, all, 3, args.length);
    return Cli.run(all);
  }

  @Test
  void truncationMultipliesZ() {
    Tensor z = Tensor.zeros(3, 8);
    Tensor half = Tensor.zeros(3, 8);
    for (int i = 0; i < z.count(); i++) {
      z.set(i, (float) Math.cos(i));
      half.set(i, 0.5f * z.get(i));
    }
    Npy.write(folder.resolve("whole.npy"), z);
    Npy.write(folder.resolve("half.npy"), half);
    Path a = folder.resolve("truncated.npy");
    Path b = folder.resolve("halved.npy");
    assertThat(sample("--latents", folder.resolve("whole.npy"), "--trunc", "0.5", "--out", a).code)
        .isZero();
    assertThat(sample("--latents", folder.resolve("half.npy"), "--out", b).code).isZero();
    assertThat(Npy.read(folder.resolve("truncated.a.npy")).toArray())
        .isEqualTo(Npy.read(folder.resolve("halved.a.npy")).toArray());
    Cli wrong = sample("--truncation", "1.5", "--out", a);
    assertThat(wrong.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(wrong.err).contains("--trunc must be 0 to 1, got 1.5");
    assertThat(sample("--trunc", "much", "--out", a).message())
        .isEqualTo("cogan: --trunc: expected a number such as 0.002 or 2e-3, got 'much'");
  }

  @Test
  void aGridOfPairs() throws IOException {
    Path png = folder.resolve("pairs.png");
    Cli cli = sample("--seeds", "0-7,9", "--out", png);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.out.strip()).isEqualTo(png.toString());
    assertThat(Files.readAllBytes(png)).startsWith(0x89, 'P', 'N', 'G');
  }

  @Test
  void arraysForOtherPrograms() {
    Tensor z = Tensor.zeros(3, 8);
    for (int i = 0; i < z.count(); i++) {
      z.set(i, (float) Math.sin(i));
    }
    Npy.write(folder.resolve("z.npy"), z);
    Cli cli = sample("--latents", folder.resolve("z.npy"), "--out", folder.resolve("p.npy"));
    assertThat(cli.code).as(cli.toString()).isZero();
    for (String name : new String[] {"p.a.npy", "p.b.npy"}) {
      Tensor images = Npy.read(folder.resolve(name));
      assertThat(images.shape().toArray()).containsExactly(3, 1, 28, 28);
      for (float pixel : images.toArray()) {
        assertThat(pixel).isBetween(0f, 1f);
      }
    }
    // The same z, other batches: the same images.
    Cli pieces =
        sample(
            "--latents", folder.resolve("z.npy"), "--out", folder.resolve("q.npy"), "--batch", 2);
    assertThat(pieces.code).isZero();
    assertThat(Npy.read(folder.resolve("q.a.npy")).toArray())
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(Npy.read(folder.resolve("p.a.npy")).toArray());
  }

  /** The lines of the README for those who embed the engine. */
  @Test
  void aFewLinesOfJavaLoadTheModel() {
    Path file = RunDirectory.findCheckpoint(folder.resolve("runs"));
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      Workspace workspace = Workspace.inference(KernelSelector.select().create(Parallel.none()));
      Sampler sampler =
          new Sampler(checkpoint.loadForSampling(workspace.memory()).generators(), 16, workspace);
      Noise noise = checkpoint.options().noise();
      List<Tensor> pairs = sampler.sample(Sampler.latents(noise, sampler.latent(), 1, 2, 3));
      assertThat(pairs).hasSize(2);
      assertThat(pairs.get(1).shape().toArray()).containsExactly(3, 1, 28, 28);
    }
  }

  @Test
  void wrongInputIsOneLineEach() throws IOException {
    Path text = Files.writeString(folder.resolve("text.npy"), "not an array");
    Npy.write(folder.resolve("wide.npy"), Tensor.zeros(2, 9));
    Tensor z = Tensor.zeros(2, 8);
    z.set(8 + 2, Float.NaN);
    Npy.write(folder.resolve("nan.npy"), z);
    Path broken = Files.write(folder.resolve("broken.safetensors"), new byte[] {1, 2, 3});
    Object[][] cases = {
      {"--seeds", "5-3", "runs backwards"},
      {"--seeds", "a", "0-63"},
      {"--seeds", "0-99999999", "at most"},
      {"--out", folder.resolve("x.jpg"), ".png or .npy"},
      {"--out", folder.resolve("missing/x.png"), "missing"},
      {"--latents", folder.resolve("none.npy"), "none.npy"},
      {"--latents", text, "text.npy"},
      {"--latents", folder.resolve("wide.npy"), "[2, 9]"},
      {"--latents", folder.resolve("nan.npy"), "nan.npy: z must be finite, row 1, column 2 is NaN"},
      {"--batch", "0", "--batch"},
      {"--scale", "0", "--scale"},
      {"--columns", "0", "--columns"},
    };
    for (Object[] c : cases) {
      Cli cli =
          c[0].equals("--out")
              ? sample(c[0], c[1])
              : sample("--out", folder.resolve("no.png"), c[0], c[1]);
      assertThat(cli.code).as(c[0] + " " + c[1] + ": " + cli).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(cli.message()).as(c[0] + " " + c[1]).contains(c[2].toString());
    }
    assertThat(folder.resolve("no.png")).doesNotExist();
    Cli cli = Cli.run("sample", "--model", broken, "--out", folder.resolve("no.png"));
    assertThat(cli.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message()).contains("broken.safetensors");
  }

  @Test
  void placesAndSizesAreLookedAtBeforeAnythingIsDrawn() throws IOException {
    Path nowhere = folder.resolve("nowhere");
    assertThat(sample("--out", nowhere.resolve("p.png")).message())
        .startsWith("cogan: --out " + nowhere.resolve("p.png"))
        .endsWith("cannot write: no folder " + nowhere);
    Path taken = Files.createDirectory(folder.resolve("taken.b.npy"));
    Cli arrays = sample("--seeds", "0,1", "--out", folder.resolve("taken.npy"));
    assertThat(arrays.code).as(arrays.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(arrays.message()).startsWith("cogan: --out " + taken + ": is a folder");
    assertThat(folder.resolve("taken.a.npy")).doesNotExist();
    // Larger than any heap by default, and than any array.
    Cli large = sample("--seeds", "0-9999", "--scale", 64, "--out", folder.resolve("l.png"));
    assertThat(large.code).as(large.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(large.message()).contains("too large: fewer samples or a smaller scale");
  }

  @Test
  void inspectVerifiesChecksums() throws Exception {
    Cli whole = Cli.run("inspect", folder.resolve("runs"), "--verify");
    assertThat(whole.code).isEqualTo(ExitCode.DONE);
    assertThat(whole.out).contains("checksums  all as written");
    Path copy = folder.resolve("damaged.safetensors");
    byte[] bytes = Files.readAllBytes(RunDirectory.findCheckpoint(folder.resolve("runs")));
    bytes[bytes.length - 3] ^= 1;
    Files.write(copy, bytes);
    Cli damaged = Cli.run("inspect", copy, "--verify", "--json");
    assertThat(damaged.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(damaged.message()).contains("damaged.safetensors: tensor 'adam.", "' is damaged");
    assertThat(Cli.run("inspect", copy).code).isEqualTo(ExitCode.DONE);
  }

  @Test
  void inspectTellsWhatTheFileHolds() {
    Cli text = Cli.run("inspect", folder.resolve("runs"));
    assertThat(text.code).as(text.toString()).isZero();
    assertThat(text.out)
        .contains("generators.shared.0.weight", "a b (shared)", "step", "mnist:edge");
    Cli json = Cli.run("inspect", folder.resolve("runs"), "--json");
    assertThat(json.code).isZero();
    assertThat(json.out)
        .contains("\"tensors\"", "\"shape\"", "\"shared\": true", "\"provenance\"", "\"kernels\"");
    assertThat(Cli.run("inspect", folder.resolve("none")).code).isEqualTo(ExitCode.BAD_INPUT);
  }

  @Test
  void doctorSaysWhichKernelsAndWhy() {
    Cli cli = Cli.run("doctor", "--threads", 1);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.out).contains("kernels   ", "GFLOP/s", "10000 in the jar");
    assertThat(cli.out).doesNotContain("speed     0 GFLOP/s");
  }
}
