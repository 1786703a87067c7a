package dev.cogan.cli;

import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.kernel.KernelSelection;
import dev.cogan.engine.kernel.Kernels;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cogan doctor}. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = "Checks this machine and JVM: which kernels are used and why, how fast they are.")
final class DoctorCommand implements Callable<Integer> {
  private static final int SIZE = 512;
  private static final double WARM_UP = 1.5;
  private static final double MEASURE = 0.5;

  @Spec private CommandSpec spec;
  @Mixin private Machine machine;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    out.println("program   " + Version.text());
    out.println(
        "java      "
            + System.getProperty("java.vm.name")
            + " "
            + System.getProperty("java.vm.version"));
    out.println(
        "system    "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch")
            + ", "
            + Runtime.getRuntime().availableProcessors()
            + " cores");
    out.println(
        "heap      " + Machine.mebibytes(Runtime.getRuntime().maxMemory()) + " MiB at most");
    ImageSet digits = Digits.carried().load();
    out.println("digits    " + digits.count() + " in the jar");
    KernelSelection selection = Machine.select(err);
    out.println(Fields.line("kernels", selection.describe()));
    try (Machine.Engine engine = new Machine.Engine(selection, machine.threads())) {
      out.println(
          String.format(
              Locale.ROOT,
              "speed     %.0f GFLOP/s: matrix product %d x %d x %d, %d threads",
              gigaflops(engine.kernels),
              SIZE,
              SIZE,
              SIZE,
              machine.threads()));
    }
    return ExitCode.DONE;
  }

  /** The best of many short measurements, after a warm-up. */
  private static double gigaflops(Kernels kernels) {
    float[] a = new float[SIZE * SIZE];
    float[] b = new float[SIZE * SIZE];
    float[] c = new float[SIZE * SIZE];
    java.util.Arrays.fill(a, 0.5f);
    java.util.Arrays.fill(b, 0.25f);
    long start = System.nanoTime();
    double best = 0;
    while (System.nanoTime() - start < (WARM_UP + MEASURE) * 1e9) {
      long before = System.nanoTime();
      kernels.gemm(false, false, SIZE, SIZE, SIZE, a, 0, SIZE, b, 0, SIZE, 0f, c, 0, SIZE);
      double seconds = (System.nanoTime() - before) / 1e9;
      if (before - start > WARM_UP * 1e9) {
        best = Math.max(best, 2.0 * SIZE * SIZE * SIZE / seconds / 1e9);
      }
    }
    return best;
  }
}
