package dev.cogan.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Checkpoints and trainers that do not have everything in common. */
class RestoreTest {
  private static final Remedies AVERAGING = Remedies.NONE.withEma(0.9f);

  @TempDir private Path folder;

  private static Trainer trainer(ModelConfig config, Remedies remedies) {
    return Tiny.trainer(config, Tiny.options().withRemedies(remedies), new ScalarKernels());
  }

  private Path file(Trainer trainer) {
    Path file = folder.resolve("checkpoint.safetensors");
    Checkpoint.write(file, trainer, Map.of());
    return file;
  }

  private static void restore(Path file, Trainer trainer) {
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      checkpoint.restore(trainer);
    }
  }

  @Test
  void anAverageThatBeginsWithARestoreStartsAtTheRestoredWeights() {
    Trainer plain = trainer(Tiny.config(), Remedies.NONE);
    plain.run(3, 3, new TrainingListener() {});
    Trainer averaging = trainer(Tiny.config(), AVERAGING);
    averaging.step(); // What it has averaged before must not matter.
    restore(file(plain), averaging);
    ParameterStore restored = plain.model().generators().store();
    ParameterStore average = averaging.sampledGenerators().store();
    assertThat(average).isNotSameAs(averaging.model().generators().store());
    assertThat(average.values()).containsExactly(restored.values());
    assertThat(average.buffers()).containsExactly(restored.buffers());
    averaging.step();
    assertThat(average.values()).isNotEqualTo(restored.values());
  }

  @Test
  void anAverageThatNobodyGoesOnWithDoesNotReplaceTheTrainedWeights() {
    Trainer averaging = trainer(Tiny.config(), AVERAGING);
    averaging.run(3, 3, new TrainingListener() {});
    Trainer plain = trainer(Tiny.config(), Remedies.NONE);
    restore(file(averaging), plain);
    ParameterStore trained = averaging.model().generators().store();
    assertThat(plain.sampledGenerators().store().values()).containsExactly(trained.values());
    assertThat(plain.model().generators().store().buffers()).containsExactly(trained.buffers());
    assertThat(plain.stepsDone()).isEqualTo(3);
  }

  @Test
  void dropoutAndOptionsMayBeOthers() {
    Trainer before = trainer(Tiny.config(), AVERAGING);
    before.step();
    Trainer trainer =
        Tiny.trainer(
            Tiny.config().withDropout(0.1f),
            Tiny.options().withBatch(2).withNoise(Noise.UNIFORM),
            new ScalarKernels());
    restore(file(before), trainer);
    trainer.step();
    assertThat(trainer.stepsDone()).isEqualTo(2);
  }

  static List<Arguments> otherModels() {
    ModelConfig config = Tiny.config();
    DomainShape a = config.domains().get(0);
    return List.of(
        Arguments.of(config.withLatent(4), "latent 3, the trainer's has 4"),
        Arguments.of(
            config.withGeneratorWidths(List.of(4, 3, 2, 1)),
            "generator_widths [4,3,2,2], the trainer's has [4,3,2,1]"),
        Arguments.of(
            config.withSharing(4, 2), "shared_discriminator_layers 3, the trainer's has 2"),
        Arguments.of(
            config.withDomains(List.of(a, new DomainShape("c", a.image()))),
            "domains [{\"name\":\"a\",\"channels\":1,\"height\":28,\"width\":28},"
                + "{\"name\":\"b\",\"channels\":1,\"height\":28,\"width\":28}], the trainer's has "
                + "[{\"name\":\"a\",\"channels\":1,\"height\":28,\"width\":28},"
                + "{\"name\":\"c\",\"channels\":1,\"height\":28,\"width\":28}]"),
        Arguments.of(Tiny.photos(), "family \"digits\", the trainer's has \"photos\""));
  }

  @ParameterizedTest
  @MethodSource("otherModels")
  void anotherModelIsRefusedAndLeftAsItIs(ModelConfig config, String difference) {
    Trainer before = trainer(Tiny.config(), Remedies.NONE);
    before.step();
    Path file = file(before);
    Trainer other = trainer(config, Remedies.NONE);
    assertThatThrownBy(() -> restore(file, other))
        .isInstanceOf(InputException.class)
        .hasMessage(file + ": holds a model with " + difference);
    assertThat(TrainerTest.weights(other))
        .containsExactly(TrainerTest.weights(trainer(config, Remedies.NONE)));
  }

  @Test
  void theAverageStartsAtWeightsThatAreSetAfterTheTrainerWasMade() {
    ModelConfig config = Tiny.config();
    TrainOptions options = Tiny.options().withRemedies(AVERAGING);
    Memory memory = Memory.heap();
    CoupledModel model = CoupledModel.forTraining(config, memory);
    Workspace workspace =
        new Workspace(new ScalarKernels(), memory, RandomStream.of(options.seed(), "dropout"));
    Trainer late = new Trainer(model, options, Tiny.data(config, options.seed()), workspace);
    model.initialise(options.initializer(), options.seed());
    Trainer early = trainer(config, AVERAGING);
    late.step();
    early.step();
    assertThat(late.sampledGenerators().store().values())
        .containsExactly(early.sampledGenerators().store().values());
  }
}
