package dev.cogan.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Mode;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.TestTensors;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R1 against differences: its value against those of the logits, its gradient against its own. */
class GradientPenaltyTest {
  private static final int BATCH = 3;
  private static final float WEIGHT = 0.7f;

  private final Random random = new Random(5);
  private Workspace workspace;
  private CoupledDiscriminators discriminators;
  private DiscriminatorPass pass;
  private GradientPenalty penalty;
  private Tensor images;
  private long mask;
  private int logits;

  private void make(Algorithm algorithm, int l, boolean slopes, int domain) {
    ModelConfig config =
        new ModelConfig(
                "digits",
                3,
                List.of(4, 3, 2, 2),
                List.of(2, 3, 5),
                4,
                l,
                0.3f,
                slopes,
                List.of(
                    new DomainShape("a", Shape.of(1, 28, 28)),
                    new DomainShape("b", Shape.of(1, 28, 28))))
            .withAlgorithm(algorithm);
    Memory memory = Memory.heap();
    workspace = new Workspace(new ScalarKernels(), memory, RandomStream.of(4, "dropout"));
    discriminators = new CoupledDiscriminators(config, Families.named("digits"), memory, true);
    for (int i = 0; i < discriminators.store().count(); i++) {
      discriminators.store().values()[i] = 0.3f * (float) random.nextGaussian();
    }
    discriminators.reserveGradients(workspace, BATCH);
    pass = new DiscriminatorPass(discriminators, domain, BATCH, true, workspace);
    penalty = new GradientPenalty(discriminators, pass, workspace);
    images = TestTensors.normal(random, Shape.of(BATCH, 1, 28, 28));
    mask = workspace.dropout().state();
    logits = config.logits();
  }

  private Tensor forward() {
    workspace.dropout().restore(mask);
    return discriminators.forward(pass, images, Mode.TRAIN);
  }

  private double value() {
    forward();
    return penalty.addGradient(WEIGHT);
  }

  /** The odds of one image: the logit, or that of its domain's reality less that of none. */
  private double odds(int image) {
    Tensor out = forward();
    return logits == 1
        ? out.get(image)
        : (double) out.get(image * logits + pass.domain() + 1) - out.get(image * logits);
  }

  @ParameterizedTest
  @CsvSource({"COGAN, 3, 0", "COGAN, 0, 1", "GAN, 0, 1", "CGAN, 0, 1"})
  void valueIsTheSquaredSlopeOfTheLogit(Algorithm algorithm, int l, int domain) {
    make(algorithm, l, false, domain);
    double squares = 0;
    int pixels = 28 * 28;
    for (int i = 0; i < BATCH * pixels; i++) {
      float start = images.get(i);
      images.set(i, start + 2e-3f);
      double difference = odds(i / pixels);
      double width = images.get(i);
      images.set(i, start - 2e-3f);
      difference -= odds(i / pixels);
      width -= images.get(i);
      images.set(i, start);
      squares += (difference / width) * (difference / width);
    }
    double expected = WEIGHT / 2 * squares / BATCH;
    assertThat(expected).isGreaterThan(1e-3);
    assertThat(value()).isCloseTo(expected, within(0.01 * expected));
  }

  @ParameterizedTest
  @CsvSource({
    "COGAN, 3, false, 0",
    "COGAN, 1, true, 1",
    "COGAN, 0, false, 1",
    "GAN, 0, true, 0",
    "CGAN, 0, false, 0",
    "CGAN, 0, true, 1"
  })
  void gradientIsThatOfTheValue(Algorithm algorithm, int l, boolean slopes, int domain) {
    make(algorithm, l, slopes, domain);
    discriminators.store().zeroGrad();
    value();
    float[] gradients = discriminators.store().gradients().clone();
    int moved = 0;
    for (Parameter p : discriminators.store().parameters()) {
      double squares = 0;
      for (int i = 0; i < p.count(); i++) {
        squares += gradients[p.offset() + i] * gradients[p.offset() + i];
      }
      if (p.role() == Parameter.Role.BIAS || squares == 0) {
        assertThat(squares).as(p.name() + " of a bias or another domain").isZero();
        continue;
      }
      moved++;
      // The value jumps where a kink is crossed; a smaller step crosses none.
      double error = 1;
      for (double size = 4e-3; size > 2e-4 && error > 2e-3; size /= 2) {
        error = Math.min(error, error(p, gradients, size));
      }
      assertThat(error).as("relative error of the gradient of " + p.name()).isLessThan(2e-3);
    }
    assertThat(moved).isEqualTo(5);
  }

  private double error(Parameter p, float[] gradients, double size) {
    float[] start = p.value().toArray();
    double promised = 0;
    double difference = 0;
    for (int side = 1; side >= -1; side -= 2) {
      for (int i = 0; i < start.length; i++) {
        double way = Math.signum(gradients[p.offset() + i]) * size / Math.sqrt(start.length);
        p.value().set(i, (float) (start[i] + side * way));
        promised += side * gradients[p.offset() + i] * ((double) p.value().get(i) - start[i]);
      }
      difference += side * value();
    }
    for (int i = 0; i < start.length; i++) {
      p.value().set(i, start[i]);
    }
    return Math.abs(difference / promised - 1);
  }

  @Test
  void addsToTheGradients() {
    make(Algorithm.COGAN, 3, false, 0);
    discriminators.store().zeroGrad();
    value();
    float[] once = discriminators.store().gradients().clone();
    value();
    for (int i = 0; i < once.length; i++) {
      assertThat(discriminators.store().gradients()[i])
          .isCloseTo(2 * once[i], within(1e-4f * (1e-3f + Math.abs(once[i]))));
    }
  }

  @Test
  void batchNormIsRefused() {
    ModelConfig config =
        new ModelConfig(
            "photos",
            3,
            List.of(4, 3),
            List.of(2, 3, 4),
            1,
            2,
            0.5f,
            true,
            List.of(
                new DomainShape("a", Shape.of(3, 8, 8)), new DomainShape("b", Shape.of(1, 8, 8))));
    Memory memory = Memory.counting();
    Workspace plan = new Workspace(new ScalarKernels(), memory, RandomStream.of(0, "dropout"));
    CoupledDiscriminators nets =
        new CoupledDiscriminators(config, Families.named("photos"), memory, true);
    nets.reserveGradients(plan, 2);
    DiscriminatorPass first = new DiscriminatorPass(nets, 0, 2, true, plan);
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> new GradientPenalty(nets, first, plan))
        .withMessageStartingWith(
            "r1 needs discriminators without batch norm and with kinked activations, but there is"
                + " discriminators.");
  }
}
