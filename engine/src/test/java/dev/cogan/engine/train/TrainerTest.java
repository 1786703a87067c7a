package dev.cogan.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.cogan.engine.data.ImageStream;
import dev.cogan.engine.kernel.Allocations;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.kernel.ThreadPool;
import dev.cogan.engine.model.Algorithm;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Training steps as a whole: bits, snapshots, memory, and data that do not fit. */
class TrainerTest {

  static float[] weights(Trainer trainer) {
    ParameterStore generators = trainer.model().generators().store();
    ParameterStore discriminators = trainer.model().discriminators().store();
    float[] all = new float[generators.count() + discriminators.count()];
    System.arraycopy(generators.values(), 0, all, 0, generators.count());
    System.arraycopy(discriminators.values(), 0, all, generators.count(), discriminators.count());
    return all;
  }

  private static float[] weightsAfter(int steps, Trainer trainer) {
    for (int i = 0; i < steps; i++) {
      trainer.step();
    }
    return weights(trainer);
  }

  @Test
  void snapshotsNeedAnInterval() {
    Trainer trainer = Tiny.trainer();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainer.run(1, 0, new TrainingListener() {}))
        .withMessage("expected at least 1 step between snapshots, got 0");
    assertThat(trainer.stepsDone()).isZero();
  }

  @Test
  void aListenerIsNeededBeforeTheFirstStep() {
    Trainer trainer = Tiny.trainer();
    assertThatNullPointerException()
        .isThrownBy(() -> trainer.run(1, 1, null))
        .withMessage("listener");
    assertThat(trainer.stepsDone()).isZero();
  }

  @Test
  void aModelForSamplingIsNotTrained() {
    Memory memory = Memory.heap();
    CoupledModel model = CoupledModel.forSampling(Tiny.config(), memory);
    Workspace workspace = new Workspace(new ScalarKernels(), memory, RandomStream.of(1, "dropout"));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Trainer(model, Tiny.options(), Tiny.data(Tiny.config(), 1), workspace))
        .withMessage(
            "the model was made for sampling and has no discriminators; a training needs one of"
                + " CoupledModel.forTraining");
    assertThatIllegalStateException()
        .isThrownBy(() -> model.initialise(Tiny.options().initializer(), 1))
        .withMessageStartingWith("the model was made for sampling and has no discriminators");
    assertThat(model.generators().store().values()).containsOnly(0f);
  }

  static List<ModelConfig> configs() {
    List<ModelConfig> configs = new ArrayList<>();
    for (int k = 0; k <= 4; k++) {
      for (int l = 0; l <= 3; l++) {
        configs.add(Tiny.config().withSharing(k, l));
      }
    }
    configs.add(Tiny.config().withAlgorithm(Algorithm.CGAN));
    configs.add(Tiny.config().withDomains(Tiny.domains(2, 2, 2)).withAlgorithm(Algorithm.CGAN));
    configs.add(Tiny.config().withAlgorithm(Algorithm.GAN));
    configs.add(Tiny.config().withDomains(Tiny.domains(1, 3)));
    configs.add(Tiny.config().withDomains(Tiny.domains(2, 1, 3)).withSharing(2, 2));
    configs.add(
        new ModelConfig(
            "digits-mlp",
            3,
            List.of(5, 4, 6),
            List.of(2, 2, 4),
            2,
            1,
            0f,
            true,
            Tiny.domains(1, 1)));
    return configs;
  }

  @ParameterizedTest
  @MethodSource("configs")
  void everySharingTrainsAndMovesEveryParameter(ModelConfig config) {
    Trainer trainer = Tiny.trainer(config, Tiny.options(), new ScalarKernels());
    float[] start = weights(trainer);
    StepStats stats = trainer.step();
    assertThat(stats.domains()).isEqualTo(config.domains().size());
    assertThat(stats.discriminatorLoss()).isFinite().isPositive();
    assertThat(stats.generatorLoss()).isFinite().isPositive();
    assertThat(stats.accuracy()).isBetween(0.0, 1.0);
    for (int d = 0; d < stats.domains(); d++) {
      assertThat(trainer.fakes(d).shape())
          .isEqualTo(config.domains().get(d).image().prepend(Tiny.BATCH));
      assertThat(trainer.fakes(d).toArray()).doesNotContain(Float.NaN);
    }
    float[] end = weights(trainer);
    int moved = 0;
    for (int i = 0; i < start.length; i++) {
      moved += start[i] != end[i] ? 1 : 0;
    }
    // A dropped unit of so small a net may leave its weights without gradient.
    assertThat(moved).isGreaterThan(start.length * 3 / 4);
  }

  @Test
  void equalSeedsGiveEqualBitsAndOthersDoNot() {
    float[] first = weightsAfter(3, Tiny.trainer());
    assertThat(weightsAfter(3, Tiny.trainer())).containsExactly(first);
    Trainer other = Tiny.trainer(Tiny.config(), Tiny.options().withSeed(8), new ScalarKernels());
    assertThat(weightsAfter(3, other)).isNotEqualTo(first);
  }

  @Test
  void numberOfThreadsDoesNotChangeTheBits() {
    ModelConfig config = Tiny.config().withGeneratorWidths(List.of(48, 32, 16, 8));
    float[] alone = weightsAfter(2, Tiny.trainer(config, Tiny.options(), new ScalarKernels()));
    for (int threads = 2; threads <= 3; threads++) {
      try (ThreadPool pool = new ThreadPool(threads)) {
        Trainer trainer = Tiny.trainer(config, Tiny.options(), new ScalarKernels(pool));
        assertThat(weightsAfter(2, trainer)).as(threads + " threads").containsExactly(alone);
      }
    }
  }

  @Test
  void refreshedStatisticsLeaveTheTrainingAsItIs() {
    final float[] expected = weightsAfter(4, Tiny.trainer());
    Trainer trainer = Tiny.trainer();
    trainer.refreshStatistics();
    weightsAfter(2, trainer);
    ParameterStore store = trainer.model().generators().store();
    final float[] moving = store.buffers().clone();
    trainer.refreshStatistics();
    float[] refreshed = store.buffers().clone();
    assertThat(refreshed).isNotEqualTo(moving);
    trainer.refreshStatistics();
    assertThat(store.buffers()).as("the same again").containsExactly(refreshed);
    assertThat(weightsAfter(2, trainer)).containsExactly(expected);
  }

  @Test
  void snapshotsComeAtTheStartAtIntervalsAndAtTheEnd() {
    Trainer trainer = Tiny.trainer();
    List<String> calls = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void onStart(Trainer t, long lastStep) {
            calls.add("start " + t.stepsDone() + " to " + lastStep);
          }

          @Override
          public void onStep(Trainer t, StepStats stats) {
            calls.add("step " + t.stepsDone());
          }

          @Override
          public void onSnapshot(Trainer t) {
            calls.add("snapshot " + t.stepsDone());
          }
        };
    trainer.run(3, 2, listener);
    trainer.run(4, 2, listener);
    trainer.run(4, 2, listener);
    assertThat(calls)
        .containsExactly(
            "start 0 to 3",
            "snapshot 0",
            "step 1",
            "step 2",
            "snapshot 2",
            "step 3",
            "snapshot 3",
            "start 3 to 4",
            "step 4",
            "snapshot 4",
            "start 4 to 4");
  }

  @Test
  void countedPlanIsWhatIsAllocated() {
    for (ModelConfig config : configs()) {
      Memory plan = Memory.counting();
      Tiny.trainer(config, Tiny.options(), new ScalarKernels(), plan);
      Memory heap = Memory.heap();
      Tiny.trainer(config, Tiny.options(), new ScalarKernels(), heap);
      assertThat(plan.bytesByPurpose()).isEqualTo(heap.bytesByPurpose());
      assertThat(plan.bytes()).isEqualTo(heap.bytes()).isPositive();
      assertThat(plan.parts()).isEqualTo(heap.parts());
    }
  }

  @Test
  void planCoversWhatIsReallyAllocated() {
    ModelConfig config = Tiny.config().withGeneratorWidths(List.of(64, 64, 32, 32));
    Memory heap = Memory.heap();
    long before = Allocations.bytes();
    Tiny.trainer(config, Tiny.options(), new ScalarKernels(), heap);
    long allocated = Allocations.bytes() - before;
    assertThat(allocated).isBetween(heap.bytes(), heap.bytes() + (1 << 20));
  }

  private static Remedies everything() {
    return Remedies.NONE
        .withEma(0.9f)
        .withDiscriminatorSteps(2)
        .withR1(0.1f, 2)
        .withSpectralNorm(true)
        .withInstanceNoise(0.1f);
  }

  @Test
  void countedPlanIncludesRemedies() {
    TrainOptions options = Tiny.options().withRemedies(everything());
    Memory plan = Memory.counting();
    Tiny.trainer(Tiny.config(), options, new ScalarKernels(), plan);
    Memory heap = Memory.heap();
    Tiny.trainer(Tiny.config(), options, new ScalarKernels(), heap);
    assertThat(plan.bytesByPurpose()).isEqualTo(heap.bytesByPurpose());
    Memory plain = Memory.counting();
    Tiny.trainer(Tiny.config(), Tiny.options(), new ScalarKernels(), plain);
    assertThat(plan.bytes()).isGreaterThan(plain.bytes());
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void stepsAllocateNextToNothing(Algorithm algorithm) {
    Remedies remedies = everything();
    Trainer trainer =
        Tiny.trainer(
            Tiny.config().withAlgorithm(algorithm),
            Tiny.options().withRemedies(remedies),
            new ScalarKernels());
    weightsAfter(12, trainer);
    long least = Long.MAX_VALUE;
    // Steady means compiled: the interpreter allocates what the compiler finds need not exist.
    for (int i = 0; i < 5000 && least >= 1024; i++) {
      long before = Allocations.bytes();
      long measuring = Allocations.bytes() - before;
      before = Allocations.bytes();
      trainer.step();
      least = Math.min(least, Allocations.bytes() - before - measuring);
    }
    assertThat(least).isLessThan(1024);
  }

  @Test
  void dataThatDoNotFitAreNamed() {
    ModelConfig config = Tiny.config();
    CoupledModel model = CoupledModel.forTraining(config, Memory.heap());
    Workspace workspace =
        new Workspace(new ScalarKernels(), Memory.heap(), RandomStream.of(1, "dropout"));
    List<ImageStream> three = Tiny.data(config.withDomains(Tiny.domains(1, 1, 1)), 1);
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> new Trainer(model, Tiny.options(), three, workspace))
        .withMessage("the model has 2 domains, the data 3");
    List<ImageStream> colour = Tiny.data(config.withDomains(Tiny.domains(1, 3)), 1);
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> new Trainer(model, Tiny.options(), colour, workspace))
        .withMessage("domain b: the model expects images [1, 28, 28], the data has [3, 28, 28]");
    ImageStream faces = Tiny.data(config, 1).get(0);
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> new Trainer(model, Tiny.options(), List.of(faces, faces), workspace))
        .withMessageStartingWith("two domains have data of the name 'a'");
  }

  @Test
  void lossesAreSumsOverTheDomains() {
    Trainer trainer = Tiny.trainer();
    StepStats stats = trainer.step();
    assertThat(stats.discriminatorLoss())
        .isEqualTo(stats.discriminatorLoss(0) + stats.discriminatorLoss(1));
    assertThat(stats.generatorLoss()).isEqualTo(stats.generatorLoss(0) + stats.generatorLoss(1));
    assertThat(stats.accuracy()).isEqualTo((stats.accuracy(0) + stats.accuracy(1)) / 2);
    Tensor logits = trainer.logits(1);
    assertThat(logits.shape().toArray()).containsExactly(Tiny.BATCH, 1);
  }
}
