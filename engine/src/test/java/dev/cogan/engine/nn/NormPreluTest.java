package dev.cogan.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.ReferenceKernels;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batch norm and PReLU in one network against the same two layers run by hand. */
class NormPreluTest {
  private static final int BATCH = 5;
  private static final int CHANNELS = 3;
  private static final Shape IMAGE = Shape.of(CHANNELS, 4, 5);

  private final Kernels kernels = new ReferenceKernels();
  private final Random random = new Random(4);

  @ParameterizedTest
  @CsvSource({"true, 3, TRAIN", "true, 1, TRAIN", "false, 1, TRAIN", "true, 3, INFERENCE"})
  void oneByOneGivesTheSame(boolean affine, int slopes, Mode mode) {
    ParameterStore store = new ParameterStore("test");
    BatchNorm2d norm = new BatchNorm2d(store, "n.0", CHANNELS, affine);
    PRelu prelu = new PRelu(store, "n.1", slopes);
    Sequential network = new Sequential("n", IMAGE, List.of(norm, prelu));
    store.allocate(Memory.heap(), true);
    for (int i = 0; i < store.count(); i++) {
      store.values()[i] = (float) random.nextGaussian();
    }
    norm.resetRunningStatistics();
    norm.runningMean().fill(0.3f);
    Workspace workspace = new Workspace(kernels, Memory.heap(), RandomStream.of(1, "dropout"));
    workspace.reserveGradients(network.largestActivation(BATCH));
    Pass pass = new Pass(network, BATCH, true, workspace);
    Shape batch = IMAGE.prepend(BATCH);
    Tensor x = TestTensors.normal(random, batch);
    Tensor dy = TestTensors.normal(random, batch);
    final boolean train = mode == Mode.TRAIN;
    assertThat(network.isFused(0)).isTrue();

    final Tensor y = network.forward(pass, x, mode);
    Tensor dx = TestTensors.filled(batch, Float.NaN);
    network.backward(pass, dx, dy, train);
    float[] gradients = store.gradients().clone();

    store.zeroGrad();
    Cache cache = norm.newCache(IMAGE, BATCH, Memory.heap(), null);
    Tensor between = TestTensors.filled(batch, Float.NaN);
    Tensor expected = TestTensors.filled(batch, Float.NaN);
    norm.forward(kernels, between, x, cache, mode);
    prelu.forward(kernels, expected, between, Cache.NONE, mode);
    Tensor dbetween = TestTensors.filled(batch, Float.NaN);
    Tensor dexpected = TestTensors.filled(batch, Float.NaN);
    prelu.backward(kernels, dbetween, dy, between, expected, Cache.NONE, train);
    norm.backward(kernels, dexpected, dbetween, x, between, cache, train);

    near(y.toArray(), expected.toArray());
    near(dx.toArray(), dexpected.toArray());
    near(gradients, store.gradients());
  }

  private static void near(float[] actual, float[] expected) {
    assertThat(actual).containsExactly(expected, Offset.offset(1e-5f));
  }
}
