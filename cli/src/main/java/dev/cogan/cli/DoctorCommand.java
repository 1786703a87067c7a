package dev.cogan.cli;

import dev.cogan.cli.bench.WarmUp;
import dev.cogan.engine.kernel.KernelSelection;
import dev.cogan.engine.kernel.Kernels;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
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
    description = {
      "Checks this machine and JVM.",
      "Which kernels are used and why, and how fast they are."
    })
final class DoctorCommand implements Callable<Integer> {
  private static final int SIZE = 512;
  private static final double WARM_UP = 1.5;
  private static final double MEASURE = 0.5;

  @Spec private CommandSpec spec;
  @Mixin private Machine machine;

  @Mixin private JsonOutput json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    final KernelSelection selection = Machine.select(err);
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("program", Version.text());
    report.put("java", property("java.vm.name") + " " + property("java.vm.version"));
    report.put("system", property("os.name") + " " + property("os.arch"));
    report.put("cores", Runtime.getRuntime().availableProcessors());
    report.put("heap_bytes", Runtime.getRuntime().maxMemory());
    report.put("digits", Digits.carried().load().count());
    report.put("kernels", selection.describe());
    report.put("threads", machine.threads());
    if (!json.wanted()) {
      print(out, report);
    }
    double speed;
    try (Machine.Engine engine = new Machine.Engine(selection, machine.threads())) {
      speed = gigaflops(engine.kernels);
    }
    report.put("gflops", (float) speed);
    if (json.wanted()) {
      json.print(out, report);
      return ExitCode.DONE;
    }
    out.println(
        String.format(
            Locale.ROOT,
            "speed     %.0f GFLOP/s: matrix product %d x %d x %d, %d threads",
            speed,
            SIZE,
            SIZE,
            SIZE,
            machine.threads()));
    return ExitCode.DONE;
  }

  private static void print(PrintWriter out, Map<String, Object> report) {
    long heap = Machine.mebibytes((Long) report.get("heap_bytes"));
    out.println(Fields.line("program", text(report, "program")));
    out.println(Fields.line("java", text(report, "java")));
    out.println(
        Fields.line("system", text(report, "system") + ", " + report.get("cores") + " cores"));
    out.println(Fields.line("heap", heap + " MiB at most"));
    out.println(Fields.line("digits", report.get("digits") + " in the jar"));
    out.println(Fields.line("kernels", text(report, "kernels")));
    out.flush();
  }

  private static String text(Map<String, Object> report, String key) {
    return String.valueOf(report.get(key));
  }

  private static String property(String name) {
    return System.getProperty(name);
  }

  /** The best of many short measurements, after a warm-up. */
  private static double gigaflops(Kernels kernels) {
    float[] a = new float[SIZE * SIZE];
    float[] b = new float[SIZE * SIZE];
    float[] c = new float[SIZE * SIZE];
    java.util.Arrays.fill(a, 0.5f);
    java.util.Arrays.fill(b, 0.25f);
    Runnable product =
        () -> kernels.gemm(false, false, SIZE, SIZE, SIZE, a, 0, SIZE, b, 0, SIZE, 0f, c, 0, SIZE);
    WarmUp.run(product, WarmUp.KERNEL, WARM_UP);
    long start = System.nanoTime();
    double best = 0;
    while (best == 0 || System.nanoTime() - start < MEASURE * 1e9) {
      long before = System.nanoTime();
      product.run();
      double seconds = (System.nanoTime() - before) / 1e9;
      best = Math.max(best, 2.0 * SIZE * SIZE * SIZE / seconds / 1e9);
    }
    return best;
  }
}
