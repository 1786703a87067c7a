package dev.cogan.engine.nn;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.ReferenceKernels;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.Random;
import java.util.function.Function;

/** A layer alone with its parameters, an input, an output and a gradient to the output. */
final class LayerRun {
  final Kernels kernels = new ReferenceKernels();
  final ParameterStore store = new ParameterStore("test");
  final Layer layer;
  final Tensor in;
  final Tensor out;
  final Tensor dout;
  private final RandomStream stream = RandomStream.of(11, "dropout");
  private final long streamStart = stream.state();
  private final Cache cache;

  /**
   * Makes the layer with random parameters.
   *
   * @param in {@code [n, input...]}
   */
  LayerRun(Function<ParameterStore, Layer> maker, Tensor in) {
    // Something in front, so that no offset of the layer's own is 0.
    store.parameter("other.weight", Shape.of(7), Parameter.Role.WEIGHT, 1, 1);
    store.buffer("other.buffer", Shape.of(3));
    this.in = in;
    layer = maker.apply(store);
    store.allocate(Memory.heap(), true);
    int n = in.size(0);
    Shape input = in.shape().dropFirst();
    Random random = new Random(5);
    for (Parameter p : layer.parameters()) {
      copy(TestTensors.awayFromZero(random, p.shape()), p.value());
    }
    Shape output = layer.outputShape(input).prepend(n);
    out = TestTensors.filled(output, Float.NaN);
    dout = TestTensors.normal(random, output);
    cache = layer.newCache(input, n, Memory.heap(), stream);
  }

  static void copy(Tensor from, Tensor to) {
    System.arraycopy(from.data(), from.offset(), to.data(), to.offset(), to.count());
  }

  /** A forward for training, with the same dropout mask at each call. */
  void forward() {
    forward(Mode.TRAIN);
  }

  void forward(Mode mode) {
    stream.restore(streamStart);
    layer.forward(kernels, out, in, cache, mode);
  }

  /** The fake loss after a forward of its own. */
  double loss() {
    forward();
    return GradientCheck.dot(out, dout);
  }

  void backward(Tensor din, boolean parameterGradients) {
    layer.backward(kernels, din, dout, in, out, cache, parameterGradients);
  }

  /** As {@link #backward(Tensor, boolean)}, with other memory for the gradients. */
  void backward(Tensor din, Tensor dy, boolean parameterGradients) {
    layer.backward(kernels, din, dy, in, out, cache, parameterGradients);
  }

  Tensor newDin() {
    return TestTensors.filled(in.shape(), Float.NaN);
  }
}
