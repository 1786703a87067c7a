package dev.cogan.engine.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.data.ImageTransform;
import dev.cogan.engine.data.ImageTransforms;
import dev.cogan.engine.data.MnistSource;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.testdata.TestData;
import org.junit.jupiter.api.Test;

/** The three readings by hand, and their values for unrelated real digits. */
class PixelAgreementTest {
  private static final int PAIRS = 10_000;
  private static final int PIECE = 500;
  private static final ImageSet MNIST = MnistSource.folder(TestData.path("mnist")).load();

  private static Tensor row(float... values) {
    return Tensor.of(values, 1, 1, 1, values.length);
  }

  @Test
  void byHand() {
    PixelAgreement agreement = new PixelAgreement();
    agreement.add(row(0.0f, 0.4f, 0.5f, 0.6f), row(0.05f, 0.6f, 0.5f, 1.0f));
    assertThat(agreement.pixels()).isEqualTo(4);
    assertThat(agreement.binarised()).isEqualTo(0.75);
    assertThat(agreement.within()).isEqualTo(0.5);
    assertThat(agreement.oneMinusDistance()).isCloseTo(1 - 0.65 / 4, within(1e-6));
    assertThat(agreement).hasToString("0.750 (|d| <= 0.1: 0.500, 1 - MAE: 0.838)");
    agreement.add(row(1, 1), row(1, 1));
    assertThat(agreement.pixels()).isEqualTo(6);
    assertThat(agreement.binarised()).isCloseTo(5 / 6.0, within(1e-12));
    assertThat(agreement.within()).isCloseTo(4 / 6.0, within(1e-12));
  }

  @Test
  void equalImagesAgreeAndOppositeOnesDoNot() {
    PixelAgreement equal = new PixelAgreement();
    equal.add(row(0, 1, 0.3f), row(0, 1, 0.3f));
    assertThat(equal.binarised()).isOne();
    assertThat(equal.within()).isOne();
    assertThat(equal.oneMinusDistance()).isOne();
    PixelAgreement opposite = new PixelAgreement();
    opposite.add(row(0, 1), row(1, 0));
    assertThat(opposite.binarised()).isZero();
    assertThat(opposite.within()).isZero();
    assertThat(opposite.oneMinusDistance()).isZero();
  }

  @Test
  void otherShapesAreRefused() {
    PixelAgreement agreement = new PixelAgreement();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> agreement.add(row(0, 1), row(0, 1, 0)))
        .withMessage("pixel agreement of [1, 1, 1, 2] with [1, 1, 1, 3]");
    assertThat(agreement.pixels()).isZero();
  }

  @Test
  void edgesOfUnrelatedDigits() {
    PixelAgreement chance = unrelated(ImageTransforms.EDGE);
    assertThat(chance.binarised()).isCloseTo(0.806, within(0.01));
    assertThat(chance.within()).isCloseTo(0.682, within(0.01));
    assertThat(chance.oneMinusDistance()).isCloseTo(0.822, within(0.01));
  }

  @Test
  void negativesOfUnrelatedDigits() {
    PixelAgreement chance = unrelated(ImageTransforms.NEGATIVE);
    assertThat(chance.binarised()).isCloseTo(0.830, within(0.01));
    assertThat(chance.within()).isCloseTo(0.757, within(0.01));
    assertThat(chance.oneMinusDistance()).isCloseTo(0.835, within(0.01));
  }

  @Test
  void blankImageAgainstEdgesAndNegatives() {
    PixelAgreement edge = blank(ImageTransforms.EDGE);
    assertThat(edge.binarised()).isCloseTo(0.870, within(0.01));
    assertThat(edge.within()).isCloseTo(0.786, within(0.01));
    assertThat(edge.oneMinusDistance()).isCloseTo(0.871, within(0.01));
    PixelAgreement negative = blank(ImageTransforms.NEGATIVE);
    assertThat(negative.binarised()).isCloseTo(0.867, within(0.01));
    assertThat(negative.within()).isCloseTo(0.825, within(0.01));
    assertThat(negative.oneMinusDistance()).isCloseTo(0.869, within(0.01));
  }

  private static PixelAgreement unrelated(ImageTransform transform) {
    PixelAgreement agreement = new PixelAgreement();
    for (int from = 0; from < 2 * PAIRS; from += 2 * PIECE) {
      Tensor images = transform.apply(digits(from));
      agreement.add(images.slice(0, PIECE), images.slice(PIECE, PIECE));
    }
    assertThat(agreement.pixels()).isEqualTo(PAIRS * 784L);
    return agreement;
  }

  private static PixelAgreement blank(ImageTransform transform) {
    PixelAgreement agreement = new PixelAgreement();
    for (int from = 0; from < 2 * PAIRS; from += 2 * PIECE) {
      Tensor images = transform.apply(digits(from));
      agreement.add(transform.apply(Tensor.zeros(images.shape())), images);
    }
    return agreement;
  }

  /** Real digits from number {@code from} on. */
  private static Tensor digits(int from) {
    Tensor images = Tensor.zeros(2 * PIECE, 1, 28, 28);
    for (int i = 0; i < images.size(0); i++) {
      MNIST.copyTo(from + i, images.data(), i * 784);
    }
    return images;
  }
}
