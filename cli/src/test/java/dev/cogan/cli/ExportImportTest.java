package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.cli.export.SmallModels;
import dev.cogan.engine.io.Npy;
import dev.cogan.engine.io.SafetensorsFile;
import dev.cogan.engine.io.SafetensorsWriter;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportImportTest {
  @TempDir private static Path folder;
  private static Path checkpoint;

  @BeforeAll
  static void write() {
    checkpoint = folder.resolve("c.safetensors");
    SmallModels.write(
        checkpoint, SmallModels.narrow(Preset.DIGITS_SMALL), Preset.DIGITS_SMALL.training(1));
  }

  private static Cli export(Object... args) {
    Object[] all = new Object[args.length + 3];
    all[0] = "export";
    all[1] = "--model";
    all[2] = checkpoint;
    System.arraycopy(args, 0, all, 3, args.length);
    return Cli.run(all);
  }

  private static float[] sample(Path model, String name) {
    Path out = folder.resolve(name + ".npy");
    Cli cli = Cli.run("sample", "--model", model, "--seeds", "0-3", "--out", out);
    assertThat(cli.code).as(cli.toString()).isZero();
    return Npy.read(folder.resolve(name + ".b.npy")).toArray();
  }

  @Test
  void onnxFiles() {
    Cli cli = export("--out", folder.resolve("m.onnx"), "--split", "--net", "all");
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.out.lines().map(line -> Path.of(line).getFileName().toString()))
        .containsExactly(
            "m.a.onnx", "m.b.onnx", "m.discriminator.a.onnx", "m.discriminator.b.onnx");
  }

  @Test
  void generatorsAloneDrawTheSame() {
    Path file = folder.resolve("model.safetensors");
    assertThat(export("--out", file).code).isZero();
    assertThat(sample(file, "alone")).containsExactly(sample(checkpoint, "whole"));
    Cli none = Cli.run("export", "--model", file, "--net", "all", "--out", folder + "/x.onnx");
    assertThat(none.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(none.message()).contains("model.safetensors: holds the generators alone");
  }

  @Test
  void optionsOfOtherNetsAreRefused() {
    Path pictures = folder.resolve("none");
    for (String net : new String[] {"discriminators", "all"}) {
      Cli png = export("--format", "png", "--net", net, "--out", pictures);
      assertThat(png.code).as(png.toString()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(png.message())
          .isEqualTo(
              "cogan: --net " + net + " goes without --format png: pictures are the generators'");
    }
    assertThat(pictures).doesNotExist();
    Cli split = export("--split", "--net", "discriminators", "--out", folder + "/none.onnx");
    assertThat(split.code).as(split.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(split.message())
        .isEqualTo("cogan: --split makes files of generators, --net discriminators has none");
  }

  @Test
  void theCheckpointItselfIsNotReplaced() throws IOException {
    byte[] before = Files.readAllBytes(checkpoint);
    Path link = Files.createLink(folder.resolve("link.onnx"), checkpoint);
    for (Path out : new Path[] {checkpoint, link}) {
      Cli cli = export("--out", out);
      assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(cli.message())
          .isEqualTo("cogan: --out " + out + ": is the file of --model, expected another one");
    }
    assertThat(checkpoint).hasBinaryContent(before);
  }

  @Test
  void aCheckpointThatCanBeResumedIsNotReplaced() throws IOException {
    Path other = Files.copy(checkpoint, folder.resolve("checkpoint-000002.safetensors"));
    Path source = folder.resolve("source.safetensors");
    assertThat(export("--out", source).code).isZero();
    byte[] before = Files.readAllBytes(other);
    String message = "cogan: --out " + other + ": is a checkpoint that can be resumed, expected";
    for (Cli cli :
        new Cli[] {
          export("--out", other), Cli.run("import", source, "--like", checkpoint, "--out", other)
        }) {
      assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(cli.message()).isEqualTo(message + " another file");
    }
    assertThat(other).hasBinaryContent(before);
    assertThat(export("--out", source).code).as("a model is replaced").isZero();
  }

  @Test
  void anImportDoesNotReplaceWhatItReads() throws IOException {
    Path source = folder.resolve("read.safetensors");
    assertThat(export("--out", source).code).isZero();
    Cli file = Cli.run("import", source, "--like", checkpoint, "--out", source);
    assertThat(file.code).as(file.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(file.message())
        .isEqualTo("cogan: --out " + source + ": is the file of FILE, expected another one");
    Cli like = Cli.run("import", source, "--like", checkpoint, "--out", checkpoint);
    assertThat(like.code).as(like.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(like.message())
        .isEqualTo("cogan: --out " + checkpoint + ": is the file of --like, expected another one");
    Path none = folder.resolve("none/m.safetensors");
    assertThat(Cli.run("import", source, "--like", checkpoint, "--out", none).message())
        .contains("--out " + none + ": cannot write: no folder");
    Path bin = folder.resolve("m.bin");
    assertThat(Cli.run("import", source, "--like", checkpoint, "--out", bin).message())
        .isEqualTo("cogan: --out " + bin + ": expected a name ending in .safetensors");
  }

  @Test
  void theNameFitsTheFormat() {
    for (String format : new String[] {"onnx", "safetensors"}) {
      Path out = folder.resolve("weights.dat");
      Cli cli = export("--format", format, "--out", out);
      assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(cli.message())
          .isEqualTo("cogan: --out " + out + ": expected a name ending in ." + format);
      assertThat(out).doesNotExist();
    }
  }

  @Test
  void npyAndPng() {
    Path weights = folder.resolve("weights");
    assertThat(export("--format", "npy", "--net", "all", "--out", weights).code).isZero();
    assertThat(weights.resolve("discriminators.shared.0.bias.npy")).exists();
    Cli cli = export("--format", "png", "--seeds", "3,7", "--out", folder.resolve("p"), "--json");
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(folder.resolve("p/seed000007.b.png")).exists();
    assertThat(cli.out).contains("\"format\": \"png\"", "seed000003.a.png");
  }

  /** Not when the last of several files fails. */
  @Test
  void placesAreLookedAtBeforeAnythingIsWritten() throws IOException {
    Path taken = Files.createDirectory(folder.resolve("t.discriminator.b.onnx"));
    Cli onnx = export("--out", folder.resolve("t.onnx"), "--net", "all");
    assertThat(onnx.code).as(onnx.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(onnx.message()).startsWith("cogan: --out " + taken + ": is a folder");
    assertThat(folder.resolve("t.generators.onnx")).doesNotExist();
    Path file = Files.createFile(folder.resolve("a-file"));
    for (String format : new String[] {"npy", "png"}) {
      assertThat(export("--format", format, "--out", file).message())
          .isEqualTo("cogan: --out " + file + ": is not a folder");
    }
    assertThat(export("--out", folder.resolve("none/m.safetensors")).message())
        .startsWith("cogan: --out ")
        .contains("cannot write: no folder");
  }

  @Test
  void wrongOptions() {
    assertThat(export("--out", folder.resolve("x.bin")).message())
        .contains("expected a name in .onnx or .safetensors");
    assertThat(export("--out", folder.resolve("x.onnx"), "--seeds", "1").code)
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(export("--format", "npy", "--out", checkpoint).code).isEqualTo(ExitCode.BAD_INPUT);
  }

  @Test
  void likeARunExcludesWhatDescribesAnotherModel() {
    String[][] options = {
      {"--widths", "8,4,4,4"},
      {"--widths-d", "4,4,4"},
      {"--k", "0"},
      {"--l", "0"},
      {"--latent", "3"},
      {"--algorithm", "gan"},
      {"--dropout", "0.5"},
      {"--noise", "uniform"},
      {"--preset", "digits"},
      {"--channels", "1,1"}
    };
    for (String[] option : options) {
      Cli cli = Cli.run("import", checkpoint, "--like", checkpoint, option[0], option[1]);
      assertThat(cli.code).as(option[0] + " " + cli).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(cli.message())
          .isEqualTo(
              "cogan: --like " + checkpoint + " is the whole model; it excludes " + option[0]);
    }
    assertThat(Cli.run("import", checkpoint, "--like", checkpoint).code).isZero();
  }

  private static Map<String, Tensor> foreign() {
    Path file = folder.resolve("foreign-source.safetensors");
    assertThat(export("--out", file).code).isZero();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (SafetensorsFile source = SafetensorsFile.open(file)) {
      for (String name : source.entries().keySet()) {
        tensors.put(name.replace("generators.shared.", "trunk."), source.readTensor(name));
      }
    }
    return tensors;
  }

  private static Path save(Map<String, Tensor> tensors) {
    Path file = folder.resolve("foreign.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
    tensors.forEach(writer::add);
    writer.add("trunk.1.num_batches_tracked", new long[] {5}).write(file);
    return file;
  }

  private static Cli load(Path file, Path out) {
    return Cli.run(
        "import",
        file,
        "--like",
        checkpoint,
        "--rename",
        "trunk.=generators.shared.",
        "--out",
        out);
  }

  /** PyTorch's nets have biases before batch norm; the pictures must be the same. */
  @Test
  void biasesBeforeBatchNormAreFolded() {
    Map<String, Tensor> tensors = foreign();
    Tensor mean = tensors.get("trunk.1.running_mean");
    Tensor bias = Tensor.zeros(mean.shape());
    for (int c = 0; c < bias.count(); c++) {
      bias.set(c, 0.5f * c - 1);
      mean.set(c, mean.get(c) + bias.get(c));
    }
    tensors.put("trunk.0.bias", bias);
    Path out = folder.resolve("imported.safetensors");
    Cli cli = load(save(tensors), out);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.out).contains("1 folded into the running mean", "1 not used");
    float[] expected = sample(checkpoint, "original");
    float[] found = sample(out, "imported");
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], org.assertj.core.data.Offset.offset(1e-5f));
    }
  }

  @Test
  void whatDoesNotFitIsNamed() throws IOException {
    Map<String, Tensor> tensors = foreign();
    tensors.remove("trunk.2.weight");
    tensors.put("generators.a.0.bias", Tensor.zeros(2));
    Path out = folder.resolve("no.safetensors");
    Cli cli = load(save(tensors), out);
    assertThat(cli.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.out.lines())
        .anyMatch(line -> line.matches("generators.shared.2.weight +\\[1] +- +MISSING"))
        .anyMatch(line -> line.matches("generators.a.0.bias +\\[1] +F32 \\[2] +DIFFERS"));
    assertThat(cli.message()).contains("does not hold every weight");
    assertThat(out).doesNotExist();
    tensors = foreign();
    tensors.get("trunk.0.weight").set(3, Float.NaN);
    assertThat(load(save(tensors), out).message())
        .contains("tensor 'trunk.0.weight' has NaN at element 3");
    assertThat(Files.exists(out)).isFalse();
  }
}
