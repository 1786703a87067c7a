package dev.cogan.bench;

import dev.cogan.engine.model.ConfigException;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * A benchmark that one thread of JMH's runs, because what it calls has threads of its own and one
 * set of data.
 */
@State(Scope.Benchmark)
public abstract class OneThread {

  /**
   * @throws ConfigException if JMH was told to run it with several
   */
  @Setup(Level.Trial)
  public void requireOneThread(BenchmarkParams params) {
    if (params.getThreads() != 1) {
      throw new ConfigException(
          "-t: expected 1 for this benchmark, got "
              + params.getThreads()
              + "; the implementation's threads are its parameter, -p threads="
              + params.getThreads());
    }
  }
}
