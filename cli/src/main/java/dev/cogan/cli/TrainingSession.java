package dev.cogan.cli;

import dev.cogan.cli.jfr.TrainingEvents;
import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.kernel.KernelSelection;
import dev.cogan.engine.model.ParameterTable;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.train.Checkpoint;
import dev.cogan.engine.train.DivergedException;
import dev.cogan.engine.train.Preset;
import dev.cogan.engine.train.Sampler;
import dev.cogan.engine.train.Trainer;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One training in a run directory, from its first or from a later step to its end. */
final class TrainingSession {
  private final List<DomainData> data;
  private final Map<String, Object> images;
  private final RunOptions run;
  private final Machine machine;
  private final PrintWriter out;
  private final RunLog log;

  /** What happened to the training beside its steps; part of its checkpoints' provenance. */
  private final List<Object> history = new ArrayList<>();

  private final TrainingEvents events = TrainingEvents.get();

  private TrainPlan plan;
  private InitialWeights init;
  private long lastStep;
  private long every;
  private int keep;

  /**
   * @param images what {@link DomainImages#prints} says of the data
   */
  TrainingSession(
      TrainPlan plan,
      List<DomainData> data,
      Map<String, Object> images,
      RunOptions run,
      Machine machine,
      PrintWriter out,
      RunLog log) {
    this.plan = plan;
    this.data = data;
    this.images = images;
    this.run = run;
    this.machine = machine;
    this.out = out;
    this.log = log;
  }

  /**
   * A new training in a new folder below {@code outdir}.
   *
   * @param weights to begin with, or null
   */
  int start(Path outdir, InitialWeights weights) {
    init = weights;
    if (init != null) {
      history.add(init.event());
      WeightTable.lines(init.rows()).forEach(log::println);
    }
    settle();
    LivePage.requirePort(run.dashboard());
    SmallHeap.Held heap = SmallHeap.keep();
    try (Machine.Engine engine = engine()) {
      RunDirectory directory = RunDirectory.create(outdir, RunName.of(plan));
      RunLock lock = RunLock.take(directory.path());
      try {
        log.open(directory.log());
        writeOptions(directory);
        return train(directory, engine, Optional.empty());
      } finally {
        lock.close();
      }
    } finally {
      heap.close();
    }
  }

  /**
   * Goes on from a checkpoint; the caller holds the folder's lock.
   *
   * @param from a whole checkpoint, of a step before the training's end
   * @param changes allowed differences to the checkpoint's training
   */
  int resume(RunDirectory directory, Path from, List<Map<String, Object>> changes) {
    settle();
    long step;
    Object kernels;
    try (Checkpoint checkpoint = Checkpoint.open(from)) {
      step = checkpoint.step();
      kernels = checkpoint.provenance().get("kernels");
      if (checkpoint.provenance().get("history") instanceof List<?> events) {
        history.addAll(events);
      }
    }
    LivePage.requirePort(run.dashboard());
    SmallHeap.Held heap = SmallHeap.keep();
    try (Machine.Engine engine = engine()) {
      List<Map<String, Object>> all = new ArrayList<>(changes);
      if (step < lastStep) {
        otherKernels(kernels, engine.kernels.describe(), step).ifPresent(all::add);
      }
      history.addAll(all);
      return resume(directory, engine, from, step, all);
    } finally {
      heap.close();
    }
  }

  /**
   * What a change of kernels adds to the history: each kind rounds in its own way, and nothing else
   * would tell why the numbers are not those of a training that ran through.
   *
   * @param before as the checkpoint has it; some of other programs have no such text
   */
  private Optional<Map<String, Object>> otherKernels(Object before, String now, long step) {
    if (!(before instanceof String) || before.equals(now)) {
      return Optional.empty();
    }
    log.println(
        Fields.line(
            "warning",
            "other kernels round otherwise: from here on the bits are not those of a training"
                + " that never stopped"));
    Map<String, Object> change = new LinkedHashMap<>();
    change.put("changed", "kernels");
    change.put("was", before);
    change.put("now", now);
    change.put("step", step);
    return Optional.of(change);
  }

  private int resume(
      RunDirectory directory,
      Machine.Engine engine,
      Path from,
      long step,
      List<Map<String, Object>> changes) {
    log.open(directory.log());
    directory.removeLeftovers();
    log.println(Fields.line("resumed", from + " at step " + step));
    for (Map<String, Object> change : changes) {
      log.println(
          Fields.line(
              "changed",
              change.get("changed") + " was " + change.get("was") + ", now " + change.get("now")));
    }
    if (step == lastStep) {
      log.println(Fields.line("done", "all " + lastStep + " steps are done; --steps N trains on"));
    }
    return train(directory, engine, Optional.of(from));
  }

  /** Threads and kernels, when it is sure that the heap can hold what they will work on. */
  private Machine.Engine engine() {
    KernelSelection selection = Machine.select(log.writer());
    Machine.Engine engine = new Machine.Engine(selection, machine.threads());
    try {
      // The rehearsal takes seconds: what is known already comes before it.
      log.println(Fields.line("kernels", selection.describe()));
      log.println(Fields.line("domains", describeData(plan, data)));
      Memory planned = PlanMemory.require(plan, data, engine.kernels);
      Machine.describe(planned).forEach(log::println);
      return engine;
    } catch (RuntimeException | Error e) {
      engine.close();
      throw e;
    }
  }

  private void settle() {
    Preset preset = Preset.named(plan.preset());
    lastStep = run.stepsOr(preset);
    every = run.snapshot() == null ? preset.snapshot() : run.snapshot();
    keep = run.keep() == null ? RunOptions.KEEP : run.keep();
  }

  private void writeOptions(RunDirectory directory) {
    Map<String, Object> json = plan.toJson(lastStep, every);
    json.put("keep", keep);
    json.put("on_diverge", run.onDiverge().label());
    json.put("tensorboard", run.tensorboard());
    for (Object event : history) {
      if (InitialWeights.isEvent(event)) {
        json.put(InitialWeights.KEY, event);
      }
    }
    Json.write(directory.options(), json);
  }

  /** Trains; why it ended otherwise than by itself is in the run's log, too. */
  private int train(RunDirectory directory, Machine.Engine engine, Optional<Path> resumed) {
    try {
      return attempts(directory, engine, resumed);
    } catch (RuntimeException | Error e) {
      log.toFileIfPossible(Errors.text(e));
      throw e;
    }
  }

  /** After a divergence again from the last checkpoint, as often as it may. */
  private int attempts(RunDirectory directory, Machine.Engine engine, Optional<Path> resumed) {
    Optional<Path> from = resumed;
    Path rolledBackTo = null;
    int rollbacks = 0;
    try (LivePage page = new LivePage();
        Signals signals =
            Signals.listen(
                () -> log.println("stopping  after this step; once more ends at once"))) {
      while (true) {
        try {
          return attempt(directory, engine, signals, page, from, rollbacks);
        } catch (DivergedException e) {
          events.divergence(e);
          List<Path> checkpoints = directory.newestFirst();
          if (rollbacks == run.onDiverge().rollbacks() || checkpoints.isEmpty()) {
            page.setEnd("diverged at step " + e.step());
            throw e;
          }
          rollbacks++;
          Path newest = checkpoints.get(0);
          if (newest.equals(rolledBackTo) && checkpoints.size() > 1) {
            // The second time from there: its numbers are finite, but the training was lost before.
            log.println(Fields.line("left", newest + ": it leads to a divergence"));
            newest = checkpoints.get(1);
          }
          rolledBackTo = newest;
          from = Optional.of(newest);
          rollBack(e, newest);
        }
      }
    } catch (DivergedException e) {
      throw new RunFailedException(ExitCode.DIVERGED, e.getMessage(), e, slower(directory));
    } catch (InputException | UncheckedIOException e) {
      throw new RunFailedException(e.getMessage(), e, kept(directory));
    } catch (OutOfMemoryError e) {
      String heap = Machine.mebibytes(Runtime.getRuntime().maxMemory()) + " MiB";
      throw new RunFailedException(
          "the heap of " + heap + " is full; raise it with -Xmx", e, kept(directory));
    }
  }

  private void rollBack(DivergedException e, Path from) {
    try (Checkpoint checkpoint = Checkpoint.open(from)) {
      float slower = DivergencePolicy.SLOWER;
      var g = plan.options().generator();
      var d = plan.options().discriminator();
      plan =
          plan.withOptions(
              plan.options()
                  .withAdam(g.withRate(g.rate() * slower), d.withRate(d.rate() * slower)));
      Map<String, Object> event = new LinkedHashMap<>();
      event.put("diverged", e.step());
      event.put("tensor", e.tensor());
      event.put("back_to", checkpoint.step());
      event.put("generator_rate", plan.options().generator().rate());
      event.put("discriminator_rate", plan.options().discriminator().rate());
      history.add(event);
      events.rollback(
          e.step(),
          checkpoint.step(),
          plan.options().generator().rate(),
          plan.options().discriminator().rate());
      log.println(Fields.line("diverged", e.getMessage()));
      log.println(
          Fields.line(
              "rollback",
              String.format(
                  Locale.ROOT,
                  "to step %d, with other noise and half the rates (G %s, D %s)",
                  checkpoint.step(),
                  plan.options().generator().rate(),
                  plan.options().discriminator().rate())));
    }
  }

  /** Everything large is local here, so that it is free for the next attempt. */
  private int attempt(
      RunDirectory directory,
      Machine.Engine engine,
      Signals signals,
      LivePage page,
      Optional<Path> from,
      int rollbacks) {
    Trainer trainer =
        plan.trainer(data, engine.kernels, Memory.heap(), from.isPresent() ? null : init);
    Sampler sampler = RunRecorder.sampler(trainer);
    Map<String, Object> provenance = plan.provenance(engine.kernels.describe());
    provenance.put("images", images);
    if (!history.isEmpty()) {
      provenance.put("history", List.copyOf(history));
    }
    if (from.isPresent()) {
      try (Checkpoint checkpoint = Checkpoint.open(from.get())) {
        checkpoint.restore(trainer);
      }
      // Only now is it sure that the training can go on: until here nothing of the run changed.
      GoingBack.to(directory, trainer.stepsDone(), from.get())
          .ifPresent(text -> log.println(Fields.line("abandoned", text)));
      if (rollbacks == 0) {
        writeOptions(directory);
      }
    } else {
      ParameterTable.describe(trainer.model()).lines().forEach(log::println);
    }
    if (rollbacks > 0) {
      trainer.useOtherNoise(history.size());
      Checkpoint.write(directory.checkpoint(trainer.stepsDone()), trainer, provenance);
    }
    if (rollbacks == 0) {
      log.println("run       " + directory.path());
    }
    Agreements agreements = new Agreements(plan.specs(), data, sampler, events);
    RunRecorder recorder =
        new RunRecorder(
            directory,
            data,
            provenance,
            sampler,
            agreements,
            events,
            log,
            run.progress(),
            keep,
            signals);
    try (RunPublisher publisher =
        new RunPublisher(directory, agreements, events, recorder::totalSeconds, log, page)) {
      page.open(run.dashboard(), directory, log);
      if (run.tensorboard()) {
        publisher.writeEvents();
      }
      if (from.isPresent() && isSnapshot(trainer.stepsDone())) {
        recorder.catchUp();
        publisher.catchUp();
      }
      trainer.run(
          lastStep, every, new RecordedTraining(events, new ListenerChain(recorder, publisher)));
    }
    page.close();
    TrainSummary summary = new TrainSummary(plan, trainer, directory);
    if (trainer.stepsDone() < lastStep) {
      log.println(
          Fields.line(
              "stopped", "at step " + trainer.stepsDone() + " by " + signals.what() + "; saved"));
      log.println(goOn(directory));
      if (run.json()) {
        summary.printJson(out, lastStep, recorder.seconds(), signals.what());
      }
      return signals.exitCode();
    }
    final double seconds = recorder.seconds();
    // There is nothing left to stop after a step: from here on a signal ends the process.
    signals.close();
    log.println("trained   in " + Progress.duration(seconds));
    if (!signals.stopRequested()) {
      summary.measure(sampler, data);
    }
    if (run.json()) {
      summary.printJson(out, lastStep, seconds, null);
    } else {
      summary.print(out);
    }
    return ExitCode.DONE;
  }

  /** Whether there is a picture of a step; that of step 0 is made when the training begins. */
  private boolean isSnapshot(long step) {
    return step > 0 && (step % every == 0 || step == lastStep);
  }

  static String goOn(RunDirectory directory, String... options) {
    String before = "go on     ";
    List<String> words = new ArrayList<>(List.of(ShellCommand.quoted(directory.path())));
    words.addAll(List.of(options));
    return before + ShellCommand.text(before.length(), "resume", words.toArray(String[]::new));
  }

  /** What is kept of a training that diverged, and how it may go on: the same rates may not do. */
  private static String slower(RunDirectory directory) {
    try {
      Path newest = directory.newestFirst().stream().findFirst().orElse(null);
      if (newest == null) {
        return "No checkpoint has been written. Lower rates (--rate-g, --rate-d) may help.";
      }
      try (Checkpoint checkpoint = Checkpoint.open(newest)) {
        float g = checkpoint.options().generator().rate() * DivergencePolicy.SLOWER;
        float d = checkpoint.options().discriminator().rate() * DivergencePolicy.SLOWER;
        return String.join(
            System.lineSeparator(),
            "Kept: " + newest,
            "Lower rates may help, for example half of that checkpoint's:",
            goOn(directory, "--rate-g " + g, "--rate-d " + d, "--allow rate-g,rate-d"));
      }
    } catch (InputException e) {
      return kept(directory);
    }
  }

  private static String kept(RunDirectory directory) {
    try {
      List<Path> checkpoints = directory.newestFirst();
      return checkpoints.isEmpty()
          ? "No checkpoint has been written yet."
          : "Kept: " + checkpoints.get(0) + System.lineSeparator() + goOn(directory);
    } catch (InputException e) {
      return "Nothing is left of " + directory.path() + ".";
    }
  }

  static String describeData(TrainPlan plan, List<DomainData> data) {
    List<String> parts = new ArrayList<>();
    for (int d = 0; d < data.size(); d++) {
      parts.add(
          String.format(
              Locale.ROOT,
              "%s = %s (%d)",
              data.get(d).name(),
              plan.specs().get(d),
              data.get(d).count()));
    }
    return String.join(", ", parts);
  }
}
