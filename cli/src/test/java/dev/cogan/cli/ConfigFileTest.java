package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.train.TrainOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class ConfigFileTest {
  @TempDir private Path folder;

  private String[] expand(String... args) {
    return ConfigFile.expand(Main.commandLine(), folder, args);
  }

  private Path file(String name, String json) throws IOException {
    return Files.writeString(folder.resolve(name), json);
  }

  @Test
  void aFileStandsBeforeWhatWasTyped() throws IOException {
    Path file =
        file(
            "c.json",
            "{\"steps\": 30, \"widths\": [8, 6, 6, 4], \"rate-g\": 1e-3,"
                + " \"overlap\": true, \"dry-run\": false, \"b\": \"mnist:negative\"}");
    assertThat(expand("train", "--config", file.toString(), "--steps", "7"))
        .containsExactly(
            "train",
            "--widths=8,6,6,4",
            "--rate-g=0.001",
            "--overlap",
            "--b=mnist:negative",
            "--config",
            file.toString(),
            "--steps",
            "7");
  }

  @Test
  void offGoesBeforeWhatARunHas() throws IOException {
    Path file =
        file(
            "c.json",
            "{\"tensorboard\": false, \"spectral-norm\": false, \"dry-run\": false,"
                + " \"allow\": \"spectral-norm\"}");
    String typed = file.toString();
    assertThat(expand("resume", "x", "--config", typed))
        .containsExactly(
            "resume",
            "--no-tensorboard",
            "--no-spectral-norm",
            "--allow=spectral-norm",
            "x",
            "--config",
            typed);
    assertThat(expand("resume", "x", "--config", typed, "--tensorboard"))
        .startsWith("resume", "--no-spectral-norm", "--allow=spectral-norm", "x");
  }

  @Test
  void anOptionThatIsGivenOftenTakesAList() throws IOException {
    String[][] cases = {
      {"evaluate", "real", "mnist", "mnist:edge"},
      {"classifier", "class", "celeba:x:+A", "celeba:x:-A"},
      {"train", "rename", "a.=b.", "c.=d."},
    };
    for (String[] c : cases) {
      String json = "{\"%s\": {\"%s\": [\"%s\", \"%s\"]}}";
      file("cogan.json", String.format(json, (Object[]) c));
      assertThat(expand(c[0]))
          .containsExactly(c[0], "--" + c[1] + "=" + c[2], "--" + c[1] + "=" + c[3]);
    }
  }

  @Test
  void numbersAndTheirRangesMayBeLists() throws IOException {
    file("cogan.json", "{\"sweep\": {\"k\": [0, 4], \"l\": 3, \"seeds\": [0, \"2-4\"]}}");
    assertThat(expand("sweep")).containsExactly("sweep", "--k=0,4", "--l=3", "--seeds=0,2-4");
  }

  @Test
  void anOptionWithoutItsValueIsTrue() throws IOException {
    Path file = file("c.json", "{\"dashboard\": true}");
    String typed = file.toString();
    assertThat(expand("resume", "x", "--config", typed))
        .containsExactly("resume", "--dashboard=", "x", "--config", typed);
    assertThat(Cli.run("train", "--config", file, "-n").code).isZero();
    file("c.json", "{\"dashboard\": false}");
    assertThat(expand("train", "--config", typed)).containsExactly("train", "--config", typed);
    assertThat(Cli.run("train", "--dashboard=-1", "-n").message())
        .isEqualTo("cogan: --dashboard: expected a port, 0 to 65535, got '-1'");
  }

  @Test
  void partsOfCommandsThatTakeNoFilesAreRefused() throws IOException {
    file("cogan.json", "{\"inspect\": {\"verify\": true}}");
    assertThatThrownBy(() -> expand("train"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "cogan.json: \"inspect\" takes no options from files; expected one of")
        .hasMessageContaining("train, resume, sweep, sample");
  }

  @Test
  void settingsOfARunThatWereChangedToNonsenseAreNamed() throws IOException {
    String[][] cases = {
      {"\"steps\": 3.5", "\"steps\": expected a whole number, 0 or more, found 3.5"},
      {"\"snapshot\": \"two\"", "\"snapshot\": expected a whole number, 1 or more, found \"two\""},
      {"\"keep\": 1", "\"keep\": expected a whole number, 2 or more, found 1"},
      {"\"on_diverge\": \"rolback\"", "\"on_diverge\": expected stop, rollback or rollback:N"},
      {"\"tensorboard\": \"yes\"", "\"tensorboard\": expected true or false, found \"yes\""},
      {"\"stpes\": 4", "\"stpes\" is no setting of a run; did you mean 'steps'?"},
    };
    for (String[] c : cases) {
      Path file = file("options.json", "{" + c[0] + ", \"model\": {}, \"training\": {}}");
      Map<?, ?> json = (Map<?, ?>) Json.read(file);
      assertThatThrownBy(() -> StoredRun.require(file, json))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("options.json: " + c[1]);
    }
  }

  @Test
  void aMistypedNameInsideOfARunsSettingsIsNamed() throws IOException {
    ModelConfig model = Presets.named("digits-best").model();
    TrainOptions training = Presets.named("digits-best").training();
    String json =
        Json.write(
            Map.of(
                "preset",
                "digits-best",
                "domains",
                List.of("mnist", "mnist:edge"),
                "data",
                "jar",
                "disjoint",
                true,
                "model",
                model.toJson(),
                "training",
                training.toJson()));
    Path whole = file("options.json", json);
    TrainPlan plan = TrainPlan.fromJson(whole, (Map<?, ?>) Json.read(whole));
    assertThat(plan.config()).isEqualTo(model);
    assertThat(plan.options()).isEqualTo(training);
    String[][] cases = {
      {
        "\"dropout\":",
        "\"dropuot\":0.1,\"dropout\":",
        "model: unknown field \"dropuot\"; known are"
      },
      {
        "\"height\":",
        "\"hight\":28,\"height\":",
        "model domain: unknown field \"hight\"; known are"
      },
      {"\"r1\":", "\"r2\":1,\"r1\":", "training: unknown field \"r2\"; known are batch, "},
      {"\"beta1\":", "\"beta\":0,\"beta1\":", "training.generator: unknown field \"beta\"; known"},
      {
        "\"gain\":", "\"gains\":1,\"gain\":", "training.initializer: unknown field \"gains\"; known"
      },
    };
    for (String[] c : cases) {
      assertThat(json).contains(c[0]);
      Path file = file("options.json", json.replaceFirst(c[0], c[1]));
      Cli cli = Cli.run("train", "--config", file, "--outdir", folder.resolve("runs"));
      assertThat(cli.code).as(c[1]).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(cli.message()).contains("options.json: " + c[2]);
    }
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  @Test
  void defaultsOfTheWorkingDirectoryAreByCommandAndGiveWayToAConfig() throws IOException {
    file("cogan.json", "{\"train\": {\"seed\": 5}, \"resume\": {\"keep\": 4}}");
    Path other = file("other.json", "{\"seed\": 6}");
    assertThat(expand("train")).containsExactly("train", "--seed=5");
    assertThat(expand("train", "--seed=1")).containsExactly("train", "--seed=1");
    assertThat(expand("train", "--resume", "x")).containsExactly("train", "--resume", "x");
    assertThat(expand("resume", "x")).containsExactly("resume", "--keep=4", "x");
    assertThat(expand("inspect", "x")).containsExactly("inspect", "x");
    assertThat(expand("train", "--config=" + other)).startsWith("train", "--seed=6");
  }

  @Test
  void wrongFilesAreOneLineThatNamesFileAndKey() throws IOException {
    String[][] cases = {
      {"{\"stepz\": 3}", "\"stepz\" is not an option of train; did you mean 'steps'?"},
      {"{\"steps\": \"many\"}", "c.json: \"steps\": expected a whole number of at most 18 digits"},
      {"{\"widths\": [1, \"x\"]}", "c.json: \"widths\": expected a whole number"},
      {"{\"loss\": \"hing\"}", "\"loss\": expected bce, hinge or lsgan, got 'hing'"},
      {"{\"steps\": [3]}", "\"steps\" should be a text or a number, found [3]"},
      {"{\"steps\": null}", "\"steps\" should be"},
      {"{\"no-tensorboard\": true}", "is not an option; write \"tensorboard\": false"},
      {
        "{\"dashboard\": [1]}", "\"dashboard\" should be true, false, a text or a number, found [1]"
      },
      {"{\"dashboard\": -1}", "\"dashboard\": expected a port, 0 to 65535, got '-1'"},
      {"{\"rename\": [[\"a=b\"]]}", "\"rename\" should be a text, a number or a list of them"},
      {"{\"rename\": [\"a\"]}", "\"rename\": expected FROM=TO, got 'a'"},
      {"{\"overlap\": 1}", "\"overlap\" should be true or false, found 1"},
      {"{\"on-diverge\": \"retry\"}", "expected stop, rollback or rollback:N"},
      {"{\"config\": \"x\"}", "\"config\" goes on the command line only"},
      {"{\"help\": true}", "\"help\" goes on the command line only"},
      {"[1]", "expected a JSON object"},
      {"{", "c.json"},
    };
    for (String[] c : cases) {
      Path file = file("c.json", c[0]);
      Cli cli = Cli.run("train", "--config", file, "--outdir", folder.resolve("runs"));
      assertThat(cli.code).as(c[0]).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(cli.message()).as(c[0]).contains("c.json").contains(c[1]);
    }
    assertThat(folder.resolve("runs")).doesNotExist();
    file("cogan.json", "{\"trian\": {}}");
    assertThatThrownBy(() -> expand("train"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("\"trian\" is not a command; did you mean 'train'?");
    assertThat(Cli.run("train", "--config", folder.resolve("none")).message()).contains("none");
  }

  /** Of these commands, each with something that it needs beside what a file says. */
  @ParameterizedTest
  @ValueSource(
      strings = {"sweep", "adapt", "classifier", "transform", "export", "interpolate", "resume"})
  void whatACommandNeedsMayBeTyped(String command) throws IOException {
    Path file = file("c.json", "{\"threads\": 2}");
    String typed = file.toString();
    assertThat(expand(command, "--config", typed))
        .containsExactly(command, "--threads=2", "--config", typed);
    file("cogan.json", "{\"" + command + "\": {\"threads\": 3}}");
    assertThat(expand(command)).containsExactly(command, "--threads=3");
  }

  @Test
  void commandsWithRequiredOptionsTakeFiles() throws IOException {
    Path log = folder.resolve("o.jsonl");
    Path file = file("c.json", "{\"steps\": 300, \"k\": \"4\", \"l\": \"3\", \"seeds\": \"0\"}");
    Cli cli = Cli.run("sweep", "--config", file, "--out", log, "-n");
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.out.lines())
        .containsExactly("to do  edge-cogan-k4-l3-seed0", "to do  negative-cogan-k4-l3-seed0");
    file("c.json", "{\"out\": \"" + log + "\"}");
    assertThat(Cli.run("sweep", "--config", file, "--k", "4", "-n").code).isZero();
    file("c.json", "{\"steps\": \"many\"}");
    assertThat(Cli.run("sweep", "--config", file, "--out", log, "-n").message())
        .contains("c.json: \"steps\": expected a whole number");
    // What is missing after all is said as ever.
    file("c.json", "{\"steps\": 300}");
    assertThat(Cli.run("sweep", "--config", file, "-n").message())
        .isEqualTo("cogan: sweep needs --out");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resume x",
        "train --resume x",
        "sweep --out o.jsonl",
        "sample",
        "evaluate",
        "transform --input x.png",
        "interpolate",
        "export --out x.onnx",
        "adapt",
        "classifier"
      })
  void theOptionsOfARunAreForNewTrainingsOnly(String typed) throws IOException {
    Path file = file("options.json", "{\"model\": {}, \"training\": {}}");
    List<String> args = new ArrayList<>(List.of(typed.split(" ")));
    args.addAll(List.of("--config", file.toString()));
    Cli cli = Cli.run(args.toArray());
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message())
        .contains("options.json: these are the settings of a run, which only a new 'train' takes");
  }

  @Test
  void theOptionsOfARunTrainTheSameAgain() throws IOException {
    Path runs = folder.resolve("runs");
    Cli first =
        Cli.run(
            "train",
            "--widths",
            "8,6,6,4",
            "--batch",
            4,
            "--latent",
            8,
            "--dropout",
            0.25,
            "--seed",
            9,
            "--steps",
            3,
            "--outdir",
            runs);
    assertThat(first.code).as(first.toString()).isZero();
    Path run = runs.resolve("00000-mnist-edge-digits-small");
    Path again = folder.resolve("again");
    Cli second = Cli.run("train", "--config", run.resolve("options.json"), "--outdir", again);
    assertThat(second.code).as(second.toString()).isZero();
    Path other = again.resolve(run.getFileName());
    for (String name : new String[] {"checkpoint-000003.safetensors", "options.json"}) {
      assertThat(Files.readAllBytes(other.resolve(name)))
          .isEqualTo(Files.readAllBytes(run.resolve(name)));
    }
  }
}
