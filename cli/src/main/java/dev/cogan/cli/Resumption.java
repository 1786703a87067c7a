package dev.cogan.cli;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.train.Checkpoint;
import dev.cogan.engine.train.Preset;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What {@code resume} and {@code train --resume} do. */
final class Resumption {
  private Resumption() {}

  /**
   * Goes on with a run.
   *
   * @param from a checkpoint, a run's folder or a folder of runs
   * @param preset as given, or null
   * @param seed as given, or null
   */
  static int run(
      Path from,
      String preset,
      DomainOptions domains,
      ModelOptions changes,
      Long seed,
      Set<String> allowed,
      RunOptions run,
      Machine machine,
      PrintWriter out,
      PrintWriter err) {
    ResumePoint point = ResumePoint.of(from);
    RunDirectory directory = point.directory();
    // A dry run writes nothing, and may look at a run that is being trained.
    if (!run.dryRun()) {
      directory.requireOwnFiles();
    }
    RunLock lock = run.dryRun() ? null : RunLock.take(directory.path());
    try (RunLog log = new RunLog(err)) {
      Path file =
          point.checkpoint().map(Resumption::whole).orElseGet(() -> newestWhole(directory, log));
      RunOptions course = run.orElse(stored(directory, log));
      ResumedPlan resumed;
      long step;
      try (Checkpoint checkpoint = Checkpoint.open(file)) {
        resumed = ResumedPlan.of(checkpoint, preset, domains, changes, seed, allowed, course);
        step = checkpoint.step();
      }
      TrainPlan plan = resumed.plan();
      long lastStep = course.stepsOr(Preset.named(plan.preset()));
      if (lastStep < step) {
        throw new InputException(
            "--steps " + lastStep + ": " + file + " is already at step " + step);
      }
      List<DomainData> data =
          DomainImages.load(
              plan.specs(),
              plan.places(),
              plan.dataFolder(),
              plan.disjoint(),
              plan.options().seed(),
              DomainImages.side(plan.config()),
              log.writer());
      Map<String, Object> images = DomainImages.prints(data);
      resumed = resumed.on(images, allowed);
      if (run.dryRun()) {
        return new DryRun(plan, data, course, step, machine, null).print(out, log.writer());
      }
      return new TrainingSession(plan, data, images, course, machine, out, log)
          .resume(directory, file, resumed.changes());
    } finally {
      if (lock != null) {
        lock.close();
      }
    }
  }

  /** The checkpoint has all that decides the numbers, so a damaged file is as good as none. */
  private static StoredRun stored(RunDirectory directory, RunLog log) {
    try {
      return StoredRun.read(directory.options());
    } catch (InputException e) {
      log.println(
          Fields.line(
              "warning",
              e.getMessage()
                  + "; what --steps, --snapshot, --keep, --on-diverge and --tensorboard were is"
                  + " unknown, and the defaults stand for those that are not given"));
      return StoredRun.NONE;
    }
  }

  /** A newest checkpoint that a failing disk has spoilt is passed over, with a message. */
  private static Path newestWhole(RunDirectory directory, RunLog log) {
    InputException first = null;
    for (Path file : directory.resumable()) {
      try {
        return whole(file);
      } catch (InputException e) {
        log.println(Fields.line("warning", e.getMessage() + "; trying the one before"));
        first = first == null ? e : first;
      }
    }
    throw first == null ? new InputException(directory.path() + ": no checkpoint") : first;
  }

  /** Every checksum is compared before anything of the run is touched; that reads the file once. */
  private static Path whole(Path checkpoint) {
    Checkpoint.verify(checkpoint);
    return checkpoint;
  }
}
