package dev.cogan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.train.Preset;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not compiled yet is not counted, and what {@link Growth} prints. */
class WarmedTest {
  private static final int SLOW_CALLS = 5;
  private static final long SLOW_MILLIS = 100;

  private byte[] garbage;
  private int calls;

  /** As vector code does: slow, and every vector an object, until it is compiled. */
  private void call(int megabytes) {
    if (calls++ < SLOW_CALLS) {
      garbage = new byte[megabytes << 20];
      try {
        Thread.sleep(SLOW_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void growth_counts_no_first_steps() {
    Operation step = KernelOperations.of(new float[0], () -> call(17));
    assertThat(Growth.median(step, 0.4)).isLessThan(SLOW_MILLIS);
    assertThat(calls).isGreaterThanOrEqualTo(SLOW_CALLS + 3);
    assertThat(garbage).isNotNull();
  }

  @Test
  void roofline_counts_no_first_calls() {
    assertThat(Roofline.best(() -> call(2), 0.4)).isLessThan(SLOW_MILLIS * 1e-3);
  }

  @ParameterizedTest
  @CsvSource({"1, 6, false", "2, 8, true", "64, 8, true"})
  void two_threads_are_measured_where_there_are_two(int cores, int bars, boolean two) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Growth growth = new Growth(0.001, "scalar", cores, out);
    growth.table("batch");
    growth.row("2", Preset.DIGITS_SMALL, 2);
    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().skip(1).toList();
    assertThat(lines).hasSize(3);
    assertThat(lines).allMatch(line -> line.chars().filter(c -> c == '|').count() == bars);
    assertThat(lines.get(0).contains("2 threads")).isEqualTo(two);
    assertThat(lines.get(2)).matches("\\| 2 ( ?\\| ?\\d+(\\.\\d+)? ?)+\\|");
  }

  @Test
  void a_processor_has_a_name() {
    assertThat(Platform.processor(List.of("processor\t: 0", "model name\t: AMD EPYC")))
        .isEqualTo("AMD EPYC");
    assertThat(Platform.processor(List.of())).isEqualTo(System.getProperty("os.arch"));
    assertThat(Platform.describe()).matches("20\\d\\d-\\d\\d-\\d\\d, JDK .+, .+, \\d+ cores");
  }
}
