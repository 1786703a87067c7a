package dev.cogan.bench.peers;

import dev.cogan.bench.ConvProblem;
import dev.cogan.bench.Operation;
import dev.cogan.bench.Peer;
import dev.cogan.bench.SampleProblem;
import dev.cogan.bench.StepProblem;
import dev.cogan.engine.train.Preset;
import dev.cogan.golden.LibtorchCogan;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/** libtorch: convolutions (oneDNN), training steps of the preset {@code digits}, sampling. */
public final class LibtorchPeer implements Peer {

  @Override
  public String name() {
    return "libtorch";
  }

  private static void setThreads(int threads) {
    torch.set_num_threads(threads);
    // OpenBLAS has a pool of its own, whose waiting threads would take the cores from libtorch's.
    openblas_nolapack.blas_set_num_threads(1);
    System.out.println(
        "# libtorch: "
            + torch.get_cpu_capability().getString()
            + ", threads: "
            + torch.get_num_threads());
  }

  @Override
  public Operation conv(ConvProblem problem, int threads) {
    setThreads(threads);
    return new LibtorchConv(problem);
  }

  /** The golden values' training has the rates of {@code digits} and no dropout. */
  @Override
  public Operation step(StepProblem problem, int threads) {
    if (problem.preset() != Preset.DIGITS) {
      throw new UnsupportedOperationException(
          "libtorch trains preset digits only, not " + problem.preset().label());
    }
    setThreads(threads);
    LibtorchCogan cogan = new LibtorchCogan(problem.model(), problem.z());
    cogan.addReal(problem.images(0));
    cogan.addReal(problem.images(1));
    return new Operation() {
      @Override
      public void run() {
        cogan.step();
      }

      @Override
      public float[] result() {
        return cogan.losses();
      }
    };
  }

  @Override
  public Operation sample(SampleProblem problem, int threads) {
    setThreads(threads);
    LibtorchCogan cogan = new LibtorchCogan(problem.model(), problem.z());
    return new Operation() {
      @Override
      public void run() {
        cogan.sample();
      }

      @Override
      public float[] result() {
        return cogan.images();
      }
    };
  }
}
