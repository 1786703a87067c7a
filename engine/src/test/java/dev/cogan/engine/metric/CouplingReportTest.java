package dev.cogan.engine.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.data.ImageTransform;
import dev.cogan.engine.data.ImageTransforms;
import dev.cogan.engine.kernel.ReferenceKernels;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Initializer;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.train.Noise;
import dev.cogan.engine.train.Sampler;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agreement of pairs beside chance, on random black and white images. */
class CouplingReportTest {
  private static final Shape IMAGE = Shape.of(1, 28, 28);
  private static final ImageTransform NEGATIVE = ImageTransforms.named("negative").orElseThrow();

  private static Sampler sampler() {
    List<DomainShape> domains = List.of(new DomainShape("a", IMAGE), new DomainShape("b", IMAGE));
    ModelConfig config =
        new ModelConfig(
            "digits", 3, List.of(4, 3, 2, 2), List.of(2, 2, 4), 4, 3, 0f, false, domains);
    CoupledModel model = CoupledModel.forTraining(config, Memory.heap());
    model.initialise(Initializer.xavierUniform(), 1);
    return new Sampler(model.generators(), 10, Workspace.inference(new ReferenceKernels()));
  }

  private static ImageSet images(int count) {
    return images(count, 255);
  }

  /** Random pixels, all of them multiples of a step from 0 to 255. */
  private static ImageSet images(int count, int step) {
    Random random = new Random(3);
    byte[] pixels = new byte[count * IMAGE.count()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (step * random.nextInt(255 / step + 1));
    }
    return ImageSet.ofBytes(IMAGE, pixels);
  }

  private static DomainData domain(String name, ImageSet images, ImageTransform transform, int to) {
    int[] first = IntStream.range(0, to).toArray();
    return new DomainData(name, name, images.transformed(transform, first));
  }

  private static CouplingReport measure(DomainData a, DomainData b) {
    return measure(a, b, NEGATIVE);
  }

  private static CouplingReport measure(DomainData a, DomainData b, ImageTransform transform) {
    return CouplingReport.measure(
        sampler(), Noise.NORMAL, 1, 20, new int[] {0, 1}, transform, a, b);
  }

  @Test
  void chanceOfUnrelatedImagesIsAHalf() {
    DomainData a = domain("a", images(40), ImageTransforms.IDENTITY, 20);
    DomainData b = new DomainData("b", "b", images(80).transformed(NEGATIVE, reversed(80, 40)));
    assertThat(measure(a, b).chance().binarised()).isBetween(0.48, 0.52);
  }

  @Test
  void chanceOfTheSameImagesInTheSameOrderIsAHalfToo() {
    ImageSet images = images(40);
    DomainData a = domain("a", images, ImageTransforms.IDENTITY, 40);
    DomainData b = domain("b", images, NEGATIVE, 40);
    CouplingReport report = measure(a, b);
    assertThat(report.chance().binarised()).isBetween(0.48, 0.52);
    assertThat(report.blank().binarised()).isBetween(0.48, 0.52);
  }

  /** As from a folder per class: both parts begin with all of the black ones. */
  @Test
  void chanceIsThatOfUnrelatedImagesWhereFilesAreSorted() {
    byte[] pixels = new byte[200 * IMAGE.count()];
    Arrays.fill(pixels, pixels.length / 2, pixels.length, (byte) 255);
    ImageSet images = ImageSet.ofBytes(IMAGE, pixels);
    int[] even = IntStream.range(0, 100).map(i -> 2 * i).toArray();
    int[] odd = IntStream.range(0, 100).map(i -> 2 * i + 1).toArray();
    DomainData a = new DomainData("a", "a", images.transformed(ImageTransforms.IDENTITY, even));
    DomainData b = new DomainData("b", "b", images.transformed(NEGATIVE, odd));
    CouplingReport report =
        CouplingReport.measure(sampler(), Noise.NORMAL, 1, 100, new int[] {0, 1}, NEGATIVE, a, b);
    assertThat(report.chance().binarised()).isBetween(0.35, 0.65);
    assertThat(report.blank().binarised()).isEqualTo(0.5);
    CouplingReport few = measure(a, b);
    assertThat(few.chance().binarised()).as("20 of 100 pairs").isBetween(0.2, 0.8);
    assertThat(few.blank().binarised()).as("20 of 100 pairs").isBetween(0.2, 0.8);
  }

  /** What the transform computes from grey bytes differs by rounding from the bytes kept of it. */
  @ParameterizedTest
  @ValueSource(strings = {"negative", "edge"})
  void roundingDoesNotHideThatImagesAreTheSame(String name) {
    ImageTransform transform = ImageTransforms.named(name).orElseThrow();
    ImageSet images = images(40, 1);
    DomainData a = domain("a", images, ImageTransforms.IDENTITY, 40);
    DomainData b = domain("b", images, transform, 40);
    assertThat(measure(a, b, transform).chance().binarised()).isLessThan(0.9);
  }

  private static int[] reversed(int count, int to) {
    return IntStream.range(0, count - to).map(i -> count - 1 - i).toArray();
  }
}
