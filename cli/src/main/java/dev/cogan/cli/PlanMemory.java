package dev.cogan.cli;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.train.Trainer;
import java.util.List;

/** What a training will need of the heap, counted before anything is allocated. */
final class PlanMemory {
  private PlanMemory() {}

  /** Counts. */
  static Memory count(TrainPlan plan, List<DomainData> data) {
    Memory planned = Memory.counting();
    Trainer trainer = plan.trainer(data, new ScalarKernels(Parallel.none()), planned);
    RunRecorder.sampler(trainer);
    return planned;
  }

  /** Counts, and refuses what the heap cannot hold. */
  static Memory require(TrainPlan plan, List<DomainData> data, int threads) {
    Memory planned = count(plan, data);
    long images = data.stream().mapToLong(DomainData::bytes).sum();
    Machine.requireHeap(planned, images, "this training", "lower --batch or --widths,");
    return planned;
  }
}
