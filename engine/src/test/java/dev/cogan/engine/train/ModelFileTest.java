package dev.cogan.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.io.SafetensorsFile;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
  @TempDir private Path folder;
  private Path whole;
  private Path model;

  @BeforeEach
  void train() {
    Trainer trainer = Tiny.trainer();
    trainer.step();
    trainer.refreshStatistics();
    whole = folder.resolve("whole.safetensors");
    model = folder.resolve("model.safetensors");
    Checkpoint.write(whole, trainer, Map.of("data", "random"));
    try (Checkpoint checkpoint = Checkpoint.open(whole)) {
      ModelFile.write(model, checkpoint);
    }
  }

  private static float[] sample(Checkpoint checkpoint) {
    Workspace workspace = Workspace.inference(new ScalarKernels());
    Sampler sampler =
        new Sampler(checkpoint.loadForSampling(workspace.memory()).generators(), 2, workspace);
    Tensor z = Sampler.latents(Noise.NORMAL, sampler.latent(), 1, 2);
    return sampler.sample(z).get(1).toArray();
  }

  @Test
  void drawsTheSamePicturesAndIsSmaller() throws IOException {
    try (Checkpoint before = Checkpoint.open(whole);
        Checkpoint after = Checkpoint.of(SafetensorsFile.of(Files.readAllBytes(model), "model"))) {
      assertThat(sample(after)).containsExactly(sample(before));
      assertThat(after.samplesOnly()).isTrue();
      assertThat(before.samplesOnly()).isFalse();
      assertThat(after.step()).isEqualTo(before.step());
      assertThat(after.provenance()).isEqualTo(before.provenance());
      assertThat(after.config()).isEqualTo(before.config());
    }
    assertThat(Files.size(model)).isLessThan(Files.size(whole));
  }

  /** Such a file could be written, and never be opened. */
  @Test
  void aProvenanceIsNeeded() {
    Path file = folder.resolve("null.safetensors");
    String message = file + ": expected a provenance, found null; give it an empty map";
    Trainer trainer = Tiny.trainer();
    assertThatNullPointerException()
        .isThrownBy(() -> Checkpoint.write(file, trainer, null))
        .withMessage(message);
    assertThatNullPointerException()
        .isThrownBy(() -> ModelFile.write(file, trainer.model(), trainer.options(), null))
        .withMessage(message);
    assertThat(file).doesNotExist();
  }

  @Test
  void aProvenanceCanBeReadAgain() {
    Path file = folder.resolve("deep.safetensors");
    Object deep = "data";
    for (int i = 1; i < Json.MAX_DEPTH; i++) {
      deep = List.of(deep);
    }
    Trainer trainer = Tiny.trainer();
    Map<String, Object> most = Map.of("a", deep);
    Checkpoint.write(file, trainer, most);
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      assertThat(checkpoint.provenance()).isEqualTo(most);
    }
    Path none = folder.resolve("deeper.safetensors");
    Map<String, Object> deeper = Map.of("a", List.of(deep));
    for (ThrowingCallable write :
        List.<ThrowingCallable>of(
            () -> Checkpoint.write(none, trainer, deeper),
            () -> ModelFile.write(none, trainer.model(), trainer.options(), deeper))) {
      assertThatIllegalArgumentException()
          .isThrownBy(write)
          .withMessageStartingWith(none + ": could not be read again: provenance: ")
          .withMessageEndingWith("nested deeper than 64");
    }
    assertThat(none).doesNotExist();
  }

  @Test
  void aMemoryThatOnlyCountsHoldsNoWeights() {
    try (Checkpoint checkpoint = Checkpoint.open(whole)) {
      String message =
          whole
              + ": a memory that only counts cannot hold weights; to plan, make the model from"
              + " config()";
      assertThatIllegalArgumentException()
          .isThrownBy(() -> checkpoint.loadForSampling(Memory.counting()))
          .withMessage(message);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> checkpoint.loadDiscriminators(Memory.counting()))
          .withMessage(message);
    }
  }

  @Test
  void trainingCannotGoOnFromIt() {
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      assertThatThrownBy(() -> checkpoint.restore(Tiny.trainer()))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("holds the generators alone");
    }
  }
}
