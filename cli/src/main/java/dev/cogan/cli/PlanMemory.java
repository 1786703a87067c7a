package dev.cogan.cli;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.train.DivergedException;
import dev.cogan.engine.train.Remedies;
import dev.cogan.engine.train.TrainOptions;
import dev.cogan.engine.train.Trainer;
import java.util.List;

/**
 * What a training needs of the heap, known before it begins and before anything is written.
 *
 * <p>What the networks and their training keep is counted without being allocated. The kernels'
 * scratch memory depends on how they choose to compute every layer, so they are asked after a
 * rehearsal: one step on the real data whose results are thrown away. Pictures, metrics and the
 * report need memory for moments; that is estimated from the sizes of the images.
 */
final class PlanMemory {
  private static final String REMEDY = "lower --batch, --widths or --threads, take fewer images,";

  /** Classes, strings, the interpreter's vectors: what a JVM with this program holds anyway. */
  private static final long PROGRAM = 12L << 20;

  /** Pictures of a report as bytes, as text, as JSON, as a page and as the page's bytes. */
  private static final int COPIES_OF_REPORT = 8;

  private PlanMemory() {}

  /** Counts what can be counted. */
  static Memory count(TrainPlan plan, List<DomainData> data) {
    Memory planned = Memory.counting();
    Trainer trainer = plan.trainer(data, new ScalarKernels(Parallel.none()), planned);
    RunRecorder.sampler(trainer);
    planned.claim("images", images(data));
    planned.claim("program", PROGRAM);
    planned.claim("snapshots", snapshots(data, planned.bytes()));
    return planned;
  }

  /** Counts and rehearses, and refuses what the heap cannot hold. */
  static Memory require(TrainPlan plan, List<DomainData> data, Kernels kernels) {
    Memory planned = count(plan, data);
    planned.claim("kernels", kernels.scratchBytes());
    Machine.requireHeap(planned, 0, "this training", REMEDY);
    long before = kernels.scratchBytes();
    try {
      rehearse(plan, data, kernels);
    } catch (OutOfMemoryError e) {
      throw new InputException(
          "this training needs more than "
              + planned.total()
              + " MiB, the heap of "
              + Machine.mebibytes(Runtime.getRuntime().maxMemory())
              + " MiB was full at the first step; "
              + REMEDY
              + " or raise the heap with -Xmx",
          e);
    }
    planned.claim("kernels", kernels.scratchBytes() - before);
    Machine.requireHeap(planned, 0, "this training", REMEDY);
    // What the rehearsal held is free, but a collector with room left would grow the process first.
    System.gc();
    return planned;
  }

  /** Everything that computes, once; all but the kernels' scratch memory is free afterwards. */
  private static void rehearse(TrainPlan plan, List<DomainData> data, Kernels kernels) {
    Remedies remedies = plan.options().remedies();
    // What happens in some steps only must happen in this one.
    TrainOptions all = plan.options().withRemedies(remedies.withR1(remedies.r1(), 1));
    Trainer trainer = plan.withOptions(all).trainer(data, kernels, Memory.heap());
    try {
      trainer.step();
      trainer.refreshStatistics();
      RunRecorder.sampler(trainer).rehearse();
    } catch (DivergedException e) {
      // Then so will the training, and say so.
    }
  }

  private static long images(List<DomainData> data) {
    long bytes = 0;
    for (DomainData domain : data) {
      // And the order in which they come.
      bytes += domain.bytes() + 4L * domain.count();
    }
    return bytes;
  }

  /** The real images of the grids stay; the drawn ones come on top, for a grid or for metrics. */
  private static long snapshots(List<DomainData> data, long rest) {
    long floats = 0;
    long largest = 0;
    for (DomainData domain : data) {
      floats += domain.shape().count();
      largest = Math.max(largest, domain.shape().count());
    }
    long reals = 4 * floats * RunRecorder.GRID;
    long grid = 2 * reals;
    // Drawn, real and twice transformed images.
    long metrics = 4 * (floats + 4 * largest) * KnownPairs.AT_ONCE;
    return reals + Math.max(grid, metrics) + COPIES_OF_REPORT * RunPublisher.pictureBytes(rest);
  }
}
