package dev.cogan.engine.nn;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory of one run of a {@link Sequential} on batches of one size: every layer's output and
 * cache. Planned once and reused, so a training step allocates nothing. A network that runs several
 * times before its backward has one pass for each, or one for all whose parts are batches of their
 * own: convolutions and products then take all parts at once ({@link Layer#joinsBatches}) and read
 * their weights once, layers that look at the batch (batch norm) take one part after the other.
 */
public final class Pass {
  private static final int MOST_FOREIGN = 4;

  private final Sequential network;
  private final Workspace workspace;
  private final int batch;
  private final boolean training;
  private final Tensor[] activations;
  private final Cache[] caches;
  private final Tensor[] evenGradients;
  private final Tensor[] oddGradients;
  private final List<Pass> parts = new ArrayList<>();

  /** Parts and other shapes of tensors, so that a step allocates none. */
  private final List<Tensor> views = new ArrayList<>();

  /** Arrays of callers, the last ones, of which there may be {@link #views}. */
  private final float[][] foreign = new float[MOST_FOREIGN][];

  private int nextForeign;
  private Mode lastMode;

  /**
   * Plans the memory.
   *
   * @param batch images in every batch, at least 1
   * @param training whether there will be a backward; without, two buffers serve all layers in turn
   * @throws IllegalArgumentException if the batch is empty
   */
  public Pass(Sequential network, int batch, boolean training, Workspace workspace) {
    this(network, batch, training, workspace, null);
  }

  /**
   * Plans the memory of a pass that leaves its result in memory of the caller's.
   *
   * @param output {@code [batch, outputShape...]}, where the last layer that computes something
   *     writes to (a network without one gives back its input); null for memory of its own
   */
  public Pass(Sequential network, int batch, boolean training, Workspace workspace, Tensor output) {
    this(network, batch, training, workspace, true);
    planActivations(output);
  }

  /**
   * Plans the memory of several batches that run together in training.
   *
   * @param count number of batches
   * @param batch images in each of them
   */
  public static Pass ofBatches(Sequential network, int count, int batch, Workspace workspace) {
    Pass whole = new Pass(network, count * batch, true, workspace, false);
    whole.planActivations(null);
    for (int part = 0; part < count; part++) {
      Pass pass = new Pass(network, batch, true, workspace, true);
      pass.takeRows(whole, part * batch);
      whole.parts.add(pass);
    }
    return whole;
  }

  /**
   * The last parts of a pass {@link #ofBatches}, as a pass of their own over the same memory: what
   * one leaves behind, the other overwrites.
   *
   * @param first the first part
   * @throws IllegalArgumentException if there is no such part
   */
  public Pass partsFrom(int first) {
    if (first < 0 || first >= parts.size()) {
      throw new IllegalArgumentException(
          network.path() + ": expected a part from 0 to " + (parts.size() - 1) + ", got " + first);
    }
    int from = first * parts.get(0).batch;
    Pass pass = new Pass(network, batch - from, true, workspace, false);
    pass.takeRows(this, from);
    pass.parts.addAll(parts.subList(first, parts.size()));
    return pass;
  }

  /**
   * @param alone whether every layer takes the whole batch, so that all need a cache for it
   */
  private Pass(
      Sequential network, int batch, boolean training, Workspace workspace, boolean alone) {
    if (batch < 1) {
      throw new IllegalArgumentException(
          network.path() + ": expected a batch of at least one image, got " + batch);
    }
    this.network = network;
    this.workspace = workspace;
    this.batch = batch;
    this.training = training;
    int count = network.layers().size();
    activations = new Tensor[count + 1];
    caches = new Cache[count];
    evenGradients = new Tensor[count + 1];
    oddGradients = new Tensor[count + 1];
    for (int i = 0; i < count; i++) {
      Layer layer = network.layers().get(i);
      if (alone || layer.joinsBatches()) {
        caches[i] =
            layer.newCache(network.shape(i), batch, workspace.memory(), workspace.dropout());
      }
    }
    if (training) {
      workspace.reserveGradients(network.largestActivation(batch));
      for (int i = 0; i <= count; i++) {
        Shape shape = network.shape(i).prepend(batch);
        evenGradients[i] = new Tensor(workspace.gradientBuffer(0), 0, shape);
        oddGradients[i] = new Tensor(workspace.gradientBuffer(1), 0, shape);
      }
    }
  }

  private void planActivations(Tensor output) {
    int last = output == null ? -1 : lastComputing();
    Memory memory = workspace.memory();
    long[] sizes = training ? null : turnSizes();
    float[][] turns = new float[2][];
    int turn = 0;
    for (int i = 0; i < caches.length; i++) {
      Layer layer = network.layers().get(i);
      Shape shape = network.shape(i + 1).prepend(batch);
      if (network.isFused(i)) {
        activations[i + 1] = null;
      } else if (layer.isView()) {
        // Bound to the layer before: to its memory here, or to the caller's input in begin().
        activations[i + 1] = activations[i] == null ? null : activations[i].reshape(shape);
      } else if (i == last) {
        activations[i + 1] = output.reshape(shape);
      } else if (training) {
        activations[i + 1] = new Tensor(memory.floats("activations", shape.count()), 0, shape);
      } else {
        if (turns[turn] == null) {
          turns[turn] = memory.floats("activations", sizes[turn]);
        }
        activations[i + 1] = new Tensor(turns[turn], 0, shape);
        turn = 1 - turn;
      }
    }
  }

  private int lastComputing() {
    int i = caches.length - 1;
    while (i >= 0 && network.layers().get(i).isView()) {
      i--;
    }
    return i;
  }

  /** The activations are images of another pass's, from {@code row} on. */
  private void takeRows(Pass whole, int row) {
    for (int i = 1; i < activations.length; i++) {
      Tensor all = whole.activations[i];
      activations[i] = all == null ? null : all.slice(row, batch);
    }
  }

  /**
   * What each of the two buffers must hold when there is no backward. A head of a coupled generator
   * makes small images from large features, which are not its memory.
   */
  private long[] turnSizes() {
    long[] sizes = new long[2];
    int turn = 0;
    for (int i = 0; i < caches.length; i++) {
      if (!network.isFused(i) && !network.layers().get(i).isView()) {
        sizes[turn] = Math.max(sizes[turn], (long) batch * network.shape(i + 1).count());
        turn = 1 - turn;
      }
    }
    return sizes;
  }

  /** Images in every batch. */
  public int batch() {
    return batch;
  }

  Kernels kernels() {
    return workspace.kernels();
  }

  LayerProbe probe() {
    return workspace.probe();
  }

  /** Remembers the input and what the forward is for. */
  void begin(Sequential caller, Tensor input, Mode mode) {
    if (caller != network) {
      throw new IllegalArgumentException("a pass of " + network.path() + " in " + caller.path());
    }
    Shape expected = network.inputShape();
    boolean fits = input.shape().rank() > 0 && input.size(0) == batch;
    for (int i = 0; fits && i < expected.rank(); i++) {
      fits = input.shape().rank() == expected.rank() + 1 && input.size(i + 1) == expected.size(i);
    }
    if (!fits) {
      throw new ShapeException(
          network.path()
              + ": expected input "
              + expected.prepend(batch)
              + ", got "
              + input.shape());
    }
    take(input);
    boolean changed = !input.equals(activations[0]);
    activations[0] = input;
    for (int i = 0; changed && i < caches.length && network.layers().get(i).isView(); i++) {
      activations[i + 1] = activations[i].reshape(network.shape(i + 1).prepend(batch));
    }
    lastMode = mode;
    for (int part = 0; part < parts.size(); part++) {
      parts.get(part).begin(caller, rows(input, part), mode);
    }
  }

  /** Whether layer {@code index} takes the parts of the batch one after the other. */
  boolean isInParts(int index) {
    return !parts.isEmpty() && !network.layers().get(index).joinsBatches();
  }

  /** The batches that run together, if there are several; each is a pass of its own, too. */
  public List<Pass> parts() {
    return parts;
  }

  /** The images of one part in a tensor of the whole batch. */
  Tensor rows(Tensor whole, int part) {
    int rows = parts.get(part).batch;
    int row = part * rows;
    int offset = whole.offset() + row * (whole.count() / batch);
    for (int i = 0; i < views.size(); i++) {
      Tensor view = views.get(i);
      if (view.data() == whole.data()
          && view.offset() == offset
          && view.size(0) == rows
          && sameImages(view.shape(), whole.shape())) {
        return view;
      }
    }
    Tensor view = whole.slice(row, rows);
    views.add(view);
    return view;
  }

  private static boolean sameImages(Shape one, Shape other) {
    boolean same = one.rank() == other.rank();
    for (int i = 1; same && i < one.rank(); i++) {
      same = one.size(i) == other.size(i);
    }
    return same;
  }

  /** A caller's tensor comes in: views of older callers' arrays would keep those for ever. */
  private void take(Tensor given) {
    for (float[] known : foreign) {
      if (known == given.data()) {
        return;
      }
    }
    float[] old = foreign[nextForeign];
    if (old != null) {
      views.removeIf(view -> view.data() == old);
    }
    foreign[nextForeign] = given.data();
    nextForeign = (nextForeign + 1) % MOST_FOREIGN;
  }

  /** Begins a backward from the gradient to the output to that to the input, perhaps null. */
  void beginBackward(Sequential caller, Tensor din, Tensor dout, boolean parameterGradients) {
    requireTrained(caller, parameterGradients);
    take(dout);
    if (din != null) {
      take(din);
    }
  }

  /** Parameters learn from training forwards only; an input's gradient may come from either. */
  private void requireTrained(Sequential caller, boolean parameterGradients) {
    boolean modeFits = parameterGradients ? lastMode == Mode.TRAIN : lastMode != null;
    if (caller != network || !training || !modeFits) {
      throw new IllegalStateException(
          caller.path() + ": backward needs a forward of the same pass in training mode");
    }
  }

  /**
   * Input of layer {@code index}; with the number of layers, the output of the network. Null
   * between a batch norm and the PReLU behind it if they are computed in one.
   */
  public Tensor activation(int index) {
    return activations[index];
  }

  /** Cache of layer {@code index}. */
  public Cache cache(int index) {
    return caches[index];
  }

  /** The gradient buffer that does not hold {@code dy}, shaped like the input of a layer. */
  Tensor gradient(Tensor dy, int layer) {
    return dy.data() == evenGradients[0].data() ? oddGradients[layer] : evenGradients[layer];
  }

  /** The memory of {@code dy}, shaped like the input of a layer. */
  Tensor reshaped(Tensor dy, int layer) {
    Shape shape = activations[layer].shape();
    if (dy.shape().equals(shape)) {
      return dy;
    }
    if (dy.data() == evenGradients[0].data()) {
      return evenGradients[layer];
    }
    if (dy.data() == oddGradients[0].data()) {
      return oddGradients[layer];
    }
    for (int i = 0; i < views.size(); i++) {
      Tensor view = views.get(i);
      if (view.data() == dy.data() && view.offset() == dy.offset() && view.shape().equals(shape)) {
        return view;
      }
    }
    Tensor view = dy.reshape(shape);
    views.add(view);
    return view;
  }
}
