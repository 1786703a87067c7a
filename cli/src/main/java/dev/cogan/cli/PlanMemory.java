package dev.cogan.cli;

import dev.cogan.cli.evaluation.DigitLabels;
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

  /** Counts what can be counted of a training in a run directory. */
  static Memory count(TrainPlan plan, List<DomainData> data) {
    Memory planned = networks(plan, data);
    planned.claim("images", images(data));
    planned.claim("program", PROGRAM);
    planned.claim("snapshots", snapshots(plan, data, planned.bytes()));
    return planned;
  }

  private static Memory networks(TrainPlan plan, List<DomainData> data) {
    Memory planned = Memory.counting();
    Trainer trainer = plan.trainer(data, new ScalarKernels(Parallel.none()), planned);
    RunRecorder.sampler(trainer);
    return planned;
  }

  /** Counts and rehearses a training in a run directory, and refuses what the heap cannot hold. */
  static Memory require(TrainPlan plan, List<DomainData> data, Kernels kernels) {
    return require(
        count(plan, data), "this training", REMEDY, kernels, rehearsal(plan, data, kernels));
  }

  /**
   * Counts a training that is measured in the end and has no run directory.
   *
   * @param pairs that are measured
   * @param other images that are in memory, too
   */
  static Memory countMeasured(
      TrainPlan plan, List<DomainData> data, int pairs, List<DomainData> other) {
    Memory planned = networks(plan, data);
    planned.claim("images", images(data) + images(other));
    planned.claim("program", PROGRAM);
    planned.claim("measuring", Math.max(metrics(data), DigitLabels.bytes(data.size(), pairs)));
    return planned;
  }

  /** The steps of {@link #require(TrainPlan, List, Kernels)} for the largest of many trainings. */
  static Memory requireMeasured(
      Memory counted, TrainPlan plan, List<DomainData> data, String remedy, Kernels kernels) {
    return require(
        counted, "the largest training", remedy, kernels, rehearsal(plan, data, kernels));
  }

  /**
   * Refuses what the heap cannot hold, first by what could be counted, then with the kernels'
   * scratch memory.
   *
   * @param planned gets that memory
   * @param what is planned, for a message
   * @param remedy what would lower it
   * @param rehearsal everything that computes, once, on arrays that are garbage afterwards
   */
  static Memory require(
      Memory planned, String what, String remedy, Kernels kernels, Runnable rehearsal) {
    planned.claim("kernels", kernels.scratchBytes());
    Machine.requireHeap(planned, 0, what, remedy);
    long before = kernels.scratchBytes();
    try {
      rehearsal.run();
    } catch (OutOfMemoryError e) {
      throw new InputException(
          what
              + " needs more than "
              + planned.total()
              + ", the heap of "
              + Machine.mebibytes(Runtime.getRuntime().maxMemory())
              + " MiB was full at the first step; "
              + remedy
              + " or raise the heap with -Xmx",
          e);
    }
    planned.claim("kernels", kernels.scratchBytes() - before);
    Machine.requireHeap(planned, 0, what, remedy);
    // What the rehearsal held is free, but a collector with room left would grow the process first.
    System.gc();
    return planned;
  }

  /** Everything that computes, once; all but the kernels' scratch memory is free afterwards. */
  private static Runnable rehearsal(TrainPlan plan, List<DomainData> data, Kernels kernels) {
    return () -> {
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
      if (isLabelled(plan)) {
        DigitLabels.rehearse(kernels);
      }
    };
  }

  /** Whether drawn digits are named in the end. */
  private static boolean isLabelled(TrainPlan plan) {
    return KnownPairs.any(plan.specs()) && DigitLabels.fits(plan.specs());
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
  private static long snapshots(TrainPlan plan, List<DomainData> data, long rest) {
    long floats = 0;
    for (DomainData domain : data) {
      floats += domain.shape().count();
    }
    long reals = 4 * floats * RunRecorder.GRID;
    long grid = 2 * reals;
    long pictures = COPIES_OF_REPORT * RunPublisher.pictureBytes(rest);
    // Named while no report is written.
    long labels = isLabelled(plan) ? DigitLabels.bytes(data.size(), TrainSummary.LABELLED) : 0;
    return reals + Math.max(Math.max(grid, metrics(data)) + pictures, labels);
  }

  /** Drawn, real and twice transformed images. */
  private static long metrics(List<DomainData> data) {
    long floats = 0;
    long largest = 0;
    for (DomainData domain : data) {
      floats += domain.shape().count();
      largest = Math.max(largest, domain.shape().count());
    }
    return 4 * (floats + 4 * largest) * KnownPairs.AT_ONCE;
  }
}
