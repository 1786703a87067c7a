package dev.cogan.engine.random;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EighthTurnTest {

  @Test
  void hasTheBitsOfStrictMath() {
    RandomStream random = RandomStream.of(1, "angles");
    for (int i = 0; i < 200_000; i++) {
      same((random.nextDouble() - 0.5) * Math.PI / 2);
    }
  }

  @Test
  void hasTheBitsOfStrictMathWhereItsFormulaChanges() {
    for (long high : new long[] {0x3fd33333L, 0x3fe90000L, 0x3fe921fbL}) {
      for (long bits = (high << 32) - 1000; bits < (high << 32) + 1000; bits++) {
        same(Double.longBitsToDouble(bits));
        same(-Double.longBitsToDouble(bits));
      }
    }
    // Powers of two from 1 / 2 down to the smallest number, which fdlibm treats apart.
    for (double x = 0.5; x > 0; x /= 2) {
      same(x);
      same(-x);
    }
    same(Math.PI / 4);
    same(-Math.PI / 4);
    same(0.0);
    same(-0.0);
  }

  private static void same(double x) {
    assertThat(Double.doubleToRawLongBits(EighthTurn.sin(x)))
        .as("sine of %s", x)
        .isEqualTo(Double.doubleToRawLongBits(StrictMath.sin(x)));
    assertThat(Double.doubleToRawLongBits(EighthTurn.cos(x)))
        .as("cosine of %s", x)
        .isEqualTo(Double.doubleToRawLongBits(StrictMath.cos(x)));
  }
}
