package dev.cogan.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.tensor.Shape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DomainLoaderTest {
  @TempDir Path dir;
  private int loads;

  /** Twelve images whose first pixel is their number, as is their label. */
  private final MnistSource twelve =
      () -> {
        loads++;
        byte[] pixels = Arrays.copyOfRange(IdxBytes.images(12, 2, 3), 16, 16 + 72);
        byte[] labels = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
        return ImageSet.ofBytes(Shape.of(1, 2, 3), pixels).withLabels(labels);
      };

  private List<DomainData> load(long seed, String... specs) {
    return new DomainLoader(twelve)
        .load(Arrays.stream(specs).map(DomainSpec::parse).toList(), seed);
  }

  private static Set<Integer> labels(DomainData data) {
    Set<Integer> labels = new TreeSet<>();
    for (int i = 0; i < data.count(); i++) {
      labels.add(data.label(i));
    }
    return labels;
  }

  @Test
  void resizedImagesThatDoNotFitIntoTheHeapAreRefused() throws IOException {
    Path file = Files.write(dir.resolve("dots"), IdxBytes.images(100_000, 1, 1));
    DomainSpec spec = DomainSpec.parse("idx:" + file + ":pad=0");
    // 100,000 images of 1024 x 1024 floats.
    assertThatThrownBy(() -> new DomainLoader(twelve).side(1024).load(List.of(spec), 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(spec.text())
        .hasMessageContaining("100000 images need 400000 MiB")
        .hasMessageContaining("-Xmx");
  }

  @Test
  void domainsOfOneSourceAreDisjoint() {
    List<DomainData> domains = load(1, "mnist", "mnist:negative", "mnist:rotate90");
    Set<Integer> seen = new TreeSet<>();
    for (DomainData domain : domains) {
      assertThat(domain.count()).isEqualTo(4);
      assertThat(labels(domain)).hasSize(4);
      seen.addAll(labels(domain));
    }
    assertThat(seen).hasSize(12); // So none came twice.
    assertThat(loads).isEqualTo(1);
    assertThat(domains.get(2)).hasToString("c (mnist:rotate90): 4 images [1, 3, 2]");
    float[] dest = new float[7];
    for (int i = 0; i < 4; i++) {
      domains.get(0).fill(dest, 1, i);
      assertThat(dest[1]).isEqualTo(domains.get(0).label(i) / 255f);
      domains.get(1).fill(dest, 1, i);
      assertThat(dest[1]).isEqualTo((255 - domains.get(1).label(i)) / 255f);
      domains.get(2).fill(dest, 1, i);
      assertThat(dest[5]).isEqualTo(domains.get(2).label(i) / 255f); // Row 2, column 0.
    }
  }

  @Test
  void aPartHoldsTheWholeSourceOnlyIfAllItsDomainsShareIt() {
    int image = 6; // bytes
    List<DomainData> copied = load(1, "mnist", "mnist:negative");
    assertThat(copied.get(0).bytes()).isEqualTo(6 * image);
    List<DomainData> shared = load(1, "mnist", "mnist");
    assertThat(shared.get(0).bytes()).isEqualTo(12 * image);
    // The same images in the same order either way.
    float[] one = new float[image];
    float[] other = new float[image];
    for (int i = 0; i < 6; i++) {
      copied.get(0).fill(one, 0, i);
      shared.get(0).fill(other, 0, i);
      assertThat(one).isEqualTo(other);
      assertThat(copied.get(0).label(i)).isEqualTo(shared.get(0).label(i));
    }
  }

  @Test
  void theSeedDecidesTheParts() {
    Set<Integer> one = labels(load(1, "mnist", "mnist:edge").get(0));
    assertThat(labels(load(1, "mnist:edge", "mnist").get(0))).isEqualTo(one);
    assertThat(labels(load(2, "mnist", "mnist:edge").get(0))).isNotEqualTo(one);
  }

  @Test
  void whatDoesNotDivideIsLeftOver() {
    List<DomainData> domains = load(1, "mnist", "mnist", "mnist", "mnist", "mnist");
    assertThat(domains).allMatch(domain -> domain.count() == 2);
  }

  @Test
  void oneDomainGetsEverything() {
    assertThat(labels(load(1, "mnist:edge").get(0))).hasSize(12);
  }

  @Test
  void partsCanBeTurnedOff() {
    List<DomainData> domains =
        new DomainLoader(twelve)
            .disjoint(false)
            .load(List.of(DomainSpec.parse("mnist"), DomainSpec.parse("mnist:edge")), 1);
    assertThat(domains).allMatch(domain -> domain.count() == 12);
    assertThat(loads).isEqualTo(1);
  }

  @Test
  void idxImagesArePaddedAndResizedWhereAskedFor() throws IOException {
    Path file = Files.write(dir.resolve("a.idx"), IdxBytes.images(6, 4, 4));
    List<DomainData> domains =
        new DomainLoader(twelve)
            .side(12)
            .load(
                List.of(
                    DomainSpec.parse("idx:" + file + ":pad=1"),
                    DomainSpec.parse("idx:" + file + ":pad=1,negative")),
                1);
    assertThat(domains).allMatch(domain -> domain.shape().equals(Shape.of(1, 12, 12)));
    assertThat(domains).allMatch(domain -> domain.count() == 3);
    float[] image = new float[144];
    domains.get(0).fill(image, 0, 0);
    assertThat(image[0]).isZero();
    domains.get(1).fill(image, 0, 0);
    assertThat(image[0]).isOne();
  }

  @Test
  void filesAreTheSameSourceHoweverTheyAreNamed() throws IOException {
    Path file = Files.write(dir.resolve("a.idx"), IdxBytes.images(6, 4, 4));
    Path other = Files.write(dir.resolve("b.idx"), IdxBytes.gzip(IdxBytes.images(5, 2, 2)));
    List<DomainData> domains =
        load(1, "idx:" + file, "idx:" + other, "idx:" + dir.resolve("./x/../a.idx") + ":edge");
    assertThat(domains.stream().map(DomainData::count)).containsExactly(3, 5, 3);
    assertThat(domains.stream().map(DomainData::name)).containsExactly("a", "b", "c");
    assertThat(domains.get(1).shape()).isEqualTo(Shape.of(1, 2, 2));
    assertThat(domains.get(0).hasLabels()).isFalse();
    assertThat(loads).isZero();
  }

  @Test
  void explainsWhatIsMissing() throws IOException {
    Path one = Files.write(dir.resolve("one.idx"), IdxBytes.images(1, 2, 2));
    assertThatThrownBy(() -> load(1, "idx:" + one, "idx:" + one + ":edge"))
        .isInstanceOf(InputException.class)
        .hasMessage("domain 'idx:" + one + "': 2 domains need disjoint parts of its 1 images");
    assertThatThrownBy(() -> load(1, "idx:" + dir.resolve("none")))
        .isInstanceOf(InputException.class)
        .hasMessage(dir.resolve("none") + ": cannot read: no such file");
    assertThatThrownBy(() -> load(1))
        .isInstanceOf(InputException.class)
        .hasMessage("expected 1 to 26 domains, got 0");
  }

  @Test
  void findsMnistInAFolder() throws IOException {
    Files.write(dir.resolve("train-images-idx3-ubyte"), IdxBytes.images(2, 2, 2));
    assertThat(MnistSource.folder(dir).load().hasLabels()).isFalse();
    Path labels = dir.resolve("train-labels-idx1-ubyte.gz");
    Files.write(labels, IdxBytes.gzip(IdxBytes.labels(2, 3, 4)));
    assertThat(MnistSource.folder(dir).load().label(1)).isEqualTo(4);
    Files.write(labels, IdxBytes.labels(1, 3));
    assertThatThrownBy(() -> MnistSource.folder(dir).load())
        .isInstanceOf(InputException.class)
        .hasMessage(labels + ": 1 labels for 2 images");
    assertThatThrownBy(() -> MnistSource.testFolder(dir).load())
        .isInstanceOf(InputException.class)
        .hasMessage(dir + ": holds neither t10k-images-idx3-ubyte nor the same with .gz");
    assertThatThrownBy(() -> MnistSource.folder(dir.resolve("x")).load())
        .isInstanceOf(InputException.class)
        .hasMessage(dir.resolve("x") + ": no such folder, expected one with the MNIST files");
  }

  @Test
  void readsMnistFromStreams() {
    byte[] images = IdxBytes.gzip(IdxBytes.images(2, 2, 2));
    byte[] labels = IdxBytes.labels(2, 3, 4);
    ImageSet set =
        MnistSource.streams(
                "jar",
                () -> new ByteArrayInputStream(images),
                () -> new ByteArrayInputStream(labels))
            .load();
    assertThat(set.label(0)).isEqualTo(3);
    assertThat(
            MnistSource.streams("jar", () -> new ByteArrayInputStream(images), () -> null)
                .load()
                .hasLabels())
        .isFalse();
    assertThatThrownBy(() -> MnistSource.streams("jar", () -> null, () -> null).load())
        .isInstanceOf(InputException.class)
        .hasMessage("jar: no images there");
    assertThatThrownBy(
            () ->
                MnistSource.streams("jar", () -> new ByteArrayInputStream(labels), () -> null)
                    .load())
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("jar: images: starts with 0x00000801");
  }
}
