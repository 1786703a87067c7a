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
    assertThat(again.message()).contains("name the file with --init");
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
