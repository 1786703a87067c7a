package dev.cogan.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConvShapeTest {
  private static final ConvShape SHAPE = ConvShape.of(2, 3, 12, 13, 4, 3, 4, 2, 1);

  /** Kernels keep plans by shape. */
  @Test
  void shapesAreEqualIfAllTheirSizesAre() {
    ConvShape same = ConvShape.of(2, 3, 12, 13, 4, 3, 4, 2, 1);
    assertThat(same).isEqualTo(SHAPE).hasSameHashCodeAs(SHAPE);
    List<ConvShape> others =
        List.of(
            ConvShape.of(1, 3, 12, 13, 4, 3, 4, 2, 1),
            ConvShape.of(2, 5, 12, 13, 4, 3, 4, 2, 1),
            ConvShape.of(2, 3, 11, 13, 4, 3, 4, 2, 1),
            ConvShape.of(2, 3, 12, 12, 4, 3, 4, 2, 1),
            ConvShape.of(2, 3, 12, 13, 6, 3, 4, 2, 1),
            ConvShape.of(2, 3, 12, 13, 4, 4, 4, 2, 1),
            ConvShape.of(2, 3, 12, 13, 4, 3, 3, 2, 1),
            ConvShape.of(2, 3, 12, 13, 4, 3, 4, 3, 1),
            ConvShape.of(2, 3, 12, 13, 4, 3, 4, 2, 2));
    for (ConvShape other : others) {
      assertThat(other).isNotEqualTo(SHAPE).doesNotHaveSameHashCodeAs(SHAPE);
    }
    assertThat(SHAPE).isNotEqualTo(null).isNotEqualTo("a shape");
  }
}
