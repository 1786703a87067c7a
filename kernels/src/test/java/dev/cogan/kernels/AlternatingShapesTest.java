package dev.cogan.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.kernel.ConvShape;
import dev.cogan.engine.kernel.Parallel;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Tables and packed weights are kept from call to call. Nets call the same kernels with many sizes
 * in turn, so what is kept must neither be made anew each time nor be taken for another size's.
 */
class AlternatingShapesTest {
  private static final List<ConvShape> SHAPES =
      List.of(
          ConvShape.of(8, 1, 10, 10, 8, 5, 5, 1, 0),
          ConvShape.of(8, 3, 10, 10, 9, 5, 5, 1, 0),
          ConvShape.of(8, 3, 17, 17, 16, 5, 5, 2, 2),
          ConvShape.of(8, 4, 16, 18, 17, 5, 4, 2, 2),
          ConvShape.of(8, 8, 12, 12, 8, 4, 4, 2, 1),
          ConvShape.of(8, 8, 16, 16, 9, 3, 3, 2, 1));

  @Test
  void resultsDoNotDependOnTheSizesBefore() {
    VectorKernels used = new VectorKernels(Parallel.none());
    for (int round = 0; round < 2; round++) {
      for (ConvShape s : SHAPES) {
        assertThat(results(used, s))
            .as("%s in round %d", s, round)
            .containsExactly(results(new VectorKernels(Parallel.none()), s));
      }
    }
  }

  @Test
  void tablesAreMadeOnce() {
    ShiftedRows rows = new ShiftedRows(true);
    SHAPES.forEach(rows::prepare);
    int[] at = rows.at;
    int[] weightAt = rows.weightAt;
    SHAPES.forEach(rows::prepare);
    assertThat(rows.at).isSameAs(at);
    assertThat(rows.weightAt).isSameAs(weightAt);
  }

  /** All three passes, one behind the other. */
  private static float[] results(VectorKernels kernels, ConvShape s) {
    float[] x = values(s.inputSize());
    float[] y = values(s.outputSize());
    float[] w = values(s.weightSize());
    float[] all = new float[y.length + x.length + w.length];
    kernels.convForward(s, all, 0, x, 0, w, 0, null, 0);
    kernels.convInputGrad(s, all, y.length, y, 0, w, 0, null, 0);
    kernels.convWeightGrad(s, all, y.length + x.length, x, 0, y, 0);
    return all;
  }

  private static float[] values(long count) {
    Random random = new Random(count);
    float[] values = new float[Math.toIntExact(count)];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }
}
