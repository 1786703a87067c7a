package dev.cogan.engine.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Noise;
import dev.cogan.engine.train.Sampler;
import org.junit.jupiter.api.Test;

class LatentWalkTest {
  private static Tensor tensor(Shape shape, float... values) {
    return new Tensor(values, 0, shape);
  }

  @Test
  void aStraightWalkPassesItsStations() {
    Tensor stations = tensor(Shape.of(3, 1), 0, 1, 3);
    assertThat(LatentWalk.points(Noise.UNIFORM, stations, 2, false).toArray())
        .containsExactly(0, 0.5f, 1, 2, 3);
    assertThat(LatentWalk.points(Noise.UNIFORM, stations, 2, true).toArray())
        .containsExactly(0, 0.5f, 1, 2, 3, 1.5f);
  }

  @Test
  void anArcKeepsTheLength() {
    Tensor quarter = LatentWalk.points(Noise.NORMAL, tensor(Shape.of(2, 2), 2, 0, 0, 2), 2, false);
    float half = (float) Math.sqrt(2);
    assertThat(quarter.toArray())
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(2, 0, half, half, 0, 2);
    Tensor z = Sampler.latents(Noise.NORMAL, 100, 1, 2);
    Tensor walk = LatentWalk.points(Noise.NORMAL, z, 10, false);
    double from = length(walk, 0);
    double to = length(walk, 10);
    for (int i = 0; i <= 10; i++) {
      assertThat(length(walk, i)).isBetween(Math.min(from, to) * 0.99, Math.max(from, to) * 1.01);
    }
    assertThat(walk.slice(0, 1).toArray()).containsExactly(z.slice(0, 1).toArray());
  }

  @Test
  void aWalkThroughAMixtureIsStraightInTheCodeAndAnArcInTheRest() {
    Tensor z = Sampler.latents(Noise.MIXTURE, 12, 1, 2);
    Tensor walk = LatentWalk.points(Noise.MIXTURE, z, 4, false);
    Tensor rest = Tensor.zeros(2, 2);
    for (int row = 0; row < 2; row++) {
      System.arraycopy(z.data(), row * 12 + 10, rest.data(), row * 2, 2);
    }
    Tensor arc = LatentWalk.points(Noise.NORMAL, rest, 4, false);
    for (int p = 0; p <= 4; p++) {
      for (int i = 0; i < 10; i++) {
        float expected = (1 - p / 4f) * z.get(i) + p / 4f * z.get(12 + i);
        assertThat(walk.get(p * 12 + i)).isCloseTo(expected, within(1e-6f));
      }
      assertThat(walk.get(p * 12 + 10)).isEqualTo(arc.get(p * 2));
      assertThat(walk.get(p * 12 + 11)).isEqualTo(arc.get(p * 2 + 1));
    }
  }

  private static double length(Tensor z, int row) {
    double sum = 0;
    for (float value : z.slice(row, 1).toArray()) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }

  @Test
  void oneStationTwiceAndOppositeStationsAreNoTrap() {
    Tensor same = LatentWalk.points(Noise.NORMAL, tensor(Shape.of(2, 2), 1, 2, 1, 2), 3, false);
    assertThat(same.slice(1, 1).toArray()[0]).isCloseTo(1, within(1e-6f));
    for (float value :
        LatentWalk.points(Noise.NORMAL, tensor(Shape.of(2, 2), 1, 2, -1, -2), 3, false).toArray()) {
      assertThat(value).isFinite();
    }
    assertThat(LatentWalk.points(Noise.NORMAL, Tensor.zeros(2, 2), 3, false).toArray())
        .containsOnly(0f);
  }

  @Test
  void aWalkNeedsTwoStations() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LatentWalk.points(Noise.NORMAL, Tensor.zeros(1, 2), 3, false));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LatentWalk.points(Noise.NORMAL, Tensor.zeros(2, 2), 0, false));
  }
}
