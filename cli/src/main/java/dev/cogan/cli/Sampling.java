package dev.cogan.cli;

import dev.cogan.engine.kernel.KernelSelection;
import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Checkpoint;
import dev.cogan.engine.train.Sampler;
import java.io.PrintWriter;
import java.util.List;

/** Draws images of all domains with a checkpoint's model, within the heap. */
final class Sampling {
  private Sampling() {}

  /**
   * @param z {@code [n, latent]}
   * @param batch z to compute at a time
   * @param more bytes that will be made of the images
   * @return for each domain {@code [n, channels, height, width]}
   */
  static List<Tensor> images(
      Checkpoint checkpoint, Tensor z, int batch, long more, Machine machine, PrintWriter err) {
    int atOnce = Math.min(batch, z.size(0));
    Memory plan = Memory.counting();
    CoupledModel planned = CoupledModel.forSampling(checkpoint.config(), plan);
    final KernelSelection selection =
        Machine.selectForShort(planned.generators().multiplyAdds() * z.size(0), err);
    sampler(
        planned,
        new Workspace(new ScalarKernels(Parallel.none()), plan, RandomStream.of(0, "dropout")),
        atOnce);
    long results =
        checkpoint.config().domains().stream()
            .mapToLong(d -> 4L * z.size(0) * d.image().count())
            .sum();
    String remedy = "lower --batch" + (more > results ? ", --scale" : "") + " or the number of z,";
    Machine.requireHeap(plan, 2 * results + more, "sampling", remedy);
    try (Machine.Engine engine = new Machine.Engine(selection, machine.threads())) {
      Memory memory = Memory.heap();
      CoupledModel loaded = checkpoint.loadForSampling(memory);
      Workspace workspace = new Workspace(engine.kernels, memory, RandomStream.of(0, "dropout"));
      return sampler(loaded, workspace, atOnce).sample(z);
    }
  }

  private static Sampler sampler(CoupledModel loaded, Workspace workspace, int atOnce) {
    return new Sampler(loaded.generators(), atOnce, workspace);
  }
}
