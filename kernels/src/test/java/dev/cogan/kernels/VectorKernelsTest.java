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
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The vector kernels against the reference, at whatever vector width the JVM runs with. */
class VectorKernelsTest extends KernelParityTests {
  private static final long PATIENCE_SECONDS = 240;

  @TempDir private Path folder;

  @Override
  protected Kernels kernels(Parallel parallel) {
    return new VectorKernels(parallel);
  }

  /**
   * In a JVM that has done nothing else, since profiles of one that has run other tests are not
   * those of a training.
   */
  @Test
  @Override
  public void secondCallsAllocateNothing() {
    run("alone");
  }

  /**
   * A program that has used vectors of other widths before has taught C2 that any class may come.
   * Kernels that rely on a profile then keep their vectors on the heap (decision 0013).
   */
  @Test
  void secondCallsAllocateNothingAfterVectorsOfOtherWidths() {
    run("others");
  }

  /**
   * C1 has a limit too: of virtual registers. If it reaches it while a method already runs without
   * a profile, JDK 17 never compiles that method again, and every vector stays on the heap
   * (decision 0014). Here C1 compiles every loop from within, which needs the most.
   */
  @Test
  void firstCompilerCanCompileEveryLoop() {
    String output =
        run(
            "loops",
            "-XX:+PrintCompilation",
            "-XX:Tier3BackEdgeThreshold=200",
            "-XX:Tier3InvocationThreshold=100000",
            "-XX:Tier3MinInvocationThreshold=100000",
            "-XX:Tier3CompileThreshold=100000");
    // Other reasons pass, such as classes that are being loaded; a limit does not.
    assertThat(output.lines())
        .filteredOn(line -> line.contains("dev.cogan") && line.contains("COMPILE SKIPPED: out of"))
        .isEmpty();
    // The largest of them, where there are registers for it, was compiled from within its loop.
    String largest = Tile.WIDE ? "Tile6x4" : "Tile5x2";
    assertThat(output).containsPattern("% +3 +dev.cogan.kernels." + largest + "::multiplyAdd @");
  }

  /** Runs {@link Alone} in another JVM, which must succeed; what it printed. */
  private String run(String work, String... flags) {
    assumeFalse(
        ownFlags().stream().anyMatch(flag -> flag.startsWith("-XX:MaxVectorSize")),
        "measured at the machine's own vector width only");
    Path output = folder.resolve("output.txt");
    try {
      int code = start(work, flags, output);
      String text = Files.readString(output);
      assertThat(code).as(text).isZero();
      return text;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> ownFlags() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments();
  }

  private static int start(String work, String[] flags, Path output)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String flag : ownFlags()) {
      if (flag.startsWith("-X") || flag.startsWith("--add-modules")) {
        command.add(flag);
      }
    }
    command.addAll(List.of(flags));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), Alone.class.getName(), work));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Process process = builder.redirectOutput(output.toFile()).start();
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    return ended ? process.exitValue() : -1;
  }

  /** The program of that JVM. */
  static final class Alone {
    private static final int ROUNDS = 20_000;

    private Alone() {}

    public static void main(String[] args) throws ReflectiveOperationException {
      if (args[0].equals("others")) {
        for (int i = 0; i < ROUNDS; i++) {
          use(FloatVector.SPECIES_64);
          use(FloatVector.SPECIES_128);
          use(FloatVector.SPECIES_256);
          use(FloatVector.SPECIES_512);
        }
      }
      Kernels kernels = new VectorKernels(Parallel.none());
      if (args[0].equals("loops")) {
        Allocations.callAll(kernels, 30);
      } else {
        Allocations.requireNone(kernels, 20);
      }
    }

    /** Every method that the kernels use, on vectors of one species. */
    private static void use(VectorSpecies<Float> species) {
      float[] a = new float[2 * species.length()];
      FloatVector x = FloatVector.fromArray(species, a, 1);
      FloatVector y = FloatVector.broadcast(species, 2f).fma(x, x.mul(x)).add(x).sub(1f);
      y = y.max(x).min(x).div(y.neg()).lanewise(VectorOperators.SQRT);
      y = y.blend(FloatVector.zero(species), y.compare(VectorOperators.GT, 0f));
      y = y.rearrange(VectorShuffle.iota(species, 0, 1, true));
      IntVector bits = y.reinterpretAsInts().lanewise(VectorOperators.LSHL, 1).add(1);
      bits.reinterpretAsFloats().intoArray(a, 0);
    }
  }
}
