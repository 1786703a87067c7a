package dev.cogan.engine.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cogan.engine.image.Resize.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResizeTest {

  @Test
  void halvingAverages() {
    float[] plane = {0, 4, 8, 8, 4, 8, 0, 0};
    assertThat(Resize.plane(plane, 0, 4, new Window(0, 0, 2, 4), 1, 2)).containsExactly(4f, 4f);
  }

  @Test
  void sameSizeCopiesTheWindow() {
    float[] plane = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    assertThat(Resize.plane(plane, 0, 3, new Window(1, 1, 2, 2), 2, 2))
        .containsExactly(4f, 5f, 7f, 8f);
  }

  @Test
  void growingInterpolates() {
    float[] plane = {0, 8};
    assertThat(Resize.plane(plane, 0, 2, new Window(0, 0, 1, 2), 1, 4))
        .containsExactly(0f, 2f, 6f, 8f);
  }

  @ParameterizedTest
  @CsvSource({"178, 132", "89, 66", "64, 66", "7, 3", "100, 1", "1, 9", "66, 66", "2000, 64"})
  void aFlatPictureStaysFlatAndARampKeepsItsMean(int from, int to) {
    float[] flat = new float[from * from];
    float[] ramp = new float[from * from];
    double mean = 0;
    for (int i = 0; i < flat.length; i++) {
      flat[i] = 3;
      ramp[i] = i % from;
      mean += ramp[i] / (double) flat.length;
    }
    Window all = new Window(0, 0, from, from);
    for (float value : Resize.plane(flat, 0, from, all, to, to)) {
      assertThat(value).isCloseTo(3f, within(1e-4f));
    }
    double after = 0;
    for (float value : Resize.plane(ramp, 0, from, all, to, to)) {
      after += value / ((double) to * to);
    }
    assertThat(after).isCloseTo(mean, within(1e-3 * Math.max(1, mean)));
  }

  @Test
  void facesLoseTwentyRowsAtTheTopAndTheBottom() {
    assertThat(Window.centred(218, 178, 132, 132)).isEqualTo(new Window(20, 0, 178, 178));
    assertThat(Window.centred(109, 89, 66, 66)).isEqualTo(new Window(10, 0, 89, 89));
    assertThat(Window.centred(64, 64, 66, 66)).isEqualTo(new Window(0, 0, 64, 64));
    assertThat(Window.centred(480, 640, 132, 176)).isEqualTo(new Window(0, 0, 480, 640));
    assertThat(Window.centred(1, 50_000, 64, 64)).isEqualTo(new Window(0, 24_999, 1, 1));
  }
}
