package dev.cogan.engine.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cogan.engine.kernel.Allocations;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RandomStreamTest {

  /** The published first values of SplitMix64 for the seed 1234567. */
  @Test
  void aMaskIsWhatSingleNumbersWouldMakeOfIt() {
    for (float p : new float[] {0f, 0x1p-24f, 1e-9f, 0.3f, 0.5f, Math.nextDown(1f)}) {
      RandomStream one = RandomStream.of(3, "mask");
      RandomStream other = RandomStream.of(3, "mask");
      float[] mask = new float[1001];
      one.fillMask(mask, 2, 999, p, 1 / (1 - p));
      assertThat(mask).startsWith(0f, 0f);
      for (int i = 2; i < mask.length; i++) {
        assertThat(mask[i]).isEqualTo(other.nextFloat() < p ? 0f : 1 / (1 - p));
      }
      assertThat(one.state()).isEqualTo(other.state());
    }
  }

  @Test
  void isSplitMix64() {
    RandomStream stream = RandomStream.ofState(1234567);
    assertThat(stream.nextLong()).isEqualTo(6457827717110365317L);
    assertThat(stream.nextLong()).isEqualTo(3203168211198807973L);
    assertThat(stream.nextLong()).isEqualTo(Long.parseUnsignedLong("9817491932198370423"));
    assertThat(stream.nextLong()).isEqualTo(4593380528125082431L);
    assertThat(stream.nextLong()).isEqualTo(Long.parseUnsignedLong("16408922859458223821"));
  }

  @Test
  void purposesAreHashedByFnv1a() {
    // Published: FNV-1a of "" is cbf29ce484222325, of "a" af63dc4c8601ec8c.
    long golden = 0x9e3779b97f4a7c15L;
    assertThat(RandomStream.of(5, "a").state())
        .isEqualTo(RandomStream.mix(RandomStream.mix(5 + golden) ^ 0xaf63dc4c8601ec8cL));
    assertThat(RandomStream.of(5, "").state())
        .isEqualTo(RandomStream.mix(RandomStream.mix(5 + golden) ^ 0xcbf29ce484222325L));
  }

  @Test
  void goesOnFromASavedState() {
    RandomStream stream = RandomStream.of(7, "noise");
    float[] first = new float[5];
    stream.fillNormal(first, 0, 3, 0, 1);
    long state = stream.state();
    stream.fillNormal(first, 0, 5, 0, 1);
    float[] again = new float[5];
    RandomStream.ofState(state).fillNormal(again, 0, 5, 0, 1);
    assertThat(again).isEqualTo(first);
    stream.restore(state);
    stream.fillNormal(again, 0, 5, 0, 1);
    assertThat(again).isEqualTo(first);
  }

  /** Written down once: other bits would mean that old seeds give new results. */
  @Test
  void theBitsNeverChange() {
    RandomStream stream = RandomStream.of(1, "noise");
    float[] values = new float[4];
    stream.fillNormal(values, 0, 2, 0, 1);
    stream.fillUniform(values, 2, 2, -1, 1);
    int[] bits = new int[4];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    assertThat(bits).containsExactly(-1093593176, 1065765054, 1058317740, 1049924076);
  }

  @Test
  void integersAreUniform() {
    RandomStream stream = RandomStream.of(1, "test");
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      counts[stream.nextInt(7)]++;
    }
    double chi = 0;
    for (int count : counts) {
      chi += (count - 10_000.0) * (count - 10_000.0) / 10_000;
    }
    assertThat(chi).isLessThan(22.5); // 6 degrees of freedom, one in a thousand.
    assertThat(stream.nextInt(1)).isZero();
    assertThatThrownBy(() -> stream.nextInt(0)).isInstanceOf(IllegalArgumentException.class);
  }

  /** Without rejection a third of the values below 3 * 2^29 would come a third less often. */
  @Test
  void largeBoundsAreUnbiased() {
    RandomStream stream = RandomStream.of(1, "large");
    int bound = 3 << 29;
    int[] counts = new int[3];
    for (int i = 0; i < 30_000; i++) {
      int value = stream.nextInt(bound);
      assertThat(value).isBetween(0, bound - 1);
      counts[value % 3]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(9_700, 10_300);
    }
  }

  /** The formula as it is written, in all four quarters of the circle. */
  @Test
  void normalValuesAreThoseOfBoxAndMuller() {
    int n = 20_000;
    float[] values = new float[n];
    RandomStream.of(7, "normal").fillNormal(values, 0, n, 0, 1);
    RandomStream uniform = RandomStream.of(7, "normal");
    for (int i = 0; i < n; i += 2) {
      double radius = Math.sqrt(-2 * Math.log(1 - uniform.nextDouble()));
      double angle = 2 * Math.PI * uniform.nextDouble();
      assertThat((double) values[i]).isCloseTo(radius * Math.cos(angle), within(1e-6));
      assertThat((double) values[i + 1]).isCloseTo(radius * Math.sin(angle), within(1e-6));
    }
  }

  /**
   * From JDK 21 on, StrictMath's sine makes an array per call once larger angles have been seen.
   */
  @Test
  void normalValuesLeaveNoGarbageWhateverElseTheJvmHasDone() {
    double sum = 0;
    for (int i = 0; i < 50_000; i++) {
      sum += StrictMath.sin(i) + StrictMath.cos(i);
    }
    assertThat(sum).isFinite();
    RandomStream stream = RandomStream.of(7, "normal");
    float[] values = new float[1000];
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 2000; i++) {
      long before = Allocations.bytes();
      long measuring = Allocations.bytes() - before;
      before = Allocations.bytes();
      stream.fillNormal(values, 0, values.length, 0, 1);
      least = Math.min(least, Allocations.bytes() - before - measuring);
    }
    assertThat(least).isLessThan(1024); // One array per pair of numbers is 16,000.
  }

  @Test
  void normalValuesAreNormal() {
    RandomStream stream = RandomStream.of(2, "normal");
    int n = 200_001;
    float[] values = new float[n];
    stream.fillNormal(values, 0, n, 3, 2);
    double mean = 0;
    for (float value : values) {
      mean += value / (double) n;
    }
    double second = 0;
    double fourth = 0;
    int within = 0;
    for (float value : values) {
      double z = (value - 3) / 2.0;
      second += z * z / n;
      fourth += z * z * z * z / n;
      within += Math.abs(z) < 1 ? 1 : 0;
    }
    assertThat(mean).isCloseTo(3, within(0.02));
    assertThat(second).isCloseTo(1, within(0.02));
    assertThat(fourth).isCloseTo(3, within(0.1));
    assertThat(within / (double) n).isCloseTo(0.6827, within(0.005));
  }

  @Test
  void uniformValuesStayInside() {
    RandomStream stream = RandomStream.of(3, "uniform");
    float[] values = new float[100_002];
    Arrays.fill(values, 99);
    stream.fillUniform(values, 1, 100_000, -1, 1);
    assertThat(values[0]).isEqualTo(99);
    assertThat(values[100_001]).isEqualTo(99);
    double sum = 0;
    for (int i = 1; i <= 100_000; i++) {
      assertThat(values[i]).isGreaterThanOrEqualTo(-1).isLessThan(1);
      sum += values[i];
    }
    assertThat(sum / 100_000).isCloseTo(0, within(0.01));
    float next = Math.nextUp(1f);
    stream.fillUniform(values, 0, 1000, 1, next);
    assertThat(Arrays.copyOf(values, 1000)).containsOnly(1f);
    assertThatThrownBy(() -> stream.fillUniform(values, 0, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> stream.fillUniform(values, 0, 1, Float.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void purposesAndSeedsDiffer() {
    assertThat(RandomStream.of(1, "noise").nextLong())
        .isNotEqualTo(RandomStream.of(1, "init").nextLong())
        .isNotEqualTo(RandomStream.of(2, "noise").nextLong())
        .isEqualTo(RandomStream.of(1, "noise").nextLong());
  }

  @Test
  void shuffleReachesAllOrders() {
    RandomStream stream = RandomStream.of(1, "shuffle");
    int[] counts = new int[27];
    for (int i = 0; i < 6000; i++) {
      int[] items = {0, 1, 2};
      stream.shuffle(items);
      counts[items[0] * 9 + items[1] * 3 + items[2]]++;
    }
    assertThat(Arrays.stream(counts).filter(count -> count > 0)).hasSize(6);
    assertThat(Arrays.stream(counts).filter(count -> count > 0).min().getAsInt())
        .isGreaterThan(850);
  }
}
