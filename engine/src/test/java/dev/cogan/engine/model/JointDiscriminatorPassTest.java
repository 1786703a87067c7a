package dev.cogan.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Mode;
import dev.cogan.engine.nn.TestTensors;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batches judged together against the same batches judged one by one. */
class JointDiscriminatorPassTest {
  private static final int BATCH = 3;
  private static final List<Integer> DOMAINS = List.of(0, 1, 0, 1);

  private final Random random = new Random(8);
  private final Workspace workspace =
      new Workspace(new ScalarKernels(), Memory.heap(), RandomStream.of(4, "dropout"));
  private final List<Tensor> images = new ArrayList<>();
  private CoupledDiscriminators discriminators;
  private JointDiscriminatorPass joint;
  private Tensor dlogits;

  private void make(String family, Algorithm algorithm, int l) {
    boolean digits = family.equals("digits");
    Shape image = digits ? Shape.of(1, 28, 28) : Shape.of(3, 8, 8);
    ModelConfig config =
        new ModelConfig(
                family,
                3,
                digits ? List.of(4, 3, 2, 2) : List.of(4, 3),
                List.of(2, 3, 4),
                1,
                l,
                0f,
                true,
                List.of(new DomainShape("a", image), new DomainShape("b", image)))
            .withAlgorithm(algorithm);
    discriminators =
        new CoupledDiscriminators(config, Families.named(family), workspace.memory(), true);
    for (int i = 0; i < discriminators.store().count(); i++) {
      discriminators.store().values()[i] = 0.3f * (float) random.nextGaussian();
    }
    discriminators.reserveGradients(workspace, BATCH, DOMAINS.size());
    joint = new JointDiscriminatorPass(discriminators, DOMAINS, BATCH, workspace);
    for (int i = 0; i < DOMAINS.size(); i++) {
      images.add(TestTensors.normal(random, image.prepend(BATCH)));
    }
    int rows = DOMAINS.size() * BATCH;
    dlogits = TestTensors.normal(random, Shape.of(rows, config.logits()));
  }

  @ParameterizedTest
  @CsvSource({
    "digits, COGAN, 2, 0",
    "digits, COGAN, 2, 2",
    "digits, COGAN, 3, 0",
    "digits, COGAN, 0, 2",
    "digits, GAN, 0, 0",
    "digits, CGAN, 0, 2",
    "photos, COGAN, 2, 0",
    "photos, COGAN, 2, 2",
    "photos, COGAN, 0, 0",
    "photos, CGAN, 0, 2"
  })
  void isThatOfEachBatch(String family, Algorithm algorithm, int l, int first) {
    make(family, algorithm, l);
    int parts = DOMAINS.size() - first;
    JointDiscriminatorPass pass = first == 0 ? joint : joint.partsFrom(first);
    List<Tensor> given = images.subList(first, DOMAINS.size());
    List<Tensor> dimages = new ArrayList<>();
    given.forEach(batch -> dimages.add(Tensor.zeros(batch.shape())));
    // What an earlier pass of all left in the same memory must not matter.
    discriminators.forward(joint, images, Mode.TRAIN);
    discriminators.store().zeroGrad();
    discriminators.forward(pass, given, Mode.TRAIN);
    discriminators.backward(pass, dimages, dlogits.slice(0, parts * BATCH), true);
    float[] together = discriminators.store().gradients().clone();

    discriminators.store().zeroGrad();
    for (int part = 0; part < parts; part++) {
      int domain = DOMAINS.get(first + part);
      DiscriminatorPass alone =
          new DiscriminatorPass(discriminators, domain, BATCH, true, workspace);
      Tensor logits = discriminators.forward(alone, given.get(part), Mode.TRAIN);
      assertClose(pass.logits(part).toArray(), logits.toArray(), "logits " + part);
      Tensor dimage = Tensor.zeros(given.get(part).shape());
      discriminators.backward(alone, dimage, dlogits.slice(part * BATCH, BATCH), true);
      assertClose(dimages.get(part).toArray(), dimage.toArray(), "gradient to images " + part);
    }
    assertClose(together, discriminators.store().gradients(), "gradient to parameters");
  }

  @Test
  void batchesThatDoNotFitAreNamed() {
    make("digits", Algorithm.COGAN, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> discriminators.forward(joint, images.subList(0, 3), Mode.TRAIN))
        .withMessage("discriminators: expected 4 batches of images, got 3");
    discriminators.forward(joint, images, Mode.TRAIN);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> discriminators.backward(joint.partsFrom(2), null, dlogits, true))
        .withMessage(
            "discriminators: expected the gradients to the logits of 6 images, got [12, 1]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> discriminators.backward(joint, List.of(), dlogits, true))
        .withMessage("discriminators: expected 4 gradients to images, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> joint.partsFrom(4))
        .withMessage("discriminators.shared: expected a part from 0 to 3, got 4");
  }

  private static void assertClose(float[] actual, float[] expected, String what) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(largest).as(what + ": largest").isGreaterThan(1e-3);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i])
          .as(what + " " + i)
          .isCloseTo(expected[i], within(1e-5 * largest));
    }
  }
}
