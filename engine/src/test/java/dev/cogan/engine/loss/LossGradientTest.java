package dev.cogan.engine.loss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.MainClasses;
import dev.cogan.engine.nn.GradientCheck;
import dev.cogan.engine.nn.TestTensors;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The hand-written gradient of every loss against central differences. */
class LossGradientTest {
  private static final Tensor TARGET = TestTensors.normal(new Random(3), Shape.of(4, 5));
  private static final int[] LABELS = {2, 0, 1, 2, 1, 0};

  private interface Backward {
    void run(Tensor dx, Tensor x, float scale);
  }

  private record Case(
      String name, Class<?> type, Shape shape, ToDoubleFunction<Tensor> forward, Backward back) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case bce(String name, float target) {
    return new Case(
        name,
        BceWithLogits.class,
        Shape.of(9, 1),
        x -> BceWithLogits.forward(x, target),
        (dx, x, scale) -> BceWithLogits.backward(dx, x, target, scale));
  }

  private static List<Case> adversarial() {
    List<Case> cases = new ArrayList<>();
    for (AdversarialLoss.Role role : AdversarialLoss.Role.values()) {
      for (GanLoss loss : GanLoss.values()) {
        cases.add(adversarial(loss + ", " + role, loss, GanLoss.class, Shape.of(9, 1), role));
      }
      ClassLoss classes = new ClassLoss(6);
      cases.add(adversarial("classes, " + role, classes, ClassLoss.class, Shape.of(6, 3), role));
    }
    return cases;
  }

  private static Case adversarial(
      String name, AdversarialLoss loss, Class<?> type, Shape shape, AdversarialLoss.Role role) {
    return new Case(
        name,
        type,
        shape,
        x -> loss.forward(x, role, 1),
        (dx, x, scale) -> {
          loss.backward(dx, x, role, 1);
          for (int i = 0; i < dx.count(); i++) {
            dx.set(i, scale * dx.get(i));
          }
        });
  }

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>(adversarial());
    cases.addAll(plain());
    return cases;
  }

  private static List<Case> plain() {
    return List.of(
        bce("bce, real", 1f),
        bce("bce, generated", 0f),
        bce("bce, smoothed label", 0.9f),
        new Case(
            "softmax cross-entropy",
            SoftmaxCrossEntropy.class,
            Shape.of(6, 3),
            x -> SoftmaxCrossEntropy.forward(x, LABELS),
            (dx, x, scale) -> SoftmaxCrossEntropy.backward(dx, x, LABELS, scale)),
        new Case(
            "squared error",
            SquaredError.class,
            Shape.of(4, 5),
            x -> SquaredError.forward(x, TARGET),
            (dx, x, scale) -> SquaredError.backward(dx, x, TARGET, scale)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradient(Case loss) {
    Tensor x = TestTensors.normal(new Random(4), loss.shape);
    Tensor dx = TestTensors.filled(loss.shape, Float.NaN);
    loss.back.run(dx, x, 1f);
    GradientCheck.check(loss.name, x, dx.toArray(), () -> loss.forward.applyAsDouble(x));

    Tensor scaled = TestTensors.filled(loss.shape, Float.NaN);
    loss.back.run(scaled, x, -2.5f);
    GradientCheck.check(
        loss.name + ", scaled", x, scaled.toArray(), () -> -2.5 * loss.forward.applyAsDouble(x));
  }

  @Test
  void everyLossHasACase() {
    List<Class<?>> losses =
        MainClasses.besides(BceWithLogits.class).stream()
            .filter(t -> t.getEnclosingClass() == null && !t.isInterface())
            .toList();
    List<Class<?>> checked = cases().stream().<Class<?>>map(Case::type).toList();

    assertThat(losses.stream().filter(type -> !checked.contains(type)).map(Class::getSimpleName))
        .as("losses without a gradient check")
        .isEmpty();
  }
}
