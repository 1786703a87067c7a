package dev.cogan.engine.check;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.ReferenceKernels;
import dev.cogan.engine.nn.Cache;
import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Mode;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.Random;
import java.util.function.Function;

/** A layer alone with its parameters, an input, an output and a gradient to the output. */
public final class LayerRun {
  /** The arithmetic. */
  public final Kernels kernels;

  /** The parameters. */
  public final ParameterStore store = new ParameterStore("test");

  /** The layer. */
  public final Layer layer;

  /** Its input. */
  public final Tensor in;

  /** Its output. */
  public final Tensor out;

  /** The gradient to the output. */
  public final Tensor dout;

  private final RandomStream stream = RandomStream.of(11, "dropout");
  private final long streamStart = stream.state();
  private final Cache cache;

  /**
   * Makes the layer with random parameters.
   *
   * @param in {@code [n, input...]}
   */
  public LayerRun(Function<ParameterStore, Layer> maker, Tensor in) {
    this(new ReferenceKernels(), maker, in);
  }

  /** The same on given kernels. */
  public LayerRun(Kernels kernels, Function<ParameterStore, Layer> maker, Tensor in) {
    this.kernels = kernels;
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
      copy(RandomTensors.awayFromZero(random, p.shape()), p.value());
    }
    Shape output = layer.outputShape(input).prepend(n);
    out = RandomTensors.filled(output, Float.NaN);
    dout = RandomTensors.normal(random, output);
    cache = layer.newCache(input, n, Memory.heap(), stream);
  }

  /** Copies the elements. */
  public static void copy(Tensor from, Tensor to) {
    System.arraycopy(from.data(), from.offset(), to.data(), to.offset(), to.count());
  }

  /** A forward for training, with the same dropout mask at each call. */
  public void forward() {
    forward(Mode.TRAIN);
  }

  /** A forward in a mode. */
  public void forward(Mode mode) {
    stream.restore(streamStart);
    layer.forward(kernels, out, in, cache, mode);
  }

  /** The fake loss after a forward of its own. */
  public double loss() {
    forward();
    return FiniteDifference.dot(out, dout);
  }

  /** The backward of the last forward. */
  public void backward(Tensor din, boolean parameterGradients) {
    layer.backward(kernels, din, dout, in, out, cache, parameterGradients);
  }

  /** As {@link #backward(Tensor, boolean)}, with other memory for the gradients. */
  public void backward(Tensor din, Tensor dy, boolean parameterGradients) {
    layer.backward(kernels, din, dy, in, out, cache, parameterGradients);
  }

  /** How the last forward's output changes along a direction of the input. */
  public void tangent(Tensor dalong, Tensor along) {
    layer.tangent(kernels, dalong, along, in, out, cache);
  }

  /** The gradient of the last forward's tangent, against {@link #dout}, to the parameters. */
  public void tangentGradient(Tensor along) {
    layer.tangentGradient(kernels, dout, along, in, cache);
  }

  /** Room for a gradient to the input. */
  public Tensor newDin() {
    return RandomTensors.filled(in.shape(), Float.NaN);
  }
}
