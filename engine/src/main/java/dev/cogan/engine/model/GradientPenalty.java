package dev.cogan.engine.model;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.Pass;
import dev.cogan.engine.nn.Sequential;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The penalty R1 of a domain's discriminator on its real images x (Mescheder, Geiger and Nowozin
 * 2018),
 *
 * <pre>
 *   P = weight / 2 * mean over the batch of |g|^2,   g = gradient of f(x) to x,
 * </pre>
 *
 * <p>where f is the logit, or, with a class per domain, the logit of "real of this domain" less
 * that of "generated".
 *
 * <p>Exact, and without a second derivative: all layers are piecewise linear and look at each image
 * by itself, so {@code g = J1' J2' ... Jn' 1}, with matrices that depend on the weights linearly.
 * With {@code v = weight / batch * g} held fixed, the gradient of P to the weights is that of
 * {@code <1, Jn ... J1 v>}: one backward to the images that keeps every layer's signal, one forward
 * of the tangent v, and at every layer the weight gradient of the two. Batch norm is not of that
 * kind, so nets that have it in the discriminator are refused.
 *
 * <p>The tangent of a layer's output takes the memory of the signal there, which nobody needs any
 * more.
 */
public final class GradientPenalty {
  private final Kernels kernels;
  private final int domain;
  private final int batch;
  private final List<Layer> layers = new ArrayList<>();
  private final List<Pass> passes = new ArrayList<>();
  private final List<Integer> places = new ArrayList<>();
  private final Tensor[] signals;

  /**
   * Plans the memory.
   *
   * @param pass of the domain whose discriminator is penalised
   * @throws ConfigException if a layer is not piecewise linear
   */
  public GradientPenalty(
      CoupledDiscriminators discriminators, DiscriminatorPass pass, Workspace workspace) {
    kernels = workspace.kernels();
    domain = pass.domain();
    batch = pass.batch();
    Sequential front = discriminators.front(domain);
    Sequential tail = discriminators.tail();
    add(front, pass.front());
    add(tail, pass.tail());
    signals = new Tensor[layers.size() + 1];
    Shape shape = front.inputShape();
    signals[0] = floats(workspace, shape);
    for (int i = 0; i < layers.size(); i++) {
      shape = layers.get(i).outputShape(shape);
      signals[i + 1] =
          layers.get(i).isView()
              ? signals[i].reshape(shape.prepend(batch))
              : floats(workspace, shape);
    }
  }

  private void add(Sequential network, Pass pass) {
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      if (!layer.hasTangent()) {
        throw new ConfigException(
            "r1 needs discriminators without batch norm and with kinked activations, but there is "
                + layer);
      }
      layers.add(layer);
      passes.add(pass);
      places.add(i);
    }
  }

  private Tensor floats(Workspace workspace, Shape shape) {
    Shape all = shape.prepend(batch);
    return new Tensor(workspace.memory().floats("backward", all.count()), 0, all);
  }

  private Tensor activation(int layer) {
    return passes.get(layer).activation(places.get(layer));
  }

  private Tensor output(int layer) {
    return passes.get(layer).activation(places.get(layer) + 1);
  }

  /**
   * Adds the penalty's gradient to the discriminators' gradients, after a forward of the real
   * images in training mode.
   *
   * @param weight the factor in P
   * @return P
   */
  public double addGradient(float weight) {
    int last = layers.size();
    fillOdds(signals[last]);
    for (int i = last - 1; i >= 0; i--) {
      Layer layer = layers.get(i);
      if (!layer.isView()) {
        layer.backward(
            kernels,
            signals[i],
            signals[i + 1],
            activation(i),
            output(i),
            passes.get(i).cache(places.get(i)),
            false);
      }
    }
    final double squares = squares(signals[0]);
    scale(signals[0], weight / batch);
    for (int i = 0; i < last; i++) {
      Layer layer = layers.get(i);
      if (layer.isView()) {
        continue;
      }
      Tensor along = signals[i];
      layer.tangentGradient(
          kernels, signals[i + 1], along, activation(i), passes.get(i).cache(places.get(i)));
      if (i + 1 < last) {
        layer.tangent(
            kernels,
            signals[i + 1],
            along,
            activation(i),
            output(i),
            passes.get(i).cache(places.get(i)));
      }
    }
    return weight / 2 * squares / batch;
  }

  /** The gradient of f to the logits. */
  private void fillOdds(Tensor odds) {
    int logits = odds.size(1);
    odds.fill(logits == 1 ? 1f : 0f);
    for (int n = 0; logits > 1 && n < batch; n++) {
      odds.set(n * logits, -1f);
      odds.set(n * logits + domain + 1, 1f);
    }
  }

  private static double squares(Tensor t) {
    double sum = 0;
    for (int i = 0; i < t.count(); i++) {
      double value = t.get(i);
      sum += value * value;
    }
    return sum;
  }

  private static void scale(Tensor t, float factor) {
    for (int i = 0; i < t.count(); i++) {
      t.set(i, t.get(i) * factor);
    }
  }
}
