package dev.cogan.bench.peers;

import dev.cogan.bench.ConvProblem;
import dev.cogan.bench.Operation;
import dev.cogan.bench.Peer;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/** libtorch's convolutions (oneDNN). Its matrix product is not timed: see the README. */
public final class LibtorchPeer implements Peer {

  @Override
  public String name() {
    return "libtorch";
  }

  @Override
  public Operation conv(ConvProblem problem, int threads) {
    torch.set_num_threads(threads);
    // OpenBLAS has a pool of its own, whose waiting threads would take the cores from libtorch's.
    openblas_nolapack.blas_set_num_threads(1);
    System.out.printf(
        "# libtorch: %s, %d threads%n",
        torch.get_cpu_capability().getString(), torch.get_num_threads());
    return new LibtorchConv(problem);
  }
}
