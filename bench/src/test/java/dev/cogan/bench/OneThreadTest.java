package dev.cogan.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What JMH is told of threads. */
class OneThreadTest {

  @Test
  void several_threads_of_jmh_are_refused() throws RunnerException {
    assertThat(new Runner(options(1)).run()).hasSize(1);
    assertThatThrownBy(() -> new Runner(options(2)).run())
        .isInstanceOf(RunnerException.class)
        .hasStackTraceContaining(
            "-t: expected 1 for this benchmark, got 2; the implementation's threads are its"
                + " parameter, -p threads=2");
  }

  private static Options options(int threads) {
    return new OptionsBuilder()
        .include("AdamBenchmark")
        .param("implementation", "scalar")
        .param("parameters", "100")
        .param("threads", "1")
        .threads(threads)
        .verbosity(VerboseMode.SILENT)
        .forks(0)
        .warmupIterations(0)
        .measurementIterations(1)
        .measurementTime(TimeValue.milliseconds(20))
        .shouldFailOnError(true)
        .build();
  }
}
