package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.io.Npy;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Checkpoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuiltInModelTest {
  @TempDir private Path folder;

  @Test
  void isSmallAndTellsWhereItComesFrom() throws IOException {
    try (InputStream in =
        BuiltInModel.class.getResourceAsStream("model/digits-edges-negatives.safetensors")) {
      assertThat(in.readAllBytes().length).isLessThan(3_000_000);
    }
    try (Checkpoint model = BuiltInModel.open()) {
      assertThat(model.samplesOnly()).isTrue();
      assertThat(model.provenance().get("domains").toString())
          .isEqualTo("[mnist, mnist:edge, mnist:negative]");
      assertThat(model.step()).isGreaterThan(1000);
    }
  }

  /** Its digits and negatives add up to white, as those of one z should. */
  @Test
  void drawsPairsThatBelongTogether() {
    Path out = folder.resolve("p.npy");
    Cli cli = Cli.run("sample", "--model", "builtin", "--seeds", "0-63", "--out", out);
    assertThat(cli.code).as(cli.toString()).isZero();
    Tensor digits = Npy.read(folder.resolve("p.a.npy"));
    Tensor negatives = Npy.read(folder.resolve("p.c.npy"));
    int agree = 0;
    int ink = 0;
    for (int i = 0; i < digits.count(); i++) {
      ink += digits.get(i) > 0.5f ? 1 : 0;
      agree += digits.get(i) > 0.5f == negatives.get(i) <= 0.5f ? 1 : 0;
    }
    assertThat(agree / (double) digits.count()).as("agreement").isGreaterThan(0.95);
    assertThat(ink / (double) digits.count()).as("share of ink").isBetween(0.08, 0.2);
  }

  @Test
  void standsInWhereNothingIsTrained() throws IOException {
    Path runs = folder.resolve("runs");
    assertThat(ModelSource.isNothingIn(runs)).as("no folder").isTrue();
    Files.createDirectory(runs);
    assertThat(ModelSource.isNothingIn(runs)).as("no run").isTrue();
    Path run = Files.createDirectory(runs.resolve("00000-mnist-edge-digits-small"));
    assertThat(ModelSource.isNothingIn(runs)).as("no checkpoint").isTrue();
    Files.createFile(run.resolve("checkpoint-000001.safetensors"));
    assertThat(ModelSource.isNothingIn(runs)).as("even a damaged one is to be said").isFalse();
  }

  @Test
  void otherCommandsTakeItToo() {
    Cli inspect = Cli.run("inspect", "--model", "builtin");
    assertThat(inspect.code).as(inspect.toString()).isZero();
    assertThat(inspect.out).contains("mnist:negative");
    Cli walk =
        Cli.run(
            "interpolate", "--model", "builtin", "--steps", 2, "--out", folder.resolve("w.png"));
    assertThat(walk.code).as(walk.toString()).isZero();
    Cli evaluated = Cli.run("evaluate", "--model", "builtin", "--samples", 200, "--json");
    assertThat(evaluated.code).as(evaluated.toString()).isZero();
    assertThat(evaluated.out).contains("frechet", "\"model\": \"builtin\"");
    Cli resume = Cli.run("train", "--resume", "builtin");
    assertThat(resume.code).isEqualTo(ExitCode.BAD_INPUT);
  }
}
