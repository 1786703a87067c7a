package dev.cogan.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.cogan.engine.kernel.Allocations;
import dev.cogan.engine.kernel.KernelParityTests;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.Parallel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The vector kernels against the reference, at whatever vector width the JVM runs with. */
class VectorKernelsTest extends KernelParityTests {
  private static final long PATIENCE_SECONDS = 240;
  private static final int STARTS = 3;

  @TempDir private Path folder;

  @Override
  protected Kernels kernels(Parallel parallel) {
    return new VectorKernels(parallel);
  }

  /**
   * In a JVM that has done nothing else, since profiles of one that has run other tests are not
   * those of a training. The micro-kernels are so long that C2 relies on profiles for their last
   * calls (decision 0008): a rare start is unlucky for good, three in a row are not luck.
   */
  @Test
  @Override
  public void secondCallsAllocateNothing() {
    List<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments();
    assumeFalse(
        flags.stream().anyMatch(flag -> flag.startsWith("-XX:MaxVectorSize")),
        "measured at the machine's own vector width only");
    try {
      int code = 1;
      for (int start = 0; start < STARTS && code != 0; start++) {
        code = startAlone(folder.resolve("output.txt"));
      }
      assertThat(code).as(Files.readString(folder.resolve("output.txt"))).isZero();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static int startAlone(Path output) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (flag.startsWith("-X") || flag.startsWith("--add-modules")) {
        command.add(flag);
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Alone.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Process process = builder.redirectOutput(output.toFile()).start();
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    return ended ? process.exitValue() : -1;
  }

  /** The program of that JVM. */
  static final class Alone {
    private Alone() {}

    public static void main(String[] args) throws ReflectiveOperationException {
      Allocations.requireNone(new VectorKernels(Parallel.none()), 20);
    }
  }
}
