package dev.cogan.engine.train;

import dev.cogan.engine.check.LayerCheck;
import dev.cogan.engine.check.RandomTensors;
import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.data.ImageStream;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.optim.AdamOptions;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;

/**
 * The gradients of a whole training step against differences of the losses that it reports. All
 * values of a parameter move at once, each to the side on which its gradient promises a larger
 * loss: one value alone would drown in the rounding of the layers behind it. Where the error is too
 * large, up to five halvings of the step are tried: the kinks of PReLU and pooling that a step
 * crosses become fewer, a mistake stays.
 */
public final class StepCheck {
  /** L2 norm of the move of a parameter, about. */
  public static final double STEP = 4e-3;

  /** Rounding adds up over the layers, and kinks are crossed; a missing summand shows as 0.3. */
  public static final double TOLERANCE = 5e-2;

  private static final int BATCH = 6;
  private static final int SIZES = 6;

  private final Trainer trainer;
  private final Random random = new Random(31);
  private final Tensor z;
  private final List<Tensor> reals = new ArrayList<>();
  private final long mask;
  private final long imageNoise;

  /** Makes a trainer whose rates are so small that no weight moves. */
  public StepCheck(ModelConfig config, TrainOptions options, Kernels kernels) {
    AdamOptions still =
        new AdamOptions(1e-30f, 0.5f, 0.999f, 1e-8f, 0f, AdamOptions.Decay.COUPLED_ALL);
    Memory memory = Memory.heap();
    CoupledModel model = CoupledModel.forTraining(config, memory);
    model.initialise(options.initializer(), options.seed());
    List<ImageStream> data = new ArrayList<>();
    for (DomainShape domain : config.domains()) {
      ImageSet images = ImageSet.ofBytes(domain.image(), new byte[2 * domain.image().count()]);
      data.add(ImageStream.of(new DomainData(domain.name(), "zeros", images), 1));
      Tensor real = RandomTensors.awayFromZero(random, domain.image().prepend(BATCH));
      reals.add(real);
    }
    Workspace workspace = new Workspace(kernels, memory, RandomStream.of(1, "dropout"));
    TrainOptions each =
        options
            .withBatch(BATCH)
            .withAdam(still, still)
            .withRemedies(sameInEveryStep(options.remedies()));
    trainer = new Trainer(model, each, data, workspace);
    z = RandomTensors.normal(random, Shape.of(BATCH, config.latent()));
    mask = workspace.dropout().state();
    imageNoise = trainer.instanceNoise() == null ? 0 : trainer.instanceNoise().state();
    for (ParameterStore store : stores()) {
      // Away from the start, where whole layers are about zero.
      for (int i = 0; i < store.count(); i++) {
        store.values()[i] += 0.1f * (float) random.nextGaussian();
      }
    }
  }

  /** The penalty not in some steps only, and noise that does not fall from step to step. */
  private static Remedies sameInEveryStep(Remedies remedies) {
    return remedies.withR1(remedies.r1(), 1).withRateDecay(RateDecay.NONE);
  }

  private List<ParameterStore> stores() {
    return List.of(trainer.model().generators().store(), trainer.model().discriminators().store());
  }

  /**
   * Checks every parameter of both teams.
   *
   * @param sabotaged name of a parameter whose computed gradient is turned first, or null
   * @return one row per parameter, generators first
   */
  public List<LayerCheck.Row> run(String sabotaged) {
    StepStats stats = step();
    List<float[]> gradients = new ArrayList<>();
    stores().forEach(store -> gradients.add(store.gradients().clone()));
    List<LayerCheck.Row> rows = new ArrayList<>();
    for (int team = 0; team < gradients.size(); team++) {
      boolean generators = team == 0;
      DoubleSupplier loss =
          () -> {
            step();
            return generators ? stats.generatorLoss() : stats.discriminatorLoss() + stats.penalty();
          };
      for (Parameter p : stores().get(team).parameters()) {
        float[] gradient = new float[p.count()];
        int sign = p.name().equals(sabotaged) ? -1 : 1;
        for (int i = 0; i < gradient.length; i++) {
          gradient[i] = sign * gradients.get(team)[p.offset() + i];
        }
        double error = Double.POSITIVE_INFINITY;
        for (int halving = 0; halving < SIZES && !(error <= TOLERANCE); halving++) {
          error = Math.min(error, error(p, gradient, STEP / (1 << halving), loss));
        }
        rows.add(new LayerCheck.Row("training step", p.name(), p.count(), error, TOLERANCE));
      }
    }
    return rows;
  }

  private StepStats step() {
    trainer.workspace().dropout().restore(mask);
    if (trainer.instanceNoise() != null) {
      trainer.instanceNoise().restore(imageNoise);
    }
    return trainer.step(z, reals);
  }

  private double error(Parameter p, float[] gradient, double size, DoubleSupplier loss) {
    float[] start = p.value().toArray();
    float[] move = new float[start.length];
    for (int i = 0; i < move.length; i++) {
      double side = Math.signum(gradient[i]);
      side = side == 0 ? 1 - 2 * random.nextInt(2) : side;
      move[i] = (float) (side * (0.5 + random.nextDouble()) * size / Math.sqrt(move.length));
    }
    float[] above = moved(p, start, move, 1);
    double difference = loss.getAsDouble();
    float[] below = moved(p, start, move, -1);
    difference -= loss.getAsDouble();
    moved(p, start, move, 0);
    double promised = 0;
    for (int i = 0; i < move.length; i++) {
      promised += gradient[i] * ((double) above[i] - below[i]);
    }
    return Math.abs(difference / promised - 1);
  }

  private static float[] moved(Parameter p, float[] start, float[] move, int factor) {
    for (int i = 0; i < move.length; i++) {
      p.value().set(i, start[i] + factor * move[i]);
    }
    return p.value().toArray();
  }
}
