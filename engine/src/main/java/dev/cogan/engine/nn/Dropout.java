package dev.cogan.engine.nn;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;

/**
 * Dropout (Srivastava et al. 2014), "inverted": in training each value is zeroed with probability p
 * and the others are divided by {@code 1 - p}; in inference nothing happens.
 *
 * <ul>
 *   <li>shapes: any to the same
 *   <li>backward: {@code dx = dy * mask}
 *   <li>keeps the mask, whose values are 0 and {@code 1 / (1 - p)}
 * </ul>
 */
public final class Dropout extends Layer {
  private final float p;

  private static final class Mask extends Cache {
    final float[] mask;
    final RandomStream random;

    /** Whether the last forward passed everything on. */
    boolean all;

    Mask(float[] mask, RandomStream random) {
      this.mask = mask;
      this.random = random;
    }
  }

  /**
   * @param p probability of a zero, 0 or more and below 1
   * @throws IllegalArgumentException if it is not
   */
  public Dropout(String path, float p) {
    super(path);
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException(path + ": dropout must be in [0, 1), got " + p);
    }
    this.p = p;
  }

  @Override
  public String describe() {
    return "Dropout(" + p + ")";
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public boolean backwardInPlace() {
    return true;
  }

  @Override
  public Cache newCache(Shape input, int batch, Memory memory, RandomStream random) {
    return new Mask(memory.floats("activations", (long) batch * input.count()), random);
  }

  @Override
  public void forward(Kernels k, Tensor y, Tensor x, Cache cache, Mode mode) {
    if (mode == Mode.INFERENCE) {
      System.arraycopy(x.data(), x.offset(), y.data(), y.offset(), x.count());
      if (cache instanceof Mask passed) {
        passed.all = true;
      }
      return;
    }
    Mask m = (Mask) cache;
    m.all = false;
    m.random.fillMask(m.mask, 0, x.count(), p, 1 / (1 - p));
    k.multiply(x.count(), y.data(), y.offset(), x.data(), x.offset(), m.mask, 0);
  }

  @Override
  public boolean hasTangent() {
    return true;
  }

  /** A diagonal matrix, so the same as the gradient to the input. */
  @Override
  public void tangent(Kernels k, Tensor dalong, Tensor along, Tensor x, Tensor y, Cache cache) {
    backward(k, dalong, along, x, y, cache, false);
  }

  @Override
  public void backward(
      Kernels k,
      Tensor dx,
      Tensor dy,
      Tensor x,
      Tensor y,
      Cache cache,
      boolean parameterGradients) {
    if (dx == null) {
      return;
    }
    if (((Mask) cache).all) {
      System.arraycopy(dy.data(), dy.offset(), dx.data(), dx.offset(), dy.count());
    } else {
      k.multiply(y.count(), dx.data(), dx.offset(), dy.data(), dy.offset(), ((Mask) cache).mask, 0);
    }
  }
}
