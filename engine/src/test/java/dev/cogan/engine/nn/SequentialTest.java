package dev.cogan.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.cogan.engine.kernel.ReferenceKernels;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers in a row: shapes, messages, and a backward that reuses two buffers. */
class SequentialTest {
  private static final int BATCH = 3;

  private record Stack(String name, Shape input, Function<ParameterStore, List<Layer>> layers) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Views and layers that work in place at the front, at the end, and after one another. */
  static List<Stack> stacks() {
    return List.of(
        new Stack(
            "views at both ends",
            Shape.of(2, 3),
            s ->
                List.of(
                    new Flatten("n.0"),
                    new Linear(s, "n.1", 6, 8, true),
                    new Tanh("n.2"),
                    new Reshape("n.3", Shape.of(2, 2, 2)))),
        new Stack(
            "view then in place at the end",
            Shape.of(4),
            s ->
                List.of(
                    new Linear(s, "n.0", 4, 6, false),
                    new Tanh("n.1"),
                    new Reshape("n.2", Shape.of(6, 1, 1)),
                    new Sigmoid("n.3"))),
        new Stack(
            "in place first",
            Shape.of(2, 4, 4),
            s ->
                List.of(
                    new Sigmoid("n.0"),
                    new Conv2d(s, "n.1", 2, 3, 3, 1, 1, false),
                    new BatchNorm2d(s, "n.2", 3, true),
                    new Tanh("n.3"),
                    new Flatten("n.4"),
                    new Linear(s, "n.5", 48, 1, true))),
        new Stack(
            "in place only",
            Shape.of(5),
            s -> List.of(new BatchNorm2d(s, "n.0", 5, true), new Tanh("n.1"), new Sigmoid("n.2"))),
        new Stack("views only", Shape.of(6), s -> List.of(new Reshape("n.0", Shape.of(1, 2, 3)))),
        new Stack(
            "two views in a row",
            Shape.of(6),
            s ->
                List.of(
                    new Reshape("n.0", Shape.of(1, 2, 3)),
                    new Flatten("n.1"),
                    new Tanh("n.2"),
                    new Linear(s, "n.3", 6, 2, true))),
        new Stack("nothing", Shape.of(6), s -> List.of()));
  }

  private static Workspace workspace() {
    return new Workspace(new ReferenceKernels(), Memory.heap(), RandomStream.of(1, "dropout"));
  }

  private static final class Run {
    final ParameterStore store = new ParameterStore("test");
    final Sequential network;
    final Pass pass;
    final Tensor in;
    final Tensor dout;

    Run(Stack stack) {
      network = new Sequential("n", stack.input, stack.layers.apply(store));
      store.allocate(Memory.heap(), true);
      Random random = new Random(9);
      for (int i = 0; i < store.count(); i++) {
        store.values()[i] = (float) random.nextGaussian();
      }
      Workspace workspace = workspace();
      workspace.reserveGradients(network.largestActivation(BATCH));
      pass = new Pass(network, BATCH, true, workspace);
      in = TestTensors.normal(random, stack.input.prepend(BATCH));
      dout = TestTensors.normal(random, network.outputShape().prepend(BATCH));
    }

    double loss() {
      return GradientCheck.dot(network.forward(pass, in, Mode.TRAIN), dout);
    }
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void gradients(Stack stack) {
    Run run = new Run(stack);
    run.loss();
    float[] dout = run.dout.data().clone();
    Tensor din = TestTensors.filled(run.in.shape(), Float.NaN);
    run.network.backward(run.pass, din, run.dout, true);

    assertThat(run.dout.data()).as("dout is left as it is").containsExactly(dout);
    GradientCheck.check("input", run.in, din.toArray(), run::loss);
    for (Parameter p : run.store.parameters()) {
      GradientCheck.check(p.name(), p.value(), p.gradient().toArray(), run::loss);
    }
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void onePartOfTheGradientsIsTheSameAsBoth(Stack stack) {
    Run run = new Run(stack);
    run.loss();
    Tensor din = TestTensors.filled(run.in.shape(), Float.NaN);
    run.network.backward(run.pass, din, run.dout, true);
    final float[] both = run.store.gradients().clone();

    run.store.zeroGrad();
    Tensor alone = TestTensors.filled(run.in.shape(), Float.NaN);
    run.network.backward(run.pass, alone, run.dout, false);
    assertThat(alone.toArray()).containsExactly(din.toArray());
    assertThat(run.store.gradients()).containsOnly(both.length == 0 ? new float[0] : zero());

    run.network.backward(run.pass, null, run.dout, true);
    assertThat(run.store.gradients()).containsExactly(both);

    run.network.backward(run.pass, null, run.dout, false);
    assertThat(run.store.gradients()).as("nobody asked").containsExactly(both);
  }

  private static float[] zero() {
    return new float[] {0f};
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void sharedNetworkRunsTwiceBeforeOneBackward(Stack stack) {
    Run run = new Run(stack);
    Workspace workspace = workspace();
    workspace.reserveGradients(run.network.largestActivation(BATCH));
    Pass first = new Pass(run.network, BATCH, true, workspace);
    Pass second = new Pass(run.network, BATCH, true, workspace);
    Tensor other = TestTensors.normal(new Random(10), run.in.shape());
    run.network.forward(first, run.in, Mode.TRAIN);
    run.network.backward(first, null, run.dout, true);
    run.network.forward(second, other, Mode.TRAIN);
    run.network.backward(second, null, run.dout, true);
    final float[] apart = run.store.gradients().clone();

    run.store.zeroGrad();
    run.network.forward(first, run.in, Mode.TRAIN);
    run.network.forward(second, other, Mode.TRAIN);
    run.network.backward(first, null, run.dout, true);
    run.network.backward(second, null, run.dout, true);
    assertThat(run.store.gradients()).containsExactly(apart);
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void inferencePassWithTwoBuffersGivesTheSameOutput(Stack stack) {
    Run run = new Run(stack);
    for (Layer layer : run.network.layers()) {
      if (layer instanceof BatchNorm2d norm) {
        norm.resetRunningStatistics();
      }
    }
    float[] expected = run.network.forward(run.pass, run.in, Mode.INFERENCE).toArray();
    Pass small = new Pass(run.network, BATCH, false, workspace());
    assertThat(run.network.forward(small, run.in, Mode.INFERENCE).toArray())
        .containsExactly(expected);
    Tensor other = TestTensors.normal(new Random(2), run.in.shape());
    run.network.forward(small, other, Mode.INFERENCE);
    assertThat(run.network.forward(small, run.in, Mode.INFERENCE).toArray())
        .as("after other input")
        .containsExactly(expected);
  }

  /** Its two buffers are as large as the outputs that take turns in them, whatever the input is. */
  @Test
  void inferencePassHoldsNoMoreThanItsOutputs() {
    ParameterStore store = new ParameterStore("test");
    List<Layer> layers =
        List.of(
            new Linear(store, "n.0", 1000, 7, false),
            new Tanh("n.1"),
            new Linear(store, "n.2", 7, 40, false),
            new Linear(store, "n.3", 40, 5, false));
    Sequential network = new Sequential("n", Shape.of(1000), layers);
    Memory plan = Memory.counting();
    new Pass(
        network,
        BATCH,
        false,
        new Workspace(new ReferenceKernels(), plan, RandomStream.of(1, "dropout")));
    // Outputs of 7 and 40 take turns with outputs of 7 and 5.
    assertThat(plan.bytesByPurpose()).containsEntry("activations", 4L * BATCH * (40 + 7));
  }

  @Test
  void backwardWithoutTrainingForwardIsRefused() {
    Run run = new Run(stacks().get(0));
    String message = "n: backward needs a forward of the same pass in training mode";
    assertThatIllegalStateException()
        .isThrownBy(() -> run.network.backward(run.pass, null, run.dout, true))
        .withMessage(message);
    run.network.forward(run.pass, run.in, Mode.INFERENCE);
    assertThatIllegalStateException()
        .isThrownBy(() -> run.network.backward(run.pass, null, run.dout, true))
        .withMessage(message);
    Pass sampling = new Pass(run.network, BATCH, false, workspace());
    run.network.forward(sampling, run.in, Mode.TRAIN);
    assertThatIllegalStateException()
        .isThrownBy(() -> run.network.backward(sampling, null, run.dout, true))
        .withMessage(message);
  }

  @Test
  void passOfAnotherNetworkAndOtherInputsAreRefused() {
    Run run = new Run(stacks().get(0));
    Run other = new Run(stacks().get(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run.network.forward(other.pass, run.in, Mode.TRAIN))
        .withMessage("a pass of n in n");
    for (Shape wrong :
        List.of(Shape.of(BATCH + 1, 2, 3), Shape.of(BATCH, 3, 2), Shape.of(BATCH, 6), Shape.of())) {
      assertThatExceptionOfType(ShapeException.class)
          .isThrownBy(() -> run.network.forward(run.pass, Tensor.zeros(wrong), Mode.TRAIN))
          .withMessage("n: expected input [3, 2, 3], got " + wrong);
    }
  }

  @Test
  void neighboursThatDoNotFitAreBothNamed() {
    ParameterStore store = new ParameterStore("test");
    List<Layer> layers = new ArrayList<>();
    layers.add(new Conv2d(store, "discriminators.a.0", 1, 20, 5, 1, 0, true));
    layers.add(new Conv2d(store, "discriminators.a.1", 10, 4, 3, 1, 0, true));
    assertThatExceptionOfType(ShapeException.class)
        .isThrownBy(() -> new Sequential("discriminators.a", Shape.of(1, 28, 28), layers))
        .withMessage(
            "discriminators.a.1: expected input [N, 10, height, width], got [N, 20, 24, 24];"
                + " the shape comes from discriminators.a.0 Conv2d(1, 20, kernel=5)");
    assertThatExceptionOfType(ShapeException.class)
        .isThrownBy(() -> new Sequential("discriminators.a", Shape.of(3, 28, 28), layers))
        .withMessage(
            "discriminators.a.0: expected input [N, 1, height, width], got [N, 3, 28, 28];"
                + " the shape comes from the input of discriminators.a");
  }

  @Test
  void everyLayerNamesWhatItCannotTake() {
    ParameterStore s = new ParameterStore("test");
    refused("l: expected input [N, 4], got [N, 5]", new Linear(s, "l", 4, 2, true), 5);
    refused(
        "l2: expected input [N, 4], got [N, 4, 1, 1]", new Linear(s, "l2", 4, 2, true), 4, 1, 1);
    refused(
        "c: expected input [N, 2, at least 5 rows and columns], got [N, 2, 9, 4]",
        new Conv2d(s, "c", 2, 2, 5, 1, 0, true),
        2,
        9,
        4);
    refused(
        "t: expected input [N, 2, height, width], got [N, 2]",
        new ConvTranspose2d(s, "t", 2, 2, 5, 1, 0, true),
        2);
    refused(
        "t2: expected input [N, 2, more rows and columns], got [N, 2, 1, 1]",
        new ConvTranspose2d(s, "t2", 2, 2, 3, 1, 2, true),
        2,
        1,
        1);
    refused(
        "b: expected input [N, 3, height, width], got [N, 2, 4, 4]",
        new BatchNorm2d(s, "b", 3, false),
        2,
        4,
        4);
    refused("b2: expected input [N, 3], got [N, 2]", new BatchNorm2d(s, "b2", 3, false), 2);
    refused("p: expected input [N, 3, ...], got [N, 2, 4]", new PRelu(s, "p", 3), 2, 4);
    refused(
        "m: expected input [N, channels, at least 3 rows and columns], got [N, 1, 3, 2]",
        new MaxPool2d("m", 3),
        1,
        3,
        2);
    refused(
        "r: expected input [N, 12 elements], got [N, 3, 5]",
        new Reshape("r", Shape.of(3, 4)),
        3,
        5);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Dropout("d", 1f))
        .withMessage("d: dropout must be in [0, 1), got 1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Dropout("d", Float.NaN))
        .withMessage("d: dropout must be in [0, 1), got NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MaxPool2d("p", 0))
        .withMessage("p: expected windows of at least 1 pixel, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BatchNorm2d(new ParameterStore("s"), "b", 0, true))
        .withMessage("b: expected at least 1 channel, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.zeros(2).slice(1, Integer.MAX_VALUE))
        .withMessageContaining("of a batch of 2");
  }

  @Test
  void layersNameTheirOwnSizesThatCannotBe() {
    String sizes =
        "n.0: expected in, out, kernel and stride of at least 1 and pad of at least 0, got ";
    cannotBe(
        s -> new Conv2d(s, "n.0", 2, 3, 5, 0, 1, true),
        sizes + "in=2 out=3 kernel=5 stride=0 pad=1");
    cannotBe(
        s -> new ConvTranspose2d(s, "n.0", 2, 3, 5, 0, 1, true),
        sizes + "in=2 out=3 kernel=5 stride=0 pad=1");
    cannotBe(
        s -> new Conv2d(s, "n.0", 0, 3, 5, 1, 0, true),
        sizes + "in=0 out=3 kernel=5 stride=1 pad=0");
    cannotBe(
        s -> new ConvTranspose2d(s, "n.0", 2, -1, 5, 1, 0, false),
        sizes + "in=2 out=-1 kernel=5 stride=1 pad=0");
    cannotBe(
        s -> new Conv2d(s, "n.0", 2, 3, 0, 1, 0, true),
        sizes + "in=2 out=3 kernel=0 stride=1 pad=0");
    cannotBe(
        s -> new ConvTranspose2d(s, "n.0", 2, 3, 5, 1, -1, true),
        sizes + "in=2 out=3 kernel=5 stride=1 pad=-1");
    cannotBe(
        s -> new Linear(s, "n.0", 4, 0, true),
        "n.0: expected in and out of at least 1, got in=4 out=0");
    cannotBe(
        s -> new Linear(s, "n.0", 0, 4, true),
        "n.0: expected in and out of at least 1, got in=0 out=4");
    cannotBe(s -> new LeakyRelu("n.0", Float.NaN), "n.0: expected a finite slope, got NaN");
    cannotBe(
        s -> new LeakyRelu("n.0", Float.NEGATIVE_INFINITY),
        "n.0: expected a finite slope, got -Infinity");
  }

  private static void cannotBe(Function<ParameterStore, Layer> layer, String message) {
    ParameterStore store = new ParameterStore("n");
    assertThatIllegalArgumentException().isThrownBy(() -> layer.apply(store)).withMessage(message);
    assertThat(store.parameters()).isEmpty();
  }

  private static void refused(String message, Layer layer, int... input) {
    assertThatExceptionOfType(ShapeException.class)
        .isThrownBy(() -> layer.outputShape(Shape.of(input)))
        .withMessage(message);
  }

  @Test
  void inputsMayChangeBetweenCalls() {
    Run run = new Run(stacks().get(5));
    float[] first = run.network.forward(run.pass, run.in, Mode.TRAIN).toArray();
    Tensor other = TestTensors.normal(new Random(4), run.in.shape());
    assertThat(run.network.forward(run.pass, other, Mode.TRAIN).toArray()).isNotEqualTo(first);
    assertThat(run.network.forward(run.pass, run.in, Mode.TRAIN).toArray()).containsExactly(first);
  }

  /** A loop with new arrays in every call must not be kept from giving them back. */
  @Test
  void whatACallerPassedIsForgotten() throws InterruptedException {
    ParameterStore store = new ParameterStore("n");
    Sequential network =
        new Sequential(
            "n",
            Shape.of(4),
            List.of(
                new Reshape("n.0", Shape.of(2, 2, 1)),
                new Tanh("n.1"),
                new Reshape("n.2", Shape.of(4))));
    store.allocate(Memory.heap(), true);
    Pass pass = new Pass(network, BATCH, true, Workspace.inference(new ReferenceKernels()));
    List<WeakReference<float[]>> given = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Tensor input = Tensor.zeros(BATCH, 4);
      Tensor dout = Tensor.zeros(BATCH, 4);
      network.forward(pass, input, Mode.TRAIN);
      network.backward(pass, null, dout, true);
      network.backward(pass, Tensor.zeros(BATCH, 4), dout, true);
      if (i < 10) {
        given.add(new WeakReference<>(input.data()));
        given.add(new WeakReference<>(dout.data()));
      }
    }
    for (int i = 0; i < 50 && given.stream().anyMatch(each -> each.get() != null); i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertThat(given).allMatch(each -> each.get() == null);
  }
}
