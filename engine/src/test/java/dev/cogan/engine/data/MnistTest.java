package dev.cogan.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.testdata.TestData;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Real data: the four MNIST files and the part of them in the command line's jar. */
class MnistTest {
  private static final int PIXELS = 28 * 28;
  private static ImageSet training;

  @BeforeAll
  static void load() {
    training = MnistSource.folder(TestData.path("mnist")).load();
  }

  @Test
  void isTheTrainingSet() {
    assertThat(training).hasToString("60000 images [1, 28, 28]");
    int[] classes = new int[256];
    double sum = 0;
    float[] image = new float[PIXELS];
    for (int i = 0; i < training.count(); i++) {
      classes[training.label(i)]++;
      training.copyTo(i, image, 0);
      for (float value : image) {
        sum += value;
      }
    }
    assertThat(sum / training.count() / PIXELS * 255).isCloseTo(33.318, within(0.001));
    // The published counts of the digits 0 to 9.
    assertThat(Arrays.copyOf(classes, 10))
        .containsExactly(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949);
  }

  @Test
  void readsTheTestSet() {
    ImageSet test = MnistSource.testFolder(TestData.path("mnist")).load();
    assertThat(test).hasToString("10000 images [1, 28, 28]");
    assertThat(List.of(test.label(0), test.label(1), test.label(9999))).containsExactly(7, 2, 6);
  }

  /**
   * Chance, as measured apart from this code: pairs of edge maps (negatives) of unrelated digits.
   */
  @Test
  void transformsGiveTheKnownChanceValues() {
    double[] edge = agreement(ImageTransforms.EDGE);
    assertThat(edge[0]).isCloseTo(0.806, within(0.003));
    assertThat(edge[1]).isCloseTo(0.682, within(0.003));
    assertThat(edge[2]).isCloseTo(0.822, within(0.003));
    double[] negative = agreement(ImageTransforms.NEGATIVE);
    assertThat(negative[0]).isCloseTo(0.830, within(0.003));
    assertThat(negative[1]).isCloseTo(0.757, within(0.003));
    assertThat(negative[2]).isCloseTo(0.835, within(0.003));
  }

  /** Share of pixels that agree: binarised at 0.5, within 0.1, and one minus the mean distance. */
  private static double[] agreement(ImageTransform transform) {
    RandomStream random = RandomStream.of(1, "pairs");
    int pairs = 10_000;
    int[] indices = new int[2 * pairs];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = random.nextInt(training.count());
    }
    ImageSet images = training.transformed(transform, indices);
    float[] a = new float[PIXELS];
    float[] b = new float[PIXELS];
    double[] sums = new double[3];
    for (int pair = 0; pair < pairs; pair++) {
      images.copyTo(2 * pair, a, 0);
      images.copyTo(2 * pair + 1, b, 0);
      for (int i = 0; i < PIXELS; i++) {
        float distance = Math.abs(a[i] - b[i]);
        sums[0] += a[i] >= 0.5f == b[i] >= 0.5f ? 1 : 0;
        sums[1] += distance <= 0.1f ? 1 : 0;
        sums[2] += 1 - distance;
      }
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= (double) pairs * PIXELS;
    }
    return sums;
  }

  @Test
  void theHalvesAreDisjointAndComplete() {
    List<DomainData> halves =
        new DomainLoader(() -> training)
            .load(List.of(DomainSpec.parse("mnist"), DomainSpec.parse("mnist:negative")), 7);
    assertThat(halves.get(0)).hasToString("a (mnist): 30000 images [1, 28, 28]");
    assertThat(halves.get(1)).hasToString("b (mnist:negative): 30000 images [1, 28, 28]");
    double sum = 0;
    float[] image = new float[PIXELS];
    for (int i = 0; i < 30_000; i++) {
      for (int domain = 0; domain < 2; domain++) {
        halves.get(domain).fill(image, 0, i);
        for (float value : image) {
          sum += domain == 0 ? value : 1 - value;
        }
      }
    }
    // The mean is that of the whole set only if each image is in one of the halves.
    assertThat(sum / 60_000 / PIXELS * 255).isCloseTo(33.318, within(0.001));
  }

  @Test
  void theJarsDigitsAreTheFirstThousandOfEachClass() throws IOException {
    Path folder = TestData.root().resolveSibling("cli/src/main/resources/dev/cogan/cli/mnist10k");
    byte[] images = unzip(folder.resolve("images-idx3-ubyte.gz"));
    byte[] labels = unzip(folder.resolve("labels-idx1-ubyte.gz"));
    byte[] all = unzip(TestData.path("mnist/train-images-idx3-ubyte.gz"));
    ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    ByteArrayOutputStream classes = new ByteArrayOutputStream();
    int[] taken = new int[10];
    for (int i = 0; i < training.count(); i++) {
      if (taken[training.label(i)]++ < 1000) {
        pixels.write(all, 16 + i * PIXELS, PIXELS);
        classes.write(training.label(i));
      }
    }
    assertThat(images).isEqualTo(IdxBytes.images(10_000, 28, 28, pixels.toByteArray()));
    assertThat(labels)
        .isEqualTo(
            ByteBuffer.allocate(10_008)
                .putInt(0x00000801)
                .putInt(10_000)
                .put(classes.toByteArray())
                .array());
    ImageSet set =
        MnistSource.streams(
                "the jar",
                () -> new ByteArrayInputStream(images),
                () -> new ByteArrayInputStream(labels))
            .load();
    assertThat(set.shape()).isEqualTo(Shape.of(1, 28, 28));
    assertThat(set.hasLabels()).isTrue();
  }

  private static byte[] unzip(Path path) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(path))) {
      return in.readAllBytes();
    }
  }
}
