package dev.cogan.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.loss.GanLoss;
import dev.cogan.engine.model.Algorithm;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.BatchNorm2d;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A training that was stopped and resumed gives the same bytes as one that went through. */
class ResumeTest {
  private static final Map<String, String> PROVENANCE = Map.of("program", "test");

  @TempDir Path folder;

  /** Batches of 3 from 5 and 6 images: in six steps every domain comes to its third epoch. */
  static List<ModelConfig> configs() {
    return List.of(
        Tiny.config(),
        Tiny.config().withSharing(0, 0),
        Tiny.config().withAlgorithm(Algorithm.CGAN),
        Tiny.config().withAlgorithm(Algorithm.GAN),
        Tiny.photos(),
        Tiny.config().withSharing(2, 1).withDomains(Tiny.domains(1, 3, 2)));
  }

  private byte[] bytes(Trainer trainer) throws IOException {
    Path file = folder.resolve("checkpoint.safetensors");
    Checkpoint.write(file, trainer, PROVENANCE);
    return Files.readAllBytes(file);
  }

  private static Trainer trainer(ModelConfig config) {
    return Tiny.trainer(config, Tiny.options(), new ScalarKernels());
  }

  private Trainer resumed(Trainer stopped) {
    Path file = folder.resolve("stopped.safetensors");
    Checkpoint.write(file, stopped, PROVENANCE);
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      assertThat(checkpoint.step()).isEqualTo(stopped.stepsDone());
      assertThat(checkpoint.config()).isEqualTo(stopped.model().config());
      assertThat(checkpoint.options()).isEqualTo(stopped.options());
      assertThat(checkpoint.provenance()).isEqualTo(PROVENANCE);
      Trainer trainer =
          Tiny.trainer(checkpoint.config(), checkpoint.options(), new ScalarKernels());
      trainer.step(); // What it has done before must not matter.
      checkpoint.restore(trainer);
      return trainer;
    }
  }

  /** Every remedy in turn, and all at once. */
  static List<Remedies> remedies() {
    RateDecay line = new RateDecay(RateDecay.Shape.LINEAR, 2, 6);
    RateDecay wave = new RateDecay(RateDecay.Shape.COSINE, 0, 7);
    return List.of(
        Remedies.NONE.withEma(0.6f),
        Remedies.NONE.withRateDecay(line),
        Remedies.NONE.withLoss(GanLoss.HINGE),
        Remedies.NONE.withDiscriminatorSteps(2),
        Remedies.NONE.withR1(2f, 1),
        Remedies.NONE.withR1(2f, 3),
        Remedies.NONE.withSpectralNorm(true),
        Remedies.NONE.withInstanceNoise(0.2f),
        Remedies.NONE.withClipUpdates(1f),
        new Remedies(0.9f, wave, GanLoss.LSGAN, 3, 0.5f, 2, true, 0.1f, 1f));
  }

  @ParameterizedTest
  @MethodSource("remedies")
  void remediesGoOnAsWell(Remedies remedies) throws IOException {
    TrainOptions options = Tiny.options().withRemedies(remedies);
    TrainingListener nobody = new TrainingListener() {};
    Trainer straight = Tiny.trainer(Tiny.config(), options, new ScalarKernels());
    straight.run(8, 4, nobody);
    Trainer stopped = Tiny.trainer(Tiny.config(), options, new ScalarKernels());
    stopped.run(3, 4, nobody);
    Trainer resumed = resumed(stopped);
    resumed.run(8, 4, nobody);
    assertThat(bytes(resumed)).isEqualTo(bytes(straight));
    assertThat(bytes(resumed)).isNotEqualTo(bytes(trainedPlainly(8)));
  }

  private static Trainer trainedPlainly(int steps) {
    Trainer trainer = trainer(Tiny.config());
    trainer.run(steps, 4, new TrainingListener() {});
    return trainer;
  }

  private static void steps(Trainer trainer, int n) {
    for (int i = 0; i < n; i++) {
      trainer.step();
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void plainSteps(ModelConfig config) throws IOException {
    Trainer straight = trainer(config);
    steps(straight, 3);
    Trainer resumed = resumed(straight);
    assertThat(bytes(resumed)).as("at once").isEqualTo(bytes(straight));
    for (int step = 4; step <= 8; step++) {
      steps(straight, 1);
      steps(resumed, 1);
      assertThat(bytes(resumed)).as("after step " + step).isEqualTo(bytes(straight));
    }
    assertThat(straight.data().get(0).epoch()).isGreaterThanOrEqualTo(3);
  }

  @Test
  void runsWithSnapshots() throws IOException {
    TrainingListener nobody = new TrainingListener() {};
    Trainer straight = trainer(Tiny.config());
    straight.run(6, 4, nobody);
    Trainer stopped = trainer(Tiny.config());
    stopped.run(3, 4, nobody);
    Trainer resumed = resumed(stopped);
    resumed.run(6, 4, nobody);
    assertThat(bytes(resumed)).isEqualTo(bytes(straight));
  }

  @Test
  void savingLeavesTheTrainingAsItIs() throws IOException {
    Trainer straight = trainer(Tiny.config());
    steps(straight, 4);
    Trainer saved = trainer(Tiny.config());
    for (int i = 0; i < 4; i++) {
      bytes(saved);
      steps(saved, 1);
    }
    assertThat(bytes(saved)).isEqualTo(bytes(straight));
  }

  @Test
  void sampledModelPaintsAsTheTrainedOne() {
    Trainer trainer = trainer(Tiny.config());
    samplesAsItPaints(trainer);
    TrainOptions averaging = Tiny.options().withRemedies(Remedies.NONE.withEma(0.9f));
    samplesAsItPaints(Tiny.trainer(Tiny.config(), averaging, new ScalarKernels()));
  }

  private void samplesAsItPaints(Trainer trainer) {
    trainer.run(3, 3, new TrainingListener() {});
    Path file = folder.resolve("model.safetensors");
    Checkpoint.write(file, trainer, PROVENANCE);
    var z = Sampler.latents(Noise.NORMAL, 3, 1, 2, 3, 4);
    var expected = new Sampler(trainer.sampledGenerators(), 4, trainer.workspace()).sample(z);
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      var model = checkpoint.loadForSampling(dev.cogan.engine.nn.Memory.heap());
      assertThat(model.discriminators()).isNull();
      for (BatchNorm2d norm : model.generators().batchNorms()) {
        assertThat(norm.runningVar().toArray()).doesNotContain(1f);
      }
      var images = new Sampler(model.generators(), 4, trainer.workspace()).sample(z);
      for (int d = 0; d < 2; d++) {
        assertThat(images.get(d).toArray()).containsExactly(expected.get(d).toArray());
      }
    }
  }
}
