package dev.cogan.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.ReferenceKernels;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.TestTensors;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An image depends on its z alone. */
class SamplerTest {
  private static final CoupledModel MODEL = trained();

  private static CoupledModel trained() {
    ModelConfig config = Tiny.config().withDomains(Tiny.domains(1, 3));
    Trainer trainer = Tiny.trainer(config, Tiny.options(), new ScalarKernels());
    trainer.run(2, 2, new TrainingListener() {});
    return trainer.model();
  }

  private Sampler sampler(int batch) {
    return new Sampler(
        MODEL.generators(),
        batch,
        new Workspace(new ReferenceKernels(), Memory.heap(), RandomStream.of(1, "dropout")));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 8})
  void batchSizeDoesNotMatter(int batch) {
    Tensor z = TestTensors.normal(new Random(1), Shape.of(7, 3));
    List<Tensor> expected = sampler(7).sample(z);
    List<Tensor> images = sampler(batch).sample(z);
    assertThat(images).hasSize(2);
    for (int d = 0; d < 2; d++) {
      assertThat(images.get(d).shape()).isEqualTo(Shape.of(7, d == 0 ? 1 : 3, 28, 28));
      assertThat(images.get(d).toArray()).containsExactly(expected.get(d).toArray());
    }
    assertThat(expected.get(0).slice(0, 1).toArray())
        .isNotEqualTo(expected.get(0).slice(1, 1).toArray());
  }

  @Test
  void otherLatentsDoNotMatter() {
    Tensor z = TestTensors.normal(new Random(1), Shape.of(5, 3));
    Sampler sampler = sampler(5);
    float[] expected = sampler.sample(z).get(1).slice(2, 1).toArray();
    for (int i = 0; i < 15; i++) {
      if (i / 3 != 2) {
        z.set(i, 100f * (i - 7));
      }
    }
    assertThat(sampler.sample(z).get(1).slice(2, 1).toArray()).containsExactly(expected);
    assertThat(sampler.sample(z.slice(2, 1)).get(1).toArray()).containsExactly(expected);
  }

  /** Each with a sampler and kernels of its own, all with the same generators. */
  @Test
  void threadsMayShareGenerators() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    List<Integer> right = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 4; i++) {
      int seed = i;
      Tensor z = TestTensors.normal(new Random(seed), Shape.of(3, 3));
      float[] expected = sampler(3).sample(z).get(1).toArray();
      Sampler own = sampler(2);
      threads.add(
          new Thread(
              () -> {
                for (int round = 0; round < 10; round++) {
                  if (!Arrays.equals(expected, own.sample(z).get(1).toArray())) {
                    return;
                  }
                }
                right.add(seed);
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(right).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  @Test
  void noLatentsGiveNoImages() {
    assertThat(sampler(3).sample(Tensor.zeros(0, 3)).get(1).shape())
        .isEqualTo(Shape.of(0, 3, 28, 28));
  }

  @Test
  void batchesHaveAtLeastOneImage() {
    for (int batch : new int[] {0, -1}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> sampler(batch))
          .withMessageContaining("expected a batch of at least one image, got " + batch);
    }
  }

  @Test
  void latentsOfAnotherSizeAreNamed() {
    Sampler sampler = sampler(2);
    assertThat(sampler.latent()).isEqualTo(3);
    for (Shape wrong : List.of(Shape.of(2, 4), Shape.of(3), Shape.of(2, 3, 1, 1))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> sampler.sample(Tensor.zeros(wrong)))
          .withMessage("z must be [n, 3], got " + wrong);
    }
  }

  @Test
  void noiseThatHasNoLatentsOfThatSizeIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sampler.latents(Noise.MIXTURE, 10, 1))
        .withMessage("noise mixture needs z of more than 10 numbers, got 10");
    assertThat(Sampler.latents(Noise.MIXTURE, 11, 1).shape()).isEqualTo(Shape.of(1, 11));
  }

  @Test
  void seedsNameLatents() {
    Tensor two = Sampler.latents(Noise.NORMAL, 3, 5, -9);
    assertThat(two.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(Sampler.latents(Noise.NORMAL, 3, -9).toArray())
        .containsExactly(two.slice(1, 1).toArray());
    assertThat(two.slice(0, 1).toArray()).isNotEqualTo(two.slice(1, 1).toArray());
    float[] uniform = Sampler.latents(Noise.UNIFORM, 500, 5).toArray();
    float largest = 0;
    for (float value : uniform) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(largest).isBetween(0.97f, 1f);
    assertThat(Sampler.latents(Noise.NORMAL, 3).shape()).isEqualTo(Shape.of(0, 3));
  }

  @Test
  void samplingLeavesTheModelAsItIs() {
    float[] buffers = MODEL.generators().store().buffers().clone();
    float[] values = MODEL.generators().store().values().clone();
    sampler(2).sample(Tensor.zeros(3, 3));
    assertThat(MODEL.generators().store().buffers()).containsExactly(buffers);
    assertThat(MODEL.generators().store().values()).containsExactly(values);
  }

  /** Its z would be replaced by the other's, and the images be of that. */
  @Test
  void aSecondThreadIsRefusedBeforeItChangesAnything() {
    Tensor z = TestTensors.normal(new Random(1), Shape.of(2, 3));
    Tensor others = TestTensors.normal(new Random(2), Shape.of(2, 3));
    AtomicReference<Sampler> sampler = new AtomicReference<>();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicBoolean done = new AtomicBoolean();
    Parallel interfering =
        new Parallel() {
          @Override
          public int workers() {
            return 1;
          }

          @Override
          public void run(int tasks, Body body) {
            if (sampler.get() != null && done.compareAndSet(false, true)) {
              Thread thread = new Thread(() -> sampler.get().sample(others));
              thread.setUncaughtExceptionHandler((of, e) -> thrown.set(e));
              thread.start();
              try {
                thread.join();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            }
            for (int task = 0; task < tasks; task++) {
              body.run(task, 0);
            }
          }
        };
    sampler.set(
        new Sampler(
            MODEL.generators(),
            2,
            new Workspace(
                new ScalarKernels(interfering), Memory.heap(), RandomStream.of(1, "dropout"))));
    List<Tensor> images = sampler.get().sample(z);
    assertThat(done).isTrue();
    assertThat(thrown.get())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("sampler");
    List<Tensor> alone = sampler.get().sample(z);
    assertThat(images.get(0).toArray()).containsExactly(alone.get(0).toArray());
  }

  @Test
  void samplersOfTwoThreadsShareGenerators() throws Exception {
    Tensor z = TestTensors.normal(new Random(1), Shape.of(4, 3));
    float[] expected = sampler(4).sample(z).get(1).toArray();
    List<float[]> found = new CopyOnWriteArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Sampler own = sampler(4);
      Thread thread =
          new Thread(
              () -> {
                for (int k = 0; k < 10; k++) {
                  found.add(own.sample(z).get(1).toArray());
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(found).hasSize(20).allMatch(image -> Arrays.equals(image, expected));
  }
}
