package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressTest {
  @Test
  void lossesOfATrainingThatGoesWrongLeaveRoomForTheRest() {
    assertThat(Progress.loss(2.0624, 3)).isEqualTo("2.062");
    assertThat(Progress.loss(999.5, 2)).isEqualTo("999.50");
    assertThat(Progress.loss(9.0249e32, 3)).isEqualTo("9.0e+32");
    assertThat(Progress.loss(-1234.5, 2)).isEqualTo("-1.2e+03");
    assertThat(Progress.loss(Double.NaN, 2)).isEqualTo("NaN");
  }
}
