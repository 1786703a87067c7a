package dev.cogan.engine.nn;

import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Layers one after the other. Shapes are checked once, here: a layer that cannot take what its
 * neighbour gives is refused with both their names.
 */
public final class Sequential {
  private final String path;
  private final List<Layer> layers;
  private final List<Shape> shapes = new ArrayList<>();
  private final boolean[] fused;
  private final int firstWithParameters;

  /**
   * @param path where the network stands, for example {@code generators.shared}
   * @param input shape of one input, without the batch
   * @throws ShapeException if the layers do not fit together
   */
  public Sequential(String path, Shape input, List<Layer> layers) {
    this.path = path;
    this.layers = List.copyOf(layers);
    shapes.add(input);
    Shape shape = input;
    String from = "the shape comes from the input of " + path;
    for (Layer layer : layers) {
      Shape output;
      try {
        output = layer.outputShape(shape);
      } catch (ShapeException e) {
        throw new ShapeException(e.getMessage() + "; " + from);
      }
      shapes.add(output);
      shape = output;
      from = "the shape comes from " + layer;
    }
    fused = new boolean[layers.size()];
    for (int i = 0; i + 1 < fused.length; i++) {
      fused[i] = NormPrelu.fits(layers.get(i), layers.get(i + 1), shapes.get(i));
    }
    firstWithParameters = firstWithParameters();
  }

  /** Where the network stands. */
  public String path() {
    return path;
  }

  /** The layers in order. */
  public List<Layer> layers() {
    return layers;
  }

  /** Shape of one input, without the batch. */
  public Shape inputShape() {
    return shapes.get(0);
  }

  /** Shape of one output, without the batch. */
  public Shape outputShape() {
    return shapes.get(layers.size());
  }

  /** Shape that goes into layer {@code index} (and, with the number of layers, the output's). */
  Shape shape(int index) {
    return shapes.get(index);
  }

  /** Whether layer {@code index} and the next one are computed in one. */
  boolean isFused(int index) {
    return fused[index];
  }

  /** Multiply-adds of one image's forward through all layers. */
  public long multiplyAdds() {
    long sum = 0;
    for (int i = 0; i < layers.size(); i++) {
      sum += layers.get(i).multiplyAdds(shapes.get(i));
    }
    return sum;
  }

  /** Floats of the largest activation for a batch: what a gradient buffer must hold. */
  public long largestActivation(int batch) {
    long largest = 0;
    for (Shape shape : shapes) {
      largest = Math.max(largest, (long) batch * shape.count());
    }
    return largest;
  }

  /**
   * Runs the layers.
   *
   * @param input {@code [n, inputShape...]} with the pass's n; kept for the backward call
   * @return the output {@code [n, outputShape...]}, which belongs to the pass
   * @throws ShapeException if the input has another shape
   * @throws IllegalArgumentException if the pass is another network's
   */
  public Tensor forward(Pass pass, Tensor input, Mode mode) {
    pass.begin(this, input, mode);
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      if (layer.isView()) {
        continue;
      }
      begin(pass, layer, false);
      if (pass.isInParts(i)) {
        for (int part = 0; part < pass.parts().size(); part++) {
          forward(pass.parts().get(part), i, mode);
        }
      } else {
        forward(pass, i, mode);
      }
      end(pass);
      if (fused[i]) {
        i++;
      }
    }
    return pass.activation(layers.size());
  }

  /** One layer, or the pair that begins with it. */
  private void forward(Pass pass, int i, Mode mode) {
    Layer layer = layers.get(i);
    if (fused[i]) {
      NormPrelu.forward(
          pass.kernels(),
          (BatchNorm2d) layer,
          (PRelu) layers.get(i + 1),
          pass.activation(i + 2),
          pass.activation(i),
          pass.cache(i),
          mode);
    } else {
      layer.forward(
          pass.kernels(), pass.activation(i + 1), pass.activation(i), pass.cache(i), mode);
    }
  }

  /**
   * Runs the layers' backward in reverse, after a forward in {@link Mode#TRAIN} of the same pass.
   * After a forward in {@link Mode#INFERENCE} it gives the gradient to the input of the network as
   * it samples, with its running statistics held fixed; no parameter can have a gradient then.
   *
   * @param din gradient to the input, overwritten; null if nobody asks for it
   * @param dout gradient to the output; left as it is
   * @param parameterGradients whether to add to the gradients of the parameters
   * @throws IllegalStateException without such a forward, or if the pass was not made for training
   */
  public void backward(Pass pass, Tensor din, Tensor dout, boolean parameterGradients) {
    pass.beginBackward(this, din, dout, parameterGradients);
    // Below the first layer that somebody asks a gradient of, nothing has to be done.
    int first = din != null ? 0 : firstWithParameters;
    if (din == null && !parameterGradients) {
      return;
    }
    Tensor dy = dout;
    boolean dyIsMine = false;
    int i = layers.size() - 1;
    while (i >= first) {
      // The lower layer of a pair that is computed in one, or the layer itself.
      int low = i > 0 && fused[i - 1] ? i - 1 : i;
      Layer layer = layers.get(low);
      Tensor dx;
      if (low <= first) {
        dx = din;
      } else if (layer.isView() || (dyIsMine && layer.backwardInPlace())) {
        dx = pass.reshaped(dy, low);
      } else {
        dx = pass.gradient(dy, low);
        dyIsMine = true;
      }
      begin(pass, layer, true);
      if (pass.isInParts(low)) {
        for (int part = 0; part < pass.parts().size(); part++) {
          Tensor dxOfPart = dx == null ? null : pass.rows(dx, part);
          backward(pass.parts().get(part), low, dxOfPart, pass.rows(dy, part), parameterGradients);
        }
      } else {
        backward(pass, low, dx, dy, parameterGradients);
      }
      end(pass);
      dy = dx;
      i = low - 1;
    }
    if (layers.isEmpty() && din != null) {
      System.arraycopy(dout.data(), dout.offset(), din.data(), din.offset(), dout.count());
    }
  }

  /** One layer, or the pair that begins with it. */
  private void backward(Pass pass, int i, Tensor dx, Tensor dy, boolean parameterGradients) {
    Layer layer = layers.get(i);
    if (fused[i]) {
      NormPrelu.backward(
          pass.kernels(),
          (BatchNorm2d) layer,
          (PRelu) layers.get(i + 1),
          dx,
          dy,
          pass.activation(i),
          pass.cache(i),
          parameterGradients);
    } else {
      layer.backward(
          pass.kernels(),
          dx,
          dy,
          pass.activation(i),
          pass.activation(i + 1),
          pass.cache(i),
          parameterGradients);
    }
  }

  private static void begin(Pass pass, Layer layer, boolean backward) {
    if (pass.probe() != null) {
      pass.probe().begin(layer, backward);
    }
  }

  private static void end(Pass pass) {
    if (pass.probe() != null) {
      pass.probe().end();
    }
  }

  private int firstWithParameters() {
    for (int i = 0; i < layers.size(); i++) {
      if (!layers.get(i).parameters().isEmpty()) {
        return i;
      }
    }
    return layers.size();
  }

  /** One line per layer: path, description, output shape. */
  public String describe() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < layers.size(); i++) {
      text.append(layers.get(i)).append(" -> ").append(shapes.get(i + 1)).append('\n');
    }
    return text.toString();
  }
}
