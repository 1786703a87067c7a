package dev.cogan.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.loss.GanLoss;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.nn.TestTensors;
import dev.cogan.engine.optim.AdamOptions;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each remedy does to a training, against the plain formula. */
class RemediesTest {

  private static Trainer trainer(Remedies remedies) {
    return Tiny.trainer(Tiny.config(), Tiny.options().withRemedies(remedies), new ScalarKernels());
  }

  @ParameterizedTest
  @CsvSource({
    "LINEAR,  100, 1.0",
    "LINEAR,  150, 0.505",
    "LINEAR,  175, 0.2575",
    "LINEAR,  200, 0.01",
    "LINEAR, 5000, 0.01",
    "COSINE,    1, 1.0",
    "COSINE,  100, 1.0",
    "COSINE,  125, 0.855018",
    "COSINE,  150, 0.505",
    "COSINE,  200, 0.01"
  })
  void ratesFall(RateDecay.Shape shape, long step, double factor) {
    assertThat(new RateDecay(shape, 100, 200).factor(step)).isCloseTo(factor, within(1e-6));
  }

  @Test
  void ratesThatStay() {
    assertThat(RateDecay.NONE.factor(1)).isEqualTo(1);
    assertThat(RateDecay.NONE.factor(1L << 40)).isEqualTo(1);
  }

  @Test
  void decayThatCannotBeIsRefused() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> new RateDecay(RateDecay.Shape.COSINE, 20, 20))
        .withMessage(
            "rate decay cosine must run from step 0 or later to a later one, got 20 to 20");
  }

  @Test
  void thoseInUseAreNamed() {
    assertThat(Remedies.NONE.describe()).isEqualTo("none");
    RateDecay line = new RateDecay(RateDecay.Shape.LINEAR, 2, 6);
    assertThat(new Remedies(0.5f, line, GanLoss.HINGE, 2, 0.1f, 4, true, 0.25f, 3f).describe())
        .isEqualTo(
            "ema 0.5, rate decay linear 2-6, loss hinge, d-steps 2, r1 0.1 (every 4),"
                + " spectral norm, instance noise 0.25, clip updates 3.0");
  }

  @Test
  void eachChangesItsOwnFieldAlone() {
    RateDecay line = new RateDecay(RateDecay.Shape.LINEAR, 2, 6);
    Remedies all = new Remedies(0.5f, line, GanLoss.HINGE, 2, 0.1f, 4, true, 0.25f, 3f);
    RateDecay other = new RateDecay(RateDecay.Shape.COSINE, 3, 7);
    assertThat(all.withEma(0.75f))
        .isEqualTo(new Remedies(0.75f, line, GanLoss.HINGE, 2, 0.1f, 4, true, 0.25f, 3f));
    assertThat(all.withRateDecay(other))
        .isEqualTo(new Remedies(0.5f, other, GanLoss.HINGE, 2, 0.1f, 4, true, 0.25f, 3f));
    assertThat(all.withLoss(GanLoss.LSGAN))
        .isEqualTo(new Remedies(0.5f, line, GanLoss.LSGAN, 2, 0.1f, 4, true, 0.25f, 3f));
    assertThat(all.withDiscriminatorSteps(5))
        .isEqualTo(new Remedies(0.5f, line, GanLoss.HINGE, 5, 0.1f, 4, true, 0.25f, 3f));
    assertThat(all.withR1(0.2f, 6))
        .isEqualTo(new Remedies(0.5f, line, GanLoss.HINGE, 2, 0.2f, 6, true, 0.25f, 3f));
    assertThat(all.withSpectralNorm(false))
        .isEqualTo(new Remedies(0.5f, line, GanLoss.HINGE, 2, 0.1f, 4, false, 0.25f, 3f));
    assertThat(all.withInstanceNoise(0.5f))
        .isEqualTo(new Remedies(0.5f, line, GanLoss.HINGE, 2, 0.1f, 4, true, 0.5f, 3f));
    assertThat(all.withClipUpdates(4f))
        .isEqualTo(new Remedies(0.5f, line, GanLoss.HINGE, 2, 0.1f, 4, true, 0.25f, 4f));
  }

  @Test
  void rangesOfTheRemedies() {
    refused(() -> Remedies.NONE.withR1(-1f, 1), "r1 must be in [0, 1e6], got -1.0");
    refused(() -> Remedies.NONE.withR1(Float.NaN, 1), "r1 must be in [0, 1e6], got NaN");
    refused(
        () -> Remedies.NONE.withR1(1f, 0),
        "steps from one r1 penalty to the next must be 1 to 100, got 0");
    refused(
        () -> Remedies.NONE.withInstanceNoise(11f), "instance noise must be in [0, 10], got 11.0");
    refused(
        () -> Remedies.NONE.withClipUpdates(0.5f),
        "clip updates must be 0 or in [1, 1000], got 0.5");
    refused(
        () -> Remedies.NONE.withClipUpdates(Float.NaN),
        "clip updates must be 0 or in [1, 1000], got NaN");
  }

  @Test
  void withoutPenaltyThereIsNoInterval() {
    assertThat(Remedies.NONE.withR1(1f, 4).withR1(0f, 4)).isEqualTo(Remedies.NONE);
  }

  private static void refused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
    assertThatExceptionOfType(ConfigException.class).isThrownBy(call).withMessage(message);
  }

  /** Ordinary steps stay what they are; a step after quiet ones gets the length it should have. */
  @Test
  void updatesAreClippedWhereGradientsComeAsASurprise() {
    Trainer plain = trainer(Remedies.NONE);
    Trainer clipped = trainer(Remedies.NONE.withClipUpdates(3f));
    for (int i = 0; i < 5; i++) {
      plain.step();
      clipped.step();
    }
    ParameterStore there = plain.model().discriminators().store();
    ParameterStore here = clipped.model().discriminators().store();
    assertThat(here.values()).isEqualTo(there.values());
    for (Trainer trainer : List.of(plain, clipped)) {
      ParameterStore store = trainer.model().discriminators().store();
      Arrays.fill(store.firstMoments(), 0f);
      Arrays.fill(store.secondMoments(), 1e-20f);
      trainer.discriminatorAdam().restore(1_000_000);
    }
    float[] before = there.values().clone();
    plain.step();
    clipped.step();
    double most = farthest(before, there.values());
    double shorter = farthest(before, here.values());
    assertThat(shorter).isPositive().isLessThan(0.5 * most);
  }

  private static double farthest(float[] from, float[] to) {
    double most = 0;
    for (int i = 0; i < from.length; i++) {
      most = Math.max(most, Math.abs((double) to[i] - from[i]));
    }
    return most;
  }

  /** In every second step, with twice the weight: the steps between are the paper's. */
  @Test
  void penaltyComesInEveryNthStep() {
    Trainer plain = trainer(Remedies.NONE);
    Trainer lazy = trainer(Remedies.NONE.withR1(5f, 2));
    plain.step();
    assertThat(lazy.step().penalty()).isZero();
    assertThat(TrainerTest.weights(lazy)).containsExactly(TrainerTest.weights(plain));
    plain.step();
    double penalty = lazy.step().penalty();
    assertThat(penalty).isPositive();
    assertThat(TrainerTest.weights(lazy)).isNotEqualTo(TrainerTest.weights(plain));
    Trainer twice = trainer(Remedies.NONE.withR1(10f, 2));
    twice.step();
    assertThat(twice.step().penalty()).isCloseTo(2 * penalty, within(1e-6 * penalty));
  }

  /** Not of the generated ones, which are judged in the same pass. */
  @Test
  void penaltyIsThatOfTheRealImages() {
    AdamOptions still = AdamOptions.paper().withRate(1e-30f);
    TrainOptions options =
        Tiny.options().withAdam(still, still).withRemedies(Remedies.NONE.withR1(5f, 1));
    Trainer trainer = Tiny.trainer(Tiny.config().withDropout(0f), options, new ScalarKernels());
    Tensor z = TestTensors.normal(new Random(1), Shape.of(Tiny.BATCH, 3));
    Tensor otherZ = TestTensors.normal(new Random(2), Shape.of(Tiny.BATCH, 3));
    List<Tensor> reals = reals(3);
    double penalty = trainer.step(z, reals).penalty();
    assertThat(trainer.step(otherZ, reals).penalty()).isPositive().isEqualTo(penalty);
    assertThat(trainer.step(z, reals(4)).penalty()).isNotEqualTo(penalty);
  }

  private static List<Tensor> reals(int seed) {
    Random random = new Random(seed);
    List<Tensor> reals = new ArrayList<>();
    for (int domain = 0; domain < 2; domain++) {
      reals.add(TestTensors.normal(random, Shape.of(Tiny.BATCH, 1, 28, 28)));
    }
    return reals;
  }

  /** A heavy penalty makes the discriminators flat where the real images are. */
  @Test
  void penaltyFallsWhenItIsPlayedFor() {
    Trainer light = trainer(Remedies.NONE.withR1(1e-6f, 1));
    Trainer heavy = trainer(Remedies.NONE.withR1(100f, 1));
    double lightEnd = 0;
    double heavyEnd = 0;
    for (int i = 0; i < 40; i++) {
      lightEnd = light.step().penalty() * 1e8;
      heavyEnd = heavy.step().penalty();
    }
    assertThat(heavyEnd).isLessThan(0.8 * lightEnd);
  }

  @Test
  void noiseOnImagesFallsWithTheRates() {
    RateDecay over = new RateDecay(RateDecay.Shape.LINEAR, 0, 1);
    Trainer plain = trainer(Remedies.NONE.withRateDecay(over));
    Trainer noisy = trainer(Remedies.NONE.withRateDecay(over).withInstanceNoise(0.5f));
    Trainer full = trainer(Remedies.NONE.withInstanceNoise(0.5f));
    Trainer none = trainer(Remedies.NONE);
    double little = Math.abs(noisy.step().discriminatorLoss(0) - plain.step().discriminatorLoss(0));
    double much = Math.abs(full.step().discriminatorLoss(0) - none.step().discriminatorLoss(0));
    assertThat(little).isPositive().isLessThan(much);
  }

  /** At 1 % of the rate, Adam's step is 1 % as long, whatever the gradient. */
  @Test
  void bothTeamsSlowDown() {
    RateDecay over = new RateDecay(RateDecay.Shape.LINEAR, 0, 1);
    Trainer slow = trainer(Remedies.NONE.withRateDecay(over));
    Trainer full = trainer(Remedies.NONE);
    float[] start = TrainerTest.weights(full);
    full.step();
    slow.step();
    float[] fullEnd = TrainerTest.weights(full);
    float[] slowEnd = TrainerTest.weights(slow);
    int generators = full.model().generators().store().count();
    double largestGenerator = 0;
    double largestDiscriminator = 0;
    for (int i = 0; i < start.length; i++) {
      double moved = Math.abs(slowEnd[i] - start[i]);
      assertThat(moved).isLessThan(2e-5);
      if (i < generators) {
        largestGenerator = Math.max(largestGenerator, moved);
        assertThat(Math.abs(fullEnd[i] - start[i])).isLessThan(2e-3f);
      } else {
        largestDiscriminator = Math.max(largestDiscriminator, moved);
      }
    }
    assertThat(largestGenerator).isGreaterThan(5e-6);
    assertThat(largestDiscriminator).isGreaterThan(5e-6);
  }

  @Test
  void averageFollowsTheWeights() {
    float decay = 0.4f;
    Trainer trainer = trainer(Remedies.NONE.withEma(decay));
    ParameterStore trained = trainer.model().generators().store();
    ParameterStore averaged = trainer.sampledGenerators().store();
    assertThat(averaged).isNotSameAs(trained);
    assertThat(averaged.values()).as("before the first step").containsExactly(trained.values());
    double[] expected = new double[trained.count()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = trained.values()[i];
    }
    for (int step = 1; step <= 10; step++) {
      trainer.step();
      double d = Math.min(decay, (1.0 + step) / (10.0 + step));
      for (int i = 0; i < expected.length; i++) {
        expected[i] = d * expected[i] + (1 - d) * trained.values()[i];
      }
    }
    double way = 0;
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) averaged.values()[i]).isCloseTo(expected[i], within(1e-6));
      way = Math.max(way, Math.abs(averaged.values()[i] - trained.values()[i]));
    }
    assertThat(way).as("distance of the average from the weights").isGreaterThan(1e-4);
  }

  @Test
  void averagingLeavesTheTrainingAsItIs() {
    Trainer plain = trainer(Remedies.NONE);
    Trainer averaging = trainer(Remedies.NONE.withEma(0.9f));
    plain.run(5, 2, new TrainingListener() {});
    averaging.run(5, 2, new TrainingListener() {});
    assertThat(TrainerTest.weights(averaging)).containsExactly(TrainerTest.weights(plain));
  }

  /** Those that a network trained to the averaged weights would have. */
  @Test
  void averageHasStatisticsOfItsOwn() {
    Trainer trainer = trainer(Remedies.NONE.withEma(0.9f));
    for (int i = 0; i < 8; i++) {
      trainer.step();
    }
    ParameterStore trained = trainer.model().generators().store();
    ParameterStore averaged = trainer.sampledGenerators().store();
    final float[] moving = trained.buffers().clone();
    trainer.refreshStatistics();
    assertThat(trained.buffers()).as("nobody draws with these").containsExactly(moving);
    assertThat(averaged.buffers()).isNotEqualTo(moving);

    Trainer plain = trainer(Remedies.NONE);
    ParameterStore same = plain.model().generators().store();
    System.arraycopy(averaged.values(), 0, same.values(), 0, same.count());
    plain.refreshStatistics();
    assertThat(averaged.buffers()).containsExactly(same.buffers());
  }

  @Test
  void moreDiscriminatorStepsTakeMoreData() {
    Trainer trainer = trainer(Remedies.NONE.withDiscriminatorSteps(3));
    trainer.step();
    assertThat(trainer.stepsDone()).isEqualTo(1);
    assertThat(trainer.discriminatorAdam().steps()).isEqualTo(3);
    assertThat(trainer.generatorAdam().steps()).isEqualTo(1);
    Trainer drawn = trainer(Remedies.NONE);
    for (int i = 0; i < 3; i++) {
      drawn.step();
    }
    assertThat(trainer.noise().state()).isEqualTo(drawn.noise().state());
    assertThat(trainer.data().get(1).state()).containsExactly(drawn.data().get(1).state());
  }

  @Test
  void sampledImagesAreThoseOfTheAverage() {
    Trainer trainer = trainer(Remedies.NONE.withEma(0.99f));
    trainer.run(6, 6, new TrainingListener() {});
    Tensor z = Sampler.latents(Noise.NORMAL, 3, 1, 2);
    List<Tensor> averaged =
        new Sampler(trainer.sampledGenerators(), 2, trainer.workspace()).sample(z);
    List<Tensor> trained =
        new Sampler(trainer.model().generators(), 2, trainer.workspace()).sample(z);
    assertThat(averaged.get(0).toArray()).isNotEqualTo(trained.get(0).toArray());
  }
}
