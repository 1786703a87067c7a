package dev.cogan.engine.nn;

import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;

/**
 * A named piece of a {@link ParameterStore}: a name, a shape and an offset into the store's one
 * array of values and one of gradients. Layers that share a parameter hold the same object.
 */
public final class Parameter {

  /** What a parameter is for; decides how it is initialised and whether weight decay reaches it. */
  public enum Role {
    /** Matrix or kernel: random initialisation by fan. */
    WEIGHT,
    /** Added per channel: constant initialisation. */
    BIAS,
    /** Scale of a batch norm: starts at 1. */
    SCALE,
    /** Slope of a PReLU: starts at 0.25 (He et al. 2015). */
    SLOPE
  }

  private final ParameterStore store;
  private final String name;
  private final Shape shape;
  private final Role role;
  private final int fanIn;
  private final int fanOut;
  private final int offset;

  Parameter(
      ParameterStore store,
      String name,
      Shape shape,
      Role role,
      int fanIn,
      int fanOut,
      int offset) {
    this.store = store;
    this.name = name;
    this.shape = shape;
    this.role = role;
    this.fanIn = fanIn;
    this.fanOut = fanOut;
    this.offset = offset;
  }

  /** Path, for example {@code generators.shared.3.weight}. */
  public String name() {
    return name;
  }

  /** Shape in PyTorch's order: Linear OI, Conv2d OIHW, ConvTranspose2d IOHW. */
  public Shape shape() {
    return shape;
  }

  /** What the parameter is for. */
  public Role role() {
    return role;
  }

  /**
   * Inputs per output, as {@link Initializer} uses it (0 where it means nothing). In a {@link
   * ConvTranspose2d} it is counted for the convolution that this is read backwards, as PyTorch
   * does: {@code out * kernel * kernel}.
   */
  public int fanIn() {
    return fanIn;
  }

  /**
   * Outputs per input, as {@link Initializer} uses it (0 where it means nothing). In a {@link
   * ConvTranspose2d} {@code in * kernel * kernel}, see {@link #fanIn}.
   */
  public int fanOut() {
    return fanOut;
  }

  /** Index of the first element in the store's arrays. */
  public int offset() {
    return offset;
  }

  /** Number of elements. */
  public int count() {
    return shape.count();
  }

  /** The store's array of values. */
  public float[] values() {
    return store.values();
  }

  /** The store's array of gradients. */
  public float[] gradients() {
    return store.gradients();
  }

  /** A view of the values. */
  public Tensor value() {
    return new Tensor(store.values(), offset, shape);
  }

  /** A view of the gradient. */
  public Tensor gradient() {
    return new Tensor(store.gradients(), offset, shape);
  }

  @Override
  public String toString() {
    return name + " " + shape + " @" + offset;
  }
}
