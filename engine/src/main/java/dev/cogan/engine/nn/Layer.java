package dev.cogan.engine.nn;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.List;

/**
 * One step of a network with a forward and a backward written by hand.
 *
 * <p>A layer holds configuration and parameter handles, never activations: it may be run any number
 * of times before a backward. What a call leaves behind is in the {@link Tensor}s and the {@link
 * Cache} that the caller passes; {@link Sequential} and {@link Pass} keep them.
 *
 * <p>Arguments come in one order: output, input, cache. Gradients are named {@code d...}. Gradients
 * of parameters are added to the store's; the gradient of the input is written over what {@code
 * din} held (adding would cost a zeroing and a reading of every activation).
 */
public abstract class Layer {
  private final String path;

  /**
   * @param path where the layer stands, for example {@code generators.shared.3}; parameter names
   *     and messages begin with it
   */
  protected Layer(String path) {
    this.path = path;
  }

  /** Where the layer stands, for example {@code generators.shared.3}. */
  public final String path() {
    return path;
  }

  /** The layer as PyTorch would print it, for example {@code Conv2d(1, 20, kernel=5)}. */
  public abstract String describe();

  /**
   * Shape of one image's output (without the batch) for one image's input.
   *
   * @throws ShapeException if the layer cannot take this input
   */
  public abstract Shape outputShape(Shape input);

  /** Multiply-adds of one image's forward, padding included; 0 for layers that live on memory. */
  public long multiplyAdds(Shape input) {
    return 0;
  }

  /** Parameters in the order of registration; empty for layers without any. */
  public List<Parameter> parameters() {
    return List.of();
  }

  /**
   * The cache for batches of exactly {@code batch} images of shape {@code input}.
   *
   * @param random stream that dropout draws its masks from
   */
  public Cache newCache(Shape input, int batch, Memory memory, RandomStream random) {
    return Cache.NONE;
  }

  /** Whether the output is the input's data in another shape; then nothing is computed or kept. */
  public boolean isView() {
    return false;
  }

  /**
   * Whether several batches can run as one: every image is treated by itself, in training mode too,
   * and the cache keeps nothing of a call.
   */
  public boolean joinsBatches() {
    return false;
  }

  /** Whether {@code din} may be the same memory as {@code dout} in {@link #backward}. */
  public boolean backwardInPlace() {
    return false;
  }

  /**
   * Whether the layer is piecewise linear in its input and treats every image by itself, in
   * training mode too: then it has a {@link #tangent}, and the gradient of a network of such layers
   * to its input is a product of the matrices of {@link #backward}, without a second derivative.
   */
  public boolean hasTangent() {
    return false;
  }

  /**
   * How the output of the forward call that left {@code in}, {@code out} and {@code cache} behind
   * changes when the input moves along {@code along}: {@code dalong = J(in) along}. What {@link
   * #backward} is the transpose of.
   *
   * @param dalong of the output's shape, overwritten; not the memory of {@code along}
   * @param along of the input's shape
   * @throws UnsupportedOperationException without {@link #hasTangent}
   */
  public void tangent(Kernels k, Tensor dalong, Tensor along, Tensor in, Tensor out, Cache cache) {
    throw new UnsupportedOperationException(this + " has no tangent");
  }

  /**
   * Adds the gradient of {@code <dout, J(in) along>} to the parameters' gradients, {@code dout} and
   * {@code along} held fixed. A bias has none.
   */
  public void tangentGradient(Kernels k, Tensor dout, Tensor along, Tensor in, Cache cache) {}

  /**
   * Computes {@code out} from {@code in}.
   *
   * @param out {@code [n, outputShape...]}, overwritten
   * @param in {@code [n, input...]}
   */
  public abstract void forward(Kernels k, Tensor out, Tensor in, Cache cache, Mode mode);

  /**
   * The gradients of the forward call that left {@code in}, {@code out} and {@code cache} behind.
   * After a forward in {@link Mode#INFERENCE} only the gradient to the input may be asked for.
   *
   * @param din gradient to the input, overwritten; null if nobody asks for it
   * @param dout gradient to the output
   * @param parameterGradients whether to add to the gradients of the parameters
   */
  public abstract void backward(
      Kernels k,
      Tensor din,
      Tensor dout,
      Tensor in,
      Tensor out,
      Cache cache,
      boolean parameterGradients);

  @Override
  public String toString() {
    return path + " " + describe();
  }
}
