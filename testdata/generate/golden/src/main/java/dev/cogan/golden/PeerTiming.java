package dev.cogan.golden;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Times libtorch on the digits CoGAN, for comparison with the engine. */
public final class PeerTiming {
  private static final int WARM_UP = 2;
  private static final int[] PAPER = {100, 1024, 512, 256, 128};
  private static final int[] QUARTER = {100, 256, 128, 64, 32};

  private final TimingOptions options;

  private PeerTiming(TimingOptions options) {
    this.options = options;
  }

  /**
   * @param args see {@link TimingOptions#USAGE}
   */
  public static void main(String[] args) {
    if (args.length == 1 && args[0].equals("--help")) {
      System.out.print(TimingOptions.USAGE);
      return;
    }
    try {
      new PeerTiming(TimingOptions.parse(args)).run();
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(TimingOptions.USAGE);
      System.exit(2);
    }
  }

  private void run() {
    torch.set_num_threads(options.threads());
    System.out.printf(
        "libtorch 2.10.0, %s, %d threads, batch %d, %d repeats%n",
        torch.get_cpu_capability().getString(),
        torch.get_num_threads(),
        options.batch(),
        options.repeats());
    String blasThreads = System.getenv("OPENBLAS_NUM_THREADS");
    System.out.println(
        blasThreads != null
            ? "OPENBLAS_NUM_THREADS=" + blasThreads
            : "OPENBLAS_NUM_THREADS is not set: the threads of OpenBLAS and of OpenMP compete, set"
                + " 1");
    if (options.iterations()) {
      System.out.printf("%n%-52s %9s %9s%n", "training iteration, ms", "best", "median");
      iteration("digits, paper width 1024-512-256-128", PAPER);
      iteration("digits, quarter width 256-128-64-32", QUARTER);
    }
    if (options.layers()) {
      System.out.printf(
          "%n%-52s %9s %9s %9s %9s%n",
          "layer, best ms (GFLOP of one pass)", "forward", "dinput", "dweight", "GFLOP");
      for (int[] widths : List.of(PAPER, QUARTER)) {
        generator(widths);
      }
      convolution("D conv 1 -> 20 k5, 28x28", false, 1, 20, 28, 5, 1, 0);
      convolution("D conv 20 -> 50 k5, 12x12", false, 20, 50, 12, 5, 1, 0);
    }
  }

  private void iteration(String name, int[] widths) {
    Values values = new Values(1);
    Training training = new Training(Cogan.digits(values, widths, 20, 50, 500));
    int n = options.batch();
    Tensor z = values.normal(n, widths[0]);
    List<Tensor> real = List.of(torch.rand(n, 1, 28, 28), torch.rand(n, 1, 28, 28));
    double[] times = time(() -> training.iterate(z, real, () -> {}, () -> {}));
    System.out.printf(Locale.ROOT, "%-52s %9.1f %9.1f%n", name, times[0], times[times.length / 2]);
  }

  private void generator(int[] widths) {
    int[] sides = {1, 4, 7, 13, 25};
    for (int i = 0; i < 4; i++) {
      int kernel = i == 0 ? 4 : 3;
      int stride = i == 0 ? 1 : 2;
      int pad = i == 0 ? 0 : 1;
      String name =
          String.format(
              Locale.ROOT,
              "G convT %d -> %d k%d s%d, %dx%d -> %dx%d",
              widths[i],
              widths[i + 1],
              kernel,
              stride,
              sides[i],
              sides[i],
              sides[i + 1],
              sides[i + 1]);
      convolution(name, true, widths[i], widths[i + 1], sides[i], kernel, stride, pad);
    }
    convolution(
        "G convT " + widths[4] + " -> 1 k6 p1, 25x25 -> 28x28", true, widths[4], 1, 25, 6, 1, 1);
  }

  private void convolution(
      String name, boolean transposed, int in, int out, int side, int kernel, int stride, int pad) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      ConvTiming conv =
          new ConvTiming(transposed, options.batch(), in, out, side, kernel, stride, pad);
      System.out.printf(
          Locale.ROOT,
          "%-52s %9.2f %9.2f %9.2f %9.3f%n",
          name,
          time(conv::forward)[0],
          time(conv::inputGrad)[0],
          time(conv::weightGrad)[0],
          conv.gigaFlop());
    }
  }

  /** Milliseconds of each run, sorted. What a run allocates is freed at its end. */
  private double[] time(Runnable run) {
    double[] times = new double[options.repeats()];
    for (int i = -WARM_UP; i < times.length; i++) {
      long start = System.nanoTime();
      try (PointerScope scope = new PointerScope()) {
        run.run();
      }
      if (i >= 0) {
        times[i] = (System.nanoTime() - start) / 1e6;
      }
    }
    Arrays.sort(times);
    return times;
  }
}
