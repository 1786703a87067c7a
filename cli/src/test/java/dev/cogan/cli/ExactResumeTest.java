package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.io.ImageGrid;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * N + N steps have the bytes of 2N steps: every preset with narrow nets, every way to train, each
 * half on another number of threads.
 */
@Tag("slow")
class ExactResumeTest {
  private static final String[] CASES = {
    "digits-small --widths 8,6,6,4 --rate-decay linear --rate-decay-steps 1-5",
    "digits-best --widths 8,6,6,4 --rate-decay cosine --rate-decay-steps 1-5",
    "digits --widths 8,6,6,4 --noise normal --dropout 0.3",
    "digits-mlp --widths 16,12,10,8",
    "faces64 --widths 8,6,6,4,4 --widths-d 4,4,4,6,8,8 PICTURES",
    "faces64-small --widths 8,6,6,4,4 --widths-d 4,4,6,8 PICTURES",
    "faces128 --widths 8,6,6,4,4,4 --widths-d 4,4,4,4,6,8,8 PICTURES",
    "rgbd64 --widths 8,6,6,4,4 --widths-d 4,4,4,6,8,8 DEPTH",
    "rgbd64-small --widths 8,6,6,4,4 --widths-d 4,4,6,8 DEPTH",
    "digits-small --widths 8,6,6,4 --algorithm gan",
    "digits-small --widths 8,6,6,4 --algorithm cgan",
    "digits-small --widths 8,6,6,4 --loss hinge --d-steps 2",
    "digits-small --widths 8,6,6,4 --loss lsgan --ema 0.9",
    "digits-small --widths 8,6,6,4 --r1 1 --r1-every 2",
    "digits-small --widths 8,6,6,4 --spectral-norm --clip-updates 1",
    "digits-small --widths 8,6,6,4 --instance-noise 0.1 --weight-decay 1e-4",
    "digits-small --widths 8,6,6,4 --c mnist:negative --k 2 --l 1"
  };

  @TempDir private Path folder;

  static Stream<String> presets() {
    return Stream.of(CASES).map(text -> text.substring(0, text.indexOf(' '))).distinct();
  }

  @Test
  void noPresetIsForgotten() {
    assertThat(presets()).containsAll(Preset.all().stream().map(Preset::label).toList());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void twiceTheStepsInTwoPartsAreTheSameBytes(int number) throws IOException {
    Path whole = train("whole", CASES[number], 1, 4);
    Path parts = train("parts", CASES[number], 2, 2);
    Cli resumed = Cli.run("resume", parts, "--steps", 4, "--threads", 3);
    assertThat(resumed.code).as(resumed.toString()).isZero();
    assertThat(Files.mismatch(last(parts), last(whole))).as(CASES[number]).isEqualTo(-1);
  }

  private static Path last(Path run) {
    return new RunDirectory(run).checkpoint(4);
  }

  private Path train(String name, String text, int threads, int steps) throws IOException {
    List<Object> args = new ArrayList<>(List.of("train", "--preset"));
    args.addAll(List.of((Object[]) text.split(" ")));
    if (args.remove("PICTURES")) {
      String source = "folder:" + pictures("a", 3);
      args.addAll(List.of("--a", source + ":crop,mirror", "--b", "folder:" + pictures("b", 3)));
    }
    if (args.remove("DEPTH")) {
      Path scenes = pictures("rgbd/color", 3).getParent();
      pictures("rgbd/depth", 1);
      args.addAll(List.of("--a", "rgbd:" + scenes + ":color", "--b", "rgbd:" + scenes + ":depth"));
    }
    if (args.contains("--c")) {
      args.addAll(List.of("--a", "mnist", "--b", "mnist:edge"));
    }
    if (text.contains("--algorithm cgan")) {
      args.addAll(List.of("--a", "mnist", "--b", "mnist:negative"));
    } else if (!args.contains("--a") && !text.contains("--rate-decay ")) {
      // Nothing can be compared where the first domain is not the plain one: that would take long.
      args.addAll(List.of("--a", "mnist:negative", "--b", "mnist"));
    }
    if (!text.contains("--rate-decay ")) {
      // Falling rates fit themselves to --steps: half a training would not be a training's half.
      args.addAll(List.of("--rate-decay", "none"));
    }
    Path outdir = folder.resolve(name);
    args.addAll(List.of("--batch", 4, "--latent", 12, "--threads", threads, "--steps", steps));
    args.addAll(List.of("--outdir", outdir, "--progress", "none"));
    Cli cli = Cli.run(args.toArray());
    assertThat(cli.code).as(cli.toString()).isZero();
    try (Stream<Path> runs = Files.list(outdir)) {
      return runs.findFirst().orElseThrow();
    }
  }

  /** A folder of ten small pictures. */
  private Path pictures(String name, int channels) throws IOException {
    Path target = Files.createDirectories(folder.resolve(name));
    Random random = new Random(name.hashCode());
    for (int i = 0; i < 10; i++) {
      Tensor image = Tensor.zeros(1, channels, 16, 16);
      for (int p = 0; p < image.count(); p++) {
        image.set(p, random.nextFloat());
      }
      ImageGrid.ofDomains(List.of(image)).padding(0).write(target.resolve(i + ".png"));
    }
    return target;
  }
}
