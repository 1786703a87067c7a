package dev.cogan.engine.nn;

import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All parameters of one team (the generators, or the discriminators) in ONE array of values, ONE of
 * gradients and two of Adam's moments.
 *
 * <p>A layer that several networks share registers its parameters once, so sharing is visible here:
 * one row in {@link #parameters()}, one place in the arrays. The optimiser, the initialisation and
 * the checkpoint are each one loop over one array.
 *
 * <p>Use in two phases: layers register in their constructors, then {@link #allocate} makes the
 * arrays. Who asks for an array that is not there (before that, or gradients and moments of a store
 * that is not trainable) gets an {@link IllegalStateException}.
 */
public final class ParameterStore {
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  private final String name;
  private final List<Parameter> parameters = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, Integer> bufferOffsets = new LinkedHashMap<>();
  private final Map<String, Shape> bufferShapes = new LinkedHashMap<>();
  private int count;
  private int bufferCount;
  private boolean allocated;
  private float[] values;
  private float[] gradients;
  private float[] firstMoments;
  private float[] secondMoments;
  private float[] buffers;

  /**
   * @param name the team, for messages: {@code generators}
   */
  public ParameterStore(String name) {
    this.name = name;
  }

  /** The team's name. */
  public String name() {
    return name;
  }

  /**
   * Registers a parameter.
   *
   * @param path its name; unique within the store
   * @param fanIn inputs per output, for the initialisation; see {@link Parameter#fanIn}
   * @param fanOut outputs per input, for the initialisation
   * @throws IllegalArgumentException if the name is taken, or the array would be too long for Java
   * @throws IllegalStateException after {@link #allocate}
   */
  public Parameter parameter(String path, Shape shape, Parameter.Role role, int fanIn, int fanOut) {
    requireNew(path);
    Parameter parameter = new Parameter(this, path, shape, role, fanIn, fanOut, count);
    parameters.add(parameter);
    count = grown(count, path, shape);
    return parameter;
  }

  /**
   * Registers a buffer: numbers that belong to the model and are saved with it, but are not
   * trained, such as the running statistics of a batch norm.
   *
   * @return index of its first element in {@link #buffers()}
   * @throws IllegalArgumentException if the name is taken, or the array would be too long for Java
   * @throws IllegalStateException after {@link #allocate}
   */
  public int buffer(String path, Shape shape) {
    requireNew(path);
    int offset = bufferCount;
    bufferOffsets.put(path, offset);
    bufferShapes.put(path, shape);
    bufferCount = grown(bufferCount, path, shape);
    return offset;
  }

  private int grown(int before, String path, Shape shape) {
    long after = (long) before + shape.count();
    if (after > LARGEST_ARRAY) {
      throw new IllegalArgumentException(
          name + ": with " + path + " " + shape + " one array would need " + after + " elements");
    }
    return (int) after;
  }

  private void requireNew(String path) {
    if (allocated) {
      throw new IllegalStateException(name + ": " + path + " registered after allocation");
    }
    if (!names.add(path)) {
      throw new IllegalArgumentException(name + ": two parameters named " + path);
    }
  }

  /**
   * Makes the arrays; called once, after all layers have registered.
   *
   * @param trainable whether gradients and moments are needed; sampling needs values only
   */
  public void allocate(Memory memory, boolean trainable) {
    if (allocated) {
      throw new IllegalStateException(name + ": allocated twice");
    }
    allocated = true;
    values = memory.floats("parameters", count);
    buffers = memory.floats("parameters", bufferCount);
    if (trainable) {
      gradients = memory.floats("gradients", count);
      firstMoments = memory.floats("moments", count);
      secondMoments = memory.floats("moments", count);
    }
  }

  /** All parameters, in the order of their offsets. */
  public List<Parameter> parameters() {
    return Collections.unmodifiableList(parameters);
  }

  /**
   * The parameter with this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Parameter parameter(String path) {
    return parameters.stream()
        .filter(p -> p.name().equals(path))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name + ": no parameter " + path));
  }

  /** Names of the buffers, in the order of their offsets. */
  public List<String> bufferNames() {
    return List.copyOf(bufferOffsets.keySet());
  }

  /** A view of a buffer. */
  public Tensor buffer(String path) {
    Shape shape = bufferShape(path);
    return new Tensor(buffers(), bufferOffsets.get(path), shape);
  }

  /**
   * Shape of a buffer.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public Shape bufferShape(String path) {
    Shape shape = bufferShapes.get(path);
    if (shape == null) {
      throw new IllegalArgumentException(name + ": no buffer " + path);
    }
    return shape;
  }

  /** Number of trained floats. */
  public int count() {
    return count;
  }

  /** Values of all parameters. */
  public float[] values() {
    return require(values);
  }

  /** Gradients of all parameters; layers add to them. */
  public float[] gradients() {
    return require(gradients);
  }

  /** Adam's first moments. */
  public float[] firstMoments() {
    return require(firstMoments);
  }

  /** Adam's second moments. */
  public float[] secondMoments() {
    return require(secondMoments);
  }

  /** Values of all buffers. */
  public float[] buffers() {
    return require(buffers);
  }

  /** Whether there are gradients and moments. */
  public boolean trainable() {
    return gradients != null;
  }

  private float[] require(float[] array) {
    if (array == null) {
      throw new IllegalStateException(
          name + (allocated ? ": allocated for sampling only" : ": not allocated yet"));
    }
    return array;
  }

  /** Sets all gradients to zero: a visible line of every training step. */
  public void zeroGrad() {
    Arrays.fill(gradients(), 0f);
  }
}
