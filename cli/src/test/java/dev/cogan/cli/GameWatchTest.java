package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GameWatchTest {
  private final List<String> warnings = new ArrayList<>();
  private final GameWatch watch = new GameWatch(List.of("a", "b"), warnings::add);

  private static Tensor images(float contrast) {
    Tensor images = Tensor.zeros(4, 1, 2, 2);
    for (int i = 0; i < images.count(); i++) {
      images.set(i, 0.5f + (i / 4 % 2 == 0 ? contrast : -contrast));
    }
    return images;
  }

  @Test
  void aCollapseIsSaidOnceUntilMuchLater() {
    Tensor reals = images(0.4f);
    watch.snapshot(0, 0, images(0.01f), reals);
    assertThat(warnings).as("untrained generators have not collapsed").isEmpty();
    watch.snapshot(200, 0, images(0.3f), reals);
    watch.snapshot(400, 0, images(0.25f), reals);
    assertThat(warnings).isEmpty();
    watch.snapshot(600, 0, images(0.02f), reals);
    watch.snapshot(800, 0, images(0.02f), reals);
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).contains("domain a", "20 times less", "collapsed", "try");
    watch.snapshot(1600, 0, images(0.02f), reals);
    watch.snapshot(3000, 0, images(0.02f), reals);
    assertThat(warnings).hasSize(2);
  }

  @Test
  void aDiscriminatorThatIsAlwaysRightIsSaidWithWhatToTry() {
    for (int step = 1; step <= 250; step++) {
      watch.step(step, d -> d == 0 ? 1 : 0.9);
    }
    assertThat(warnings).as("right for a while only").isEmpty();
    for (int step = 251; step <= 1000; step++) {
      watch.step(step, d -> d == 0 ? 1 : 0.9);
    }
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0))
        .contains("domain a", " %", "for 200 steps", "--dropout", "--rate-d");
    for (int step = 1001; step <= 4000; step++) {
      watch.step(step, d -> d == 0 ? 1 : 0.9);
    }
    assertThat(warnings).as("again after 1000 steps, and after 2000 more").hasSize(3);
  }

  @Test
  void aDiscriminatorThatIsWrongNowAndThenIsNoCauseForAWarning() {
    for (int step = 1; step <= 3000; step++) {
      double right = step % 100 == 0 ? 0.5 : 1;
      watch.step(step, d -> right);
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void spreadOfKnownImages() {
    assertThat(GameWatch.spread(images(0.25f)))
        .isEqualTo(0.25, org.assertj.core.data.Offset.offset(1e-6));
    assertThat(GameWatch.spread(images(0f))).isZero();
  }
}
