package dev.cogan.cli;

import dev.cogan.cli.jfr.TrainingEvents;
import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.io.ImageGrid;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Checkpoint;
import dev.cogan.engine.train.Sampler;
import dev.cogan.engine.train.StepStats;
import dev.cogan.engine.train.Trainer;
import dev.cogan.engine.train.TrainingListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Writes a training's files and status lines. */
final class RunRecorder implements TrainingListener {
  static final int GRID = 64;
  private static final int GRID_COLUMNS = 8;
  private static final int LARGE = 48;
  private static final int STATS_EVERY = 10;

  private final RunDirectory directory;
  private final List<DomainData> data;
  private final Map<String, Object> provenance;
  private final Sampler sampler;
  private final Agreements agreements;
  private final TrainingEvents events;
  private final RunLog messages;
  private final Progress.Mode mode;
  private final int keep;
  private final Signals signals;
  private final List<Tensor> reals = new ArrayList<>();
  private BestCheckpoint best;
  private GameWatch watch;
  private StatsLog log;
  private Progress progress;
  private Tensor z;
  private boolean measured;
  private boolean catchingUp;

  RunRecorder(
      RunDirectory directory,
      List<DomainData> data,
      Map<String, Object> provenance,
      Sampler sampler,
      Agreements agreements,
      TrainingEvents events,
      RunLog messages,
      Progress.Mode mode,
      int keep,
      Signals signals) {
    this.directory = directory;
    this.data = data;
    this.provenance = provenance;
    this.sampler = sampler;
    this.agreements = agreements;
    this.events = events;
    this.messages = messages;
    this.mode = mode;
    this.keep = keep;
    this.signals = signals;
  }

  /** The sampler that makes the grids; its memory is part of the training's plan. */
  static Sampler sampler(Trainer trainer) {
    Workspace workspace = trainer.workspace();
    return new Sampler(trainer.sampledGenerators(), GRID / 4, workspace);
  }

  /**
   * The training goes on from a step of a snapshot: its picture is drawn if it is missing, because
   * a process ended between the checkpoint and the picture.
   */
  void catchUp() {
    catchingUp = true;
  }

  @Override
  public void onStart(Trainer trainer, long lastStep) {
    z =
        Sampler.latents(
            trainer.options().noise(), sampler.latent(), LongStream.range(0, GRID).toArray());
    for (DomainData domain : data) {
      Tensor images = Tensor.zeros(domain.shape().prepend(Math.min(GRID, domain.count())));
      for (int i = 0; i < images.size(0); i++) {
        domain.fill(images.data(), i * domain.shape().count(), i);
      }
      reals.add(images);
      List<Tensor> shown = DomainImages.shown(List.of(domain.spec()), List.of(images));
      grid(shown).write(directory.reals(domain.name()));
    }
    log = new StatsLog(directory.stats(), trainer.stepsDone());
    best = new BestCheckpoint(directory, agreements, messages);
    best.resume(trainer);
    watch =
        new GameWatch(
            data.stream().map(DomainData::name).toList(),
            text -> messages.println(Fields.line("warning", text)));
    progress =
        new Progress(
            messages,
            mode,
            log.seconds(),
            trainer.stepsDone(),
            lastStep,
            trainer.options().batch() * data.size());
    if (catchingUp && !Files.exists(directory.fakes(trainer.stepsDone()))) {
      draw(trainer.stepsDone());
    }
  }

  @Override
  public void onStep(Trainer trainer, StepStats stats) {
    progress.step(trainer.stepsDone(), stats);
    watch.step(trainer.stepsDone(), stats::accuracy);
    if (trainer.stepsDone() % STATS_EVERY == 0) {
      log.append(StatsRow.of(trainer, stats, progress.totalSeconds()));
    }
  }

  @Override
  public void onSnapshot(Trainer trainer) {
    // The weights first: if the disk is full, they matter more than the picture.
    save(trainer);
    draw(trainer.stepsDone());
    best.consider(trainer);
  }

  private void draw(long step) {
    List<Tensor> fakes = sampler.sample(z);
    List<String> specs = data.stream().map(DomainData::spec).toList();
    grid(DomainImages.shown(specs, fakes)).write(directory.fakes(step));
    for (int d = 0; d < fakes.size(); d++) {
      watch.snapshot(step, d, fakes.get(d), reals.get(d));
    }
  }

  /** Older checkpoints go when the new one has been read back and makes sense. */
  private void save(Trainer trainer) {
    Path file = directory.checkpoint(trainer.stepsDone());
    events.checkpoint(
        trainer.stepsDone(),
        file,
        () -> {
          Checkpoint.write(file, trainer, provenance);
          Checkpoint.verify(file);
        });
    directory.removeOldCheckpoints(keep);
    if (!measured) {
      measured = true;
      DiskSpace.shortage(file, keep)
          .ifPresent(text -> messages.println(Fields.line("warning", text)));
    }
  }

  @Override
  public boolean stopRequested() {
    return signals.stopRequested();
  }

  @Override
  public void onStop(Trainer trainer) {
    save(trainer);
  }

  /** Digits are enlarged, larger images shown as they are. */
  private static ImageGrid grid(List<Tensor> images) {
    int scale = images.get(0).size(2) < LARGE ? 2 : 1;
    return ImageGrid.ofDomains(images).columns(GRID_COLUMNS).scale(scale);
  }

  /** Seconds since training began. */
  double seconds() {
    return progress.seconds();
  }

  /** Seconds of training, earlier runs included. */
  double totalSeconds() {
    return progress.totalSeconds();
  }
}
