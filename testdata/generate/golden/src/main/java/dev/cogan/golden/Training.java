package dev.cogan.golden;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/**
 * The training iteration: the fakes of one z are made once, the discriminators learn from them
 * detached, the generators through them. One Adam per team, 2e-4, betas 0.5 and 0.999, weight decay
 * added to the gradient, 5e-4 on everything unless it is said otherwise.
 */
final class Training {
  private final Cogan model;
  private final List<Adam> adamD;
  private final List<Adam> adamG;

  /** Losses of one iteration, and what may be looked at between the two steps. */
  record Losses(double discriminators, double generators) {}

  Training(Cogan model) {
    this(model, 5e-4, false);
  }

  /**
   * @param weightsOnly whether biases and slopes are left out of the decay
   */
  Training(Cogan model, double decay, boolean weightsOnly) {
    this.model = model;
    adamD = adam(model.discriminators(), decay, weightsOnly);
    adamG = adam(model.generators(), decay, weightsOnly);
  }

  private static List<Adam> adam(List<Sequential> team, double decay, boolean weightsOnly) {
    TensorVector decayed = new TensorVector();
    TensorVector others = new TensorVector();
    team.forEach(
        net ->
            net.forEachParameter(
                (name, tensor) ->
                    (weightsOnly && tensor.dim() == 1 ? others : decayed).push_back(tensor)));
    List<Adam> adams = new ArrayList<>();
    adams.add(new Adam(decayed, Torch.adam(2e-4, 0.5, 0.999, decay)));
    if (!others.empty()) {
      adams.add(new Adam(others, Torch.adam(2e-4, 0.5, 0.999, 0)));
    }
    return adams;
  }

  /** The images of both domains for one z, trunk run once. */
  List<Tensor> fakes(Tensor z, boolean train) {
    Tensor features = model.generatorShared().forward(z, train);
    List<Tensor> fakes = new ArrayList<>();
    for (Sequential head : model.generatorHeads()) {
      fakes.add(head.forward(features, train));
    }
    return fakes;
  }

  /**
   * One iteration.
   *
   * @param real one batch of each domain
   * @param beforeStepD called with the discriminators' gradients in place
   * @param beforeStepG called with the generators' gradients in place
   */
  Losses iterate(Tensor z, List<Tensor> real, Runnable beforeStepD, Runnable beforeStepG) {
    List<Tensor> fakes = fakes(z, true);

    adamD.forEach(Adam::zero_grad);
    Tensor lossD = null;
    for (int d = 0; d < real.size(); d++) {
      lossD = plus(lossD, Torch.bceWithLogits(judge(d, real.get(d)), true));
      lossD = plus(lossD, Torch.bceWithLogits(judge(d, fakes.get(d).detach()), false));
    }
    lossD.backward();
    beforeStepD.run();
    adamD.forEach(Adam::step);

    adamG.forEach(Adam::zero_grad);
    Tensor lossG = null;
    for (int d = 0; d < real.size(); d++) {
      lossG = plus(lossG, Torch.bceWithLogits(judge(d, fakes.get(d)), true));
    }
    lossG.backward();
    beforeStepG.run();
    adamG.forEach(Adam::step);
    return new Losses(lossD.item_double(), lossG.item_double());
  }

  private Tensor judge(int domain, Tensor images) {
    Tensor features = model.discriminatorHeads().get(domain).forward(images, true);
    return model.discriminatorShared().forward(features, true);
  }

  private static Tensor plus(Tensor sum, Tensor term) {
    return sum == null ? term : sum.add(term);
  }
}
