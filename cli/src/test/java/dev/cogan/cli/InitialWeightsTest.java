package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.io.SafetensorsFile;
import dev.cogan.engine.io.SafetensorsWriter;
import dev.cogan.engine.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --init}. */
@Tag("slow")
class InitialWeightsTest {
  private static final String WEIGHT = "generators.shared.0.weight";

  @TempDir private Path folder;

  private Cli train(String outdir, Object... args) {
    List<Object> all = new ArrayList<>(List.of("train", "--outdir", folder.resolve(outdir)));
    all.addAll(TrainingProcess.TINY);
    all.addAll(List.of(args));
    return Cli.run(all.toArray());
  }

  private static Tensor read(Path file, String name) {
    try (SafetensorsFile source = SafetensorsFile.open(file)) {
      return source.readTensor(name);
    }
  }

  private Path foreign(String name, Tensor tensor) {
    Path file = folder.resolve("foreign.safetensors");
    new SafetensorsWriter().metadata("format", "pt").add(name, tensor).write(file);
    return file;
  }

  @Test
  void aTrainingBeginsWithTheWeightsAndRemembersIt() throws Exception {
    assertThat(train("first", "--steps", 2).code).isZero();
    Path first = RunDirectory.findCheckpoint(folder.resolve("first"));
    Cli cli = train("second", "--steps", 1, "--init", first, "--seed", 5);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.err).contains("fits", "not used").doesNotContain("as initialised");
    // One step of Adam moves no weight further than its rate.
    Tensor before = read(first, WEIGHT);
    Path second = RunDirectory.findCheckpoint(folder.resolve("second"));
    Tensor after = read(second, WEIGHT);
    for (int i = 0; i < before.count(); i++) {
      assertThat(Math.abs(after.get(i) - before.get(i))).isLessThan(0.0031f);
    }
    Cli resumed = Cli.run("resume", folder.resolve("second"), "--steps", 2);
    assertThat(resumed.code).as(resumed.toString()).isZero();
    assertThat(Cli.run("inspect", folder.resolve("second")).out)
        .contains("history", "init " + first.getFileName());
    Path options = RunDirectory.findRun(folder.resolve("second")).resolve("options.json");
    Cli again = Cli.run("train", "--config", options, "--outdir", folder.resolve("third"));
    assertThat(again.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(again.message())
        .contains(
            "began with the weights of " + first.getFileName() + "; name the file with --init");
  }

  /** The weights decide the numbers as much as the options do. */
  @Test
  void theOptionsOfARunGoWithItsWeights() throws Exception {
    assertThat(train("first", "--steps", 0).code).isZero();
    assertThat(train("other", "--steps", 0, "--seed", 1).code).isZero();
    Path first = RunDirectory.findCheckpoint(folder.resolve("first"));
    assertThat(train("second", "--steps", 1, "--init", first).code).isZero();
    RunDirectory second = RunDirectory.of(folder.resolve("second"));
    assertThat(Cli.run("resume", second.path(), "--steps", 1).code).isZero();
    assertThat(second.options()).content().contains("\"crc32\": \"", "\"tensors\": ");

    Path other = RunDirectory.findCheckpoint(folder.resolve("other"));
    Cli refused = repeat(second.options(), other);
    assertThat(refused.code).as(refused.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.message())
        .contains(
            "--init " + other, second.options().toString(), first.getFileName() + " had crc32");
    assertThat(folder.resolve("third")).doesNotExist();

    Path moved = Files.copy(first, folder.resolve("moved.safetensors"));
    Cli same = repeat(second.options(), moved);
    assertThat(same.code).as(same.toString()).isZero();
    assertThat(read(RunDirectory.findCheckpoint(folder.resolve("third")), WEIGHT).data())
        .isEqualTo(read(second.checkpoint(1), WEIGHT).data());

    // Older ones have the name alone: there is nothing to compare.
    String json = Files.readString(second.options());
    String older = json.replaceFirst("(?s)\"init\": \\{.*?\\}", "\"init\": \"x.safetensors\"");
    assertThat(older).isNotEqualTo(json);
    Path options = Files.writeString(folder.resolve("older.json"), older);
    assertThat(repeat(options, other).code).isZero();
    Cli without = Cli.run("train", "--config", options, "--outdir", folder.resolve("third"));
    assertThat(without.message())
        .contains("began with the weights of x.safetensors; name the file");
  }

  @Test
  void theSameFileMustGiveTheSameTensors() {
    assertThat(train("first", "--steps", 0, "--seed", 3).code).isZero();
    Path made = RunDirectory.findCheckpoint(folder.resolve("first"));
    Path file = folder.resolve("half.safetensors");
    String bias = "discriminators.shared.0.bias";
    new SafetensorsWriter()
        .add(WEIGHT, read(made, WEIGHT))
        .add("foreign.0.bias", read(made, bias))
        .write(file);
    String rename = "foreign.=discriminators.shared.";
    Cli both = train("second", "--steps", 0, "--init", file, "--rename", rename);
    assertThat(both.code).as(both.toString()).isZero();
    Path options = RunDirectory.of(folder.resolve("second")).options();
    Cli one = repeat(options, file);
    assertThat(one.code).as(one.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(one.message()).contains("had tensors 2, this has 1 (see --rename)");
    assertThat(repeat(options, file, "--rename", rename).code).isZero();
    // Another model takes what it can of the file.
    assertThat(repeat(options, file, "--dropout", 0.1).code).isZero();
  }

  private Cli repeat(Path options, Path init, Object... more) {
    List<Object> all = new ArrayList<>(List.of("train", "--config", options, "--init", init));
    all.addAll(List.of("--outdir", folder.resolve("third")));
    all.addAll(List.of(more));
    return Cli.run(all.toArray());
  }

  @Test
  void onlyWhatFitsIsTakenAndTheRestIsNamed() {
    assertThat(train("first", "--steps", 0).code).isZero();
    Path made = RunDirectory.findCheckpoint(folder.resolve("first"));
    Path file = foreign("trunk.0.weight", read(made, WEIGHT));
    Cli plan = train("x", "--init", file, "--rename", "trunk.=generators.shared.", "-n");
    assertThat(plan.code).as(plan.toString()).isZero();
    assertThat(plan.out).contains("1 fits").contains("as initialised");
    assertThat(plan.out.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    Cli none = train("x", "--init", file, "--steps", 1);
    assertThat(none.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(none.message()).contains("foreign.safetensors", WEIGHT, "--rename");
    Cli shape = train("x", "--init", foreign(WEIGHT, Tensor.zeros(3, 2)), "--steps", 1);
    assertThat(shape.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(shape.message()).contains(WEIGHT, "[3, 2]");
    Cli missing = train("x", "--init", folder.resolve("nope"), "--steps", 1);
    assertThat(missing.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(Files.exists(folder.resolve("x"))).isFalse();
    assertThat(train("x", "--rename", "a=b").message()).contains("--rename goes with --init");
  }
}
