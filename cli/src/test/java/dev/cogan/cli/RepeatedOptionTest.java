package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An option that is given twice is refused, and takes none of the others with it. */
class RepeatedOptionTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train --seed 1 --seed 2|--seed",
        "train --steps 500 --snapshot 50 --keep 7 --steps 100|--steps",
        "train --tensorboard --no-tensorboard|--tensorboard",
        "train --overlap --overlap|--overlap",
        "train --k 4 --l 3 --k 3|--k",
        "train --spectral-norm --r1 1 --no-spectral-norm|--spectral-norm",
        "resume x --rate-g 1 --batch 4 --rate-g 2|--rate-g",
        "resume x --data a --data b|--data",
        "import x.safetensors --latent 5 --k 2 --latent 6|--latent",
        "train --widths 64,32 --steps 5 --widths 16,8|--widths",
        "adapt --source-images a --source-labels b --target-images c --target-labels d"
            + " --widths 8,6 --widths 4,4|--widths",
        "sweep --out x --tasks edge --tasks negative|--tasks",
        "sample --threads 1 --threads 2|--threads",
        "interpolate --threads 1 --threads 2|--threads",
        "transform --input x --threads 1 --threads 2|--threads",
        "export --out x --threads 1 --threads 2|--threads",
        "gradcheck --threads 1 --threads 2|--threads"
      })
  void isNamed(String typed, String option) {
    Cli cli = Cli.run((Object[]) typed.split(" "));
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message()).contains("'" + option + "'", "should be specified only once");
  }

  /** Groups of the parser take a repeated option for the beginning of a second group. */
  @Test
  void noCommandHasGroups() {
    HelpTest.all()
        .forEach((name, line) -> assertThat(line.getCommandSpec().argGroups()).as(name).isEmpty());
  }

  @Test
  void whatIsTurnedOffByHandLeavesTheRestOfAFile() throws IOException {
    Files.writeString(
        folder.resolve(ConfigFile.DEFAULTS),
        "{\"train\": {\"steps\": 500, \"tensorboard\": true, \"snapshot\": 50, \"keep\": 5}}");
    String[] args = {"train", "--no-tensorboard"};
    assertThat(ConfigFile.expand(Main.commandLine(), folder, args))
        .containsExactly("train", "--steps=500", "--snapshot=50", "--keep=5", "--no-tensorboard");
  }
}
