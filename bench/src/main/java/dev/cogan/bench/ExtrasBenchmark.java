package dev.cogan.bench;

import dev.cogan.cli.Main;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.train.Preset;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What snapshots, statistics, checkpoints, report and dashboard add to a training: the whole time
 * of steps alone ({@code extras=none}), and of the command {@code train} with a browser that
 * follows its dashboard ({@code all}), its start, its data and its pictures before the first step
 * included. Row {@code :percent} is what one interval costs, of its own time: from the first step
 * to the end of the snapshot behind the last one, without the steps.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ExtrasBenchmark extends OneThread {
  /** {@code none} or {@code all}. */
  @Param({"none", "all"})
  public String extras;

  /** What is trained; it must have data in the jar. */
  @Param("digits-small")
  public String preset;

  /** Steps of the training, and from snapshot to snapshot: the preset's usual number. */
  @Param("400")
  public int steps;

  /** Images per domain. */
  @Param("64")
  public int batch;

  /** Threads of the kernels. */
  @Param("2")
  public int threads;

  private Operation alone;
  private Path folder;

  /** Plans the steps alone, or makes a folder for the run. */
  @Setup(Level.Iteration)
  public void setup() throws IOException {
    if (!List.of("none", "all").contains(extras)) {
      throw new ConfigException("extras: expected none or all, got '" + extras + "'");
    }
    if (extras.equals("none")) {
      StepProblem problem = new StepProblem(Preset.named(preset), batch, true);
      alone = Implementations.step("vector", problem, threads);
    } else {
      folder = Files.createTempDirectory("extras");
    }
  }

  /** The training. */
  @Benchmark
  public void train(Share share) throws IOException {
    if (alone != null) {
      for (int i = 0; i < steps; i++) {
        alone.run();
      }
      return;
    }
    int port = freePort();
    try (StepClock clock = new StepClock();
        Follower follower = new Follower(port)) {
      StringWriter err = new StringWriter();
      int code =
          Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err), arguments(port));
      if (code != 0 || follower.bytes() == 0) {
        throw new IllegalStateException("code " + code + ", dashboard " + follower + ": " + err);
      }
      share.percent = clock.percentBesideSteps(steps);
    }
  }

  private String[] arguments(int port) {
    return List.of(
            "train",
            "--preset=" + preset,
            "--steps=" + steps,
            "--snapshot=" + steps,
            "--batch=" + batch,
            "--threads=" + threads,
            "--dashboard=" + port,
            "--tensorboard",
            "--outdir=" + folder)
        .toArray(new String[0]);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Ends the threads, removes the run. */
  @TearDown(Level.Iteration)
  public void close() throws IOException {
    if (alone != null) {
      alone.close();
      alone = null;
      return;
    }
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
