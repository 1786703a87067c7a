package dev.cogan.cli.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.data.ImageTransforms;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.train.DivergedException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClassifierTrainingTest {

  @Test
  void aTrainingThatDivergesStopsAtOnce() {
    byte[] labels = new byte[64];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i % 2);
    }
    ImageSet train = ImageSet.ofBytes(Shape.of(1, 28, 28), new byte[64 * 784]).withLabels(labels);
    AtomicInteger updates = new AtomicInteger();
    assertThatThrownBy(
            () ->
                ClassifierTraining.run(
                    train,
                    List.of(),
                    List.of(ImageTransforms.IDENTITY),
                    50,
                    0,
                    poisoning(updates),
                    new PrintWriter(new StringWriter())))
        .isInstanceOf(DivergedException.class)
        .hasMessage("diverged at step 4: the classifier's loss is not finite");
    assertThat(updates).hasValue(4);
  }

  /** Kernels whose third update of the weights makes them NaN. */
  private static Kernels poisoning(AtomicInteger updates) {
    Kernels right = new ScalarKernels();
    return (Kernels)
        Proxy.newProxyInstance(
            Kernels.class.getClassLoader(),
            new Class<?>[] {Kernels.class},
            (proxy, method, args) -> {
              Object result = method.invoke(right, args);
              if (method.getName().equals("adam") && updates.incrementAndGet() == 3) {
                Arrays.fill((float[]) args[1], Float.NaN);
              }
              return result;
            });
  }
}
