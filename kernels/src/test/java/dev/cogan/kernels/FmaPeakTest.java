package dev.cogan.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class FmaPeakTest {

  @Test
  void computesWhatItCounts() {
    FmaPeak peak = new FmaPeak();
    assertThat(peak.chains()).isCloseTo(peak.expected(), Percentage.withPercentage(1e-3));
    assertThat(peak.run()).isEqualTo(2L * 12 * 10_000 * Tile.LANES);
  }
}
