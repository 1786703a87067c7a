package dev.cogan.engine.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.kernel.ThreadPool;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The joint step: its gradients, its bits, and that it learns across domains. */
@Tag("slow")
class AdaptTrainerTest {
  private static final float STILL = 1e-30f;

  private static AdaptOptions options(float rate, float matchWeight, float labelWeight) {
    return new AdaptOptions(
        40, 8, List.of(8, 6, 4, 4), 5, rate, rate, 0.7f, matchWeight, labelWeight, 0f, 0f);
  }

  /** Bars, upright (class 0) or lying (class 1); the target's are thinner and darker. */
  private static DomainData bars(String name, int count, boolean thin) {
    float[] values = new float[count * 784];
    byte[] labels = new byte[count];
    Random random = new Random(thin ? 2 : 1);
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % 2);
      int at = 10 + random.nextInt(7);
      int width = thin ? 2 : 4;
      for (int along = 4; along < 24; along++) {
        for (int across = at; across < at + width; across++) {
          int y = labels[i] == 0 ? along : across;
          int x = labels[i] == 0 ? across : along;
          values[i * 784 + y * 28 + x] = (thin ? 0.6f : 1) * (0.8f + 0.2f * random.nextFloat());
        }
      }
    }
    ImageSet set = ImageSet.ofFloats(Shape.of(1, 28, 28), values).withLabels(labels);
    return new DomainData(name, "bars", set);
  }

  private static AdaptTrainer trainer(AdaptOptions options, int threads) {
    Workspace workspace =
        new Workspace(
            new ScalarKernels(new ThreadPool(threads)),
            Memory.heap(),
            RandomStream.of(1, "dropout"));
    return new AdaptTrainer(options, bars("a", 60, false), bars("b", 50, true), 2, 3, workspace);
  }

  @Test
  void gradientsOfTheJointStep() {
    AdaptTrainer trainer = trainer(options(STILL, 0.3f, 0.2f), 1);
    trainer.step();
    ParameterStore discriminators = trainer.nets().store;
    ParameterStore generators = trainer.nets().generators.store();
    check(discriminators, trainer, trainer::discriminatorLoss);
    check(generators, trainer, trainer::generatorLoss);
  }

  /** Along each parameter's gradient and a random width; kinks of pooling cost some accuracy. */
  private static void check(ParameterStore store, AdaptTrainer trainer, DoubleSupplier loss) {
    Random random = new Random(4);
    float[] gradients = store.gradients().clone();
    for (Parameter p : store.parameters()) {
      float[] start = p.value().toArray();
      double norm = 0;
      for (int i = 0; i < start.length; i++) {
        norm += (double) gradients[p.offset() + i] * gradients[p.offset() + i];
      }
      double step = 2e-3 / Math.max(1e-9, Math.sqrt(norm));
      double[] losses = new double[2];
      double promised = 0;
      for (int side = 0; side < 2; side++) {
        random.setSeed(p.offset());
        for (int i = 0; i < start.length; i++) {
          double d = gradients[p.offset() + i] * (0.5 + random.nextDouble()) * step;
          p.value().set(i, (float) (start[i] + (side == 0 ? d : -d)));
          promised += (side == 0 ? 1 : -1) * gradients[p.offset() + i] * (double) p.value().get(i);
        }
        trainer.stepOnBatch();
        losses[side] = loss.getAsDouble();
      }
      for (int i = 0; i < start.length; i++) {
        p.value().set(i, start[i]);
      }
      assertThat(Math.abs((losses[0] - losses[1]) / promised - 1))
          .as("relative error of the gradient of " + p.name() + ", norm " + Math.sqrt(norm))
          .isLessThan(5e-2);
    }
  }

  @Test
  void sameBitsForEveryNumberOfThreads() {
    AdaptTrainer one = trainer(options(1e-3f, 0.1f, 0.1f), 1);
    AdaptTrainer three = trainer(options(1e-3f, 0.1f, 0.1f), 3);
    for (int i = 0; i < 4; i++) {
      one.step();
      three.step();
    }
    assertThat(three.nets().store.values()).isEqualTo(one.nets().store.values());
    assertThat(three.discriminatorLoss()).isEqualTo(one.discriminatorLoss());
  }

  private static AdaptOptions selfTraining(float rate, float jitter) {
    return new AdaptOptions(
        40,
        8,
        List.of(8, 6, 4, 4),
        5,
        rate,
        rate,
        0.7f,
        0.1f,
        0.1f,
        0f,
        0.9f,
        jitter,
        1.5f,
        0.4f,
        0f);
  }

  @Test
  void gradientsOfTheJointStepWithSelfTraining() {
    AdaptTrainer trainer = trainer(selfTraining(STILL, 1f), 1);
    trainer.step();
    check(trainer.nets().store, trainer, trainer::discriminatorLoss);
    check(trainer.nets().generators.store(), trainer, trainer::generatorLoss);
  }

  @Test
  void selfTrainingCountsOnlyWhereTheTeacherIsSure() {
    AdaptTrainer sure = trainer(selfTraining(1e-3f, 0), 1);
    AdaptOptions o = selfTraining(1e-3f, 0);
    AdaptTrainer never =
        trainer(
            new AdaptOptions(
                o.steps(),
                o.batch(),
                o.widths(),
                o.latent(),
                o.generatorRate(),
                o.discriminatorRate(),
                o.classWeight(),
                o.matchWeight(),
                o.labelWeight(),
                o.dropout(),
                o.average(),
                0,
                o.selfWeight(),
                0.999999f,
                0f),
            1);
    AdaptTrainer none =
        trainer(
            new AdaptOptions(
                40, 8, List.of(8, 6, 4, 4), 5, 1e-3f, 1e-3f, 0.7f, 0.1f, 0.1f, 0f, 0.9f),
            1);
    for (AdaptTrainer trainer : List.of(sure, never, none)) {
      trainer.step();
      trainer.step();
    }
    assertThat(never.nets().store.values()).isEqualTo(none.nets().store.values());
    assertThat(sure.nets().store.values()).isNotEqualTo(none.nets().store.values());
  }

  /** Both teams: a decay larger than any gradient pulls the weights towards zero. */
  @Test
  void weightDecayPullsTheWeightsOfBothTeams() {
    AdaptOptions decaying =
        new AdaptOptions(
            40,
            8,
            List.of(8, 6, 4, 4),
            5,
            1e-3f,
            1e-3f,
            0.7f,
            0.1f,
            0.1f,
            0f,
            0f,
            0f,
            0f,
            0.4f,
            1000f);
    AdaptTrainer trainer = trainer(decaying, 1);
    for (ParameterStore store : List.of(trainer.nets().store, trainer.nets().generators.store())) {
      float[] before = store.values().clone();
      trainer.step();
      for (int i = 0; i < before.length; i++) {
        if (Math.abs(before[i]) > 0.01f) {
          assertThat(Math.abs(store.values()[i])).isLessThan(Math.abs(before[i]));
        }
      }
    }
  }

  @Test
  void sameBitsForEveryNumberOfThreadsWithSelfTraining() {
    AdaptTrainer one = trainer(selfTraining(1e-3f, 1), 1);
    AdaptTrainer three = trainer(selfTraining(1e-3f, 1), 3);
    for (int i = 0; i < 3; i++) {
      one.step();
      three.step();
    }
    assertThat(three.nets().store.values()).isEqualTo(one.nets().store.values());
  }

  @Test
  void theClassifierLearnsBesideTheCoupledGan() {
    AdaptOptions options =
        new AdaptOptions(60, 16, List.of(8, 6, 4, 4), 5, 1e-3f, 1e-3f, 1f, 0.01f, 0.1f, 0.2f, 0.9f);
    AdaptTrainer trainer = trainer(options, 1);
    float[] before = trainer.nets().store.values().clone();
    for (int i = 0; i < options.steps(); i++) {
      trainer.step();
    }
    float[] trained = trainer.nets().store.values().clone();
    assertThat(trained).isNotEqualTo(before);
    assertThat(trainer.classLoss()).isLessThan(0.3);
    TargetClassifier onSource =
        new TargetClassifier(trainer.nets(), 0, Workspace.inference(new ScalarKernels()));
    assertThat(onSource.accuracy(bars("a", 60, false))).isGreaterThan(0.9);
    assertThat(trainer.targetAccuracy()).isBetween(0.0, 1.0);
    // Measuring puts the weights back.
    assertThat(trainer.nets().store.values()).isEqualTo(trained);
  }

  @Test
  void wrongData() {
    DomainData unlabelled =
        new DomainData("a", "blank", ImageSet.ofFloats(Shape.of(1, 28, 28), new float[784]));
    DomainData small =
        new DomainData("b", "small", ImageSet.ofFloats(Shape.of(1, 16, 16), new float[256]));
    Workspace workspace =
        new Workspace(new ScalarKernels(), Memory.heap(), RandomStream.of(1, "dropout"));
    assertThatThrownBy(
            () ->
                new AdaptTrainer(options(1, 0, 0), unlabelled, bars("b", 4, true), 2, 1, workspace))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("labels of the source");
    assertThatThrownBy(
            () -> new AdaptTrainer(options(1, 0, 0), bars("a", 4, true), small, 2, 1, workspace))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("[1, 16, 16]");
    assertThatThrownBy(
            () -> new AdaptOptions(0, 8, List.of(1, 1, 1, 1), 5, 1e-3f, 1e-3f, 1, 0, 0, 0, 0))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("steps must be 1 or more, got 0");
  }
}
