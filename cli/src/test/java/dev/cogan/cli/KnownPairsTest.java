package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.io.Png;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agreement of pixels is measured where an operator relates the domains, and nowhere else. */
class KnownPairsTest {
  @TempDir private Path folder;

  @Test
  void onlyATransformOfTheSameImagesIsKnown() {
    assertThat(KnownPairs.any(List.of("mnist", "mnist:edge"))).isTrue();
    assertThat(KnownPairs.any(List.of("mnist", "idx:x", "mnist:negative"))).isTrue();
    assertThat(KnownPairs.any(List.of("mnist:edge", "mnist:negative"))).isFalse();
    assertThat(KnownPairs.any(List.of("celeba:D:+Smiling", "celeba:D:+Smiling:edge"))).isTrue();
    assertThat(KnownPairs.any(List.of("celeba:D:+Smiling", "celeba:D:-Smiling:edge"))).isFalse();
    assertThat(KnownPairs.any(List.of("rgbd:D:color", "rgbd:D:depth:negative"))).isFalse();
    assertThat(KnownPairs.any(List.of("idx:FILE", "idx:FILE:pad=2,negative"))).isFalse();
  }

  /** Colour photos and their grey edges: pixels of different shapes cannot agree. */
  @Test
  void aGreyViewOfColourPicturesIsTrained() throws IOException {
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    for (int i = 0; i < 8; i++) {
      byte[] planes = new byte[3 * 28 * 28];
      for (int p = 0; p < planes.length; p++) {
        planes[p] = (byte) (p * (i + 1));
      }
      Files.write(pictures.resolve(i + ".png"), Png.encode(planes, 3, 28, 28));
    }
    String options =
        "train --preset digits-small --size 28 --widths 4,4,4,4 --widths-d 4,4,8 --latent 8"
            + " --batch 4 --noise normal --steps 2 --snapshot 1";
    String spec = "folder:" + pictures + ":rgb";
    Cli cli =
        Cli.run(
            (Object[])
                (options
                        + " --a "
                        + spec
                        + " --b "
                        + spec.replace(":rgb", ":grey,edge")
                        + " --outdir "
                        + folder.resolve("runs"))
                    .split(" "));
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.out).doesNotContain("agreement");
    assertThat(folder.resolve("runs/00000-folder-folder-edge-digits-small/best.json"))
        .doesNotExist();
  }
}
