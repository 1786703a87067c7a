package dev.cogan.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Tensor;
import org.junit.jupiter.api.Test;

class NoiseTest {

  @Test
  void aMixtureHasTenPartsOfTheSameChance() {
    int n = 20_000;
    int latent = 13;
    Tensor z = Tensor.zeros(n, latent);
    z.fill(Float.NaN);
    Noise.MIXTURE.fill(RandomStream.of(1, "noise"), z);
    int[] parts = new int[10];
    double sum = 0;
    double squares = 0;
    for (int row = 0; row < n; row++) {
      float code = 0;
      for (int i = 0; i < 10; i++) {
        float value = z.get(row * latent + i);
        assertThat(value == 0f || value == 4f).isTrue();
        code += value;
        parts[i] += value == 4f ? 1 : 0;
      }
      assertThat(code).isEqualTo(4f);
      for (int i = 10; i < latent; i++) {
        double value = z.get(row * latent + i);
        sum += value;
        squares += value * value;
      }
    }
    double chi = 0;
    for (int part : parts) {
      chi += (part - n / 10.0) * (part - n / 10.0) / (n / 10.0);
    }
    assertThat(chi).isLessThan(27.9); // 9 degrees of freedom, one in a thousand.
    assertThat(sum / (3 * n)).isCloseTo(0, within(0.02));
    assertThat(squares / (3 * n)).isCloseTo(1, within(0.02));
  }

  @Test
  void onlyTheRowsAskedForAreWritten() {
    for (Noise noise : Noise.values()) {
      float[] dest = new float[4 + 2 * 15 + 4];
      java.util.Arrays.fill(dest, 9f);
      noise.fill(RandomStream.of(1, "noise"), dest, 4, 2, 15);
      for (int i = 0; i < 4; i++) {
        assertThat(dest[i]).isEqualTo(9f);
        assertThat(dest[34 + i]).isEqualTo(9f);
      }
      for (int i = 4; i < 34; i++) {
        assertThat(dest[i]).isNotEqualTo(9f);
      }
    }
  }

  @Test
  void truncationLeavesThePartOfAMixture() {
    Tensor z = Sampler.latents(Noise.MIXTURE, 12, 3);
    float[] before = z.toArray();
    Noise.MIXTURE.truncate(z, 0.5f);
    for (int i = 0; i < 12; i++) {
      assertThat(z.get(i)).isEqualTo(i < 10 ? before[i] : 0.5f * before[i]);
    }
    Tensor normal = Sampler.latents(Noise.NORMAL, 12, 3);
    float first = normal.get(0);
    Noise.NORMAL.truncate(normal, 0.5f);
    assertThat(normal.get(0)).isEqualTo(0.5f * first);
  }

  @Test
  void aMixtureNeedsRoomInZ() {
    assertThatCode(() -> Noise.MIXTURE.requireFitting(11)).doesNotThrowAnyException();
    assertThatCode(() -> Noise.NORMAL.requireFitting(1)).doesNotThrowAnyException();
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> Noise.MIXTURE.requireFitting(10))
        .withMessage("noise mixture needs z of more than 10 numbers, got 10");
    TrainOptions options = Tiny.options().withNoise(Noise.MIXTURE);
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> Tiny.trainer(Tiny.config(), options, new ScalarKernels()))
        .withMessage("noise mixture needs z of more than 10 numbers, got 3");
  }
}
