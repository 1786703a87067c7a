package dev.cogan.bench.peers;

import dev.cogan.bench.ConvProblem;
import dev.cogan.bench.Operation;
import dev.cogan.bench.Peer;
import dev.cogan.bench.SampleProblem;
import dev.cogan.bench.StepProblem;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.optim.AdamOptions;
import dev.cogan.engine.train.Remedies;
import dev.cogan.golden.LibtorchCogan;
import java.util.List;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/**
 * libtorch: convolutions (oneDNN), training steps of the presets with the paper's nets, sampling.
 */
public final class LibtorchPeer implements Peer {

  @Override
  public String name() {
    return "libtorch";
  }

  private static void setThreads(int threads) {
    torch.set_num_threads(threads);
    // OpenBLAS has a pool of its own, whose waiting threads would take the cores from libtorch's.
    openblas_nolapack.blas_set_num_threads(1);
    System.err.println(
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

  /** Training without dropout, whose masks would be others, and without remedies. */
  @Override
  public Operation step(StepProblem problem, int threads) {
    ModelConfig config = problem.config();
    AdamOptions adam = problem.options().generator();
    if (!List.of("digits", "photos").contains(config.family())
        || config.dropout() > 0
        || !problem.options().remedies().equals(Remedies.NONE)
        || adam.rate() != 2e-4f
        || !adam.equals(problem.options().discriminator())) {
      throw new UnsupportedOperationException(
          "libtorch trains digits, faces64, faces128 and rgbd64 only, without dropout (-p"
              + " dropout=false), not "
              + problem.preset().label());
    }
    setThreads(threads);
    LibtorchCogan cogan = new LibtorchCogan(problem.model(), problem.z(), adam);
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
    LibtorchCogan cogan =
        new LibtorchCogan(problem.model(), problem.z(), problem.preset().training(1).generator());
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
