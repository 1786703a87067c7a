package dev.cogan.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A number that is no longer finite ends the training, and its place is named. */
class DivergenceTest {

  static List<String> parameters() {
    List<String> names = new ArrayList<>();
    for (Parameter p : all(Tiny.trainer())) {
      names.add(p.name());
    }
    return names;
  }

  private static List<Parameter> all(Trainer trainer) {
    List<Parameter> all = new ArrayList<>(trainer.model().generators().store().parameters());
    all.addAll(trainer.model().discriminators().store().parameters());
    return all;
  }

  private static Parameter parameter(Trainer trainer, String name) {
    return all(trainer).stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void nanInAnyWeightIsNamed(String name) {
    Trainer trainer = Tiny.trainer();
    trainer.step();
    Parameter bad = parameter(trainer, name);
    bad.value().set(bad.count() - 1, Float.NaN);
    DivergedException e = catchThrowableOfType(DivergedException.class, () -> steps(trainer));
    assertThat(e).isNotNull();
    assertThat(e.tensor()).isEqualTo(name + " " + bad.shape());
    assertThat(e.step()).isEqualTo(trainer.stepsDone());
    assertThat(e)
        .hasMessage(
            "diverged at step %d: %s %s has NaN at element %d",
            trainer.stepsDone(), name, bad.shape(), bad.count() - 1);
  }

  /** A dropped unit may hide the NaN for a step or two. */
  private static void steps(Trainer trainer) {
    for (int i = 0; i < 4; i++) {
      trainer.step();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"generators.shared.3.weight", "discriminators.a.0.bias"})
  void infinityIsNamed(String name) {
    Trainer trainer = Tiny.trainer();
    parameter(trainer, name).value().set(0, Float.NEGATIVE_INFINITY);
    DivergedException e = catchThrowableOfType(DivergedException.class, () -> steps(trainer));
    assertThat(e.tensor()).startsWith(name);
    assertThat(e).hasMessageContaining("has -Infinity at element 0");
  }

  /** No loss ever shows it, and what was saved with it could not be resumed. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anInfiniteMomentIsNamedBeforeItIsSaved(boolean second) {
    Trainer trainer = Tiny.trainer();
    ParameterStore store = trainer.model().generators().store();
    Parameter bad = store.parameters().get(store.parameters().size() - 1);
    TrainingListener poison =
        new TrainingListener() {
          @Override
          public void onStep(Trainer t, StepStats stats) {
            float[] moments = second ? store.secondMoments() : store.firstMoments();
            moments[bad.offset()] = Float.POSITIVE_INFINITY;
          }
        };
    DivergedException e =
        catchThrowableOfType(DivergedException.class, () -> trainer.run(1, 1, poison));
    assertThat(e).isNotNull();
    assertThat(e.tensor()).startsWith((second ? "adam.second." : "adam.first.") + bad.name());
  }

  @Test
  void snapshotNoticesWhatNoLossHasShownYet() {
    Trainer trainer = Tiny.trainer();
    trainer.run(2, 1, new TrainingListener() {});
    TrainingListener poison =
        new TrainingListener() {
          @Override
          public void onStep(Trainer t, StepStats stats) {
            parameter(t, "discriminators.shared.3.bias").value().set(1, Float.NaN);
          }
        };
    DivergedException e =
        catchThrowableOfType(DivergedException.class, () -> trainer.run(3, 1, poison));
    assertThat(e.tensor()).startsWith("discriminators.shared.3.bias");
  }
}
