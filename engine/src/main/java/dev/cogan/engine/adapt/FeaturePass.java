package dev.cogan.engine.adapt;

import dev.cogan.engine.nn.Mode;
import dev.cogan.engine.nn.Pass;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;

/** One run of a domain's front, the body and the judge on batches of one size. */
final class FeaturePass {
  private final AdaptNets nets;
  private final int domain;
  private final Pass front;
  private final Pass body;
  private final Pass judge;
  private final Tensor dmaps;

  /** Gradient to the features; what other heads send back is added to it before the backward. */
  final Tensor dfeatures;

  FeaturePass(AdaptNets nets, int domain, int batch, Workspace workspace) {
    this.nets = nets;
    this.domain = domain;
    front = new Pass(nets.fronts.get(domain), batch, true, workspace);
    body = new Pass(nets.body, batch, true, workspace);
    judge = new Pass(nets.judge, batch, true, workspace);
    dmaps = floats(workspace, nets.body.inputShape().prepend(batch));
    dfeatures = floats(workspace, Shape.of(batch, AdaptNets.FEATURES));
  }

  static Tensor floats(Workspace workspace, Shape shape) {
    return new Tensor(workspace.memory().floats("backward", shape.count()), 0, shape);
  }

  /** The judge's logits. */
  Tensor forward(Tensor images) {
    Tensor maps = nets.fronts.get(domain).forward(front, images, Mode.TRAIN);
    return nets.judge.forward(judge, nets.body.forward(body, maps, Mode.TRAIN), Mode.TRAIN);
  }

  /** The last forward's features, {@code [n, 500]}. */
  Tensor features() {
    return judge.activation(0);
  }

  /** The judge's part of the gradient to the features. */
  void judgeBackward(Tensor dlogits, boolean parameterGradients) {
    nets.judge.backward(judge, dfeatures, dlogits, parameterGradients);
  }

  /** From the features back to the images (null if nobody asks). */
  void backward(Tensor dimages, boolean parameterGradients) {
    nets.body.backward(body, dmaps, dfeatures, parameterGradients);
    nets.fronts.get(domain).backward(front, dimages, dmaps, parameterGradients);
  }
}
