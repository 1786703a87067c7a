package dev.cogan.cli;

import dev.cogan.cli.sweep.SweepCell;
import dev.cogan.cli.sweep.SweepChart;
import dev.cogan.cli.sweep.SweepLog;
import dev.cogan.cli.sweep.SweepRun;
import dev.cogan.cli.sweep.SweepSettings;
import dev.cogan.cli.sweep.SweepTable;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.kernel.KernelSelection;
import dev.cogan.engine.model.Algorithm;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.train.Noise;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cogan sweep}. */
@Command(
    name = "sweep",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Trains digit models with many settings, and compares them.",
      "Every combination of task, algorithm, k, l and seed; measures the pixel agreement of",
      "each. What --out has already is not done again."
    },
    footer = {
      "",
      "Examples:",
      "  sweep --data DIR --out sweep.jsonl --chart sweep.svg",
      "  sweep --data DIR --k 4 --l 3 --algorithms cogan,cgan --seeds 0-4 --out d.jsonl",
      "  sweep --k 0-4 --l 3 --widths 64,32,16,8 --steps 300 --out small.jsonl -n"
    })
final class SweepCommand implements Callable<Integer> {
  private static final List<String> TASKS = List.of("edge", "negative");
  private static final int MOST_LAYERS = 100;
  private static final int MOST_PAIRS = 1_000_000;

  @Spec private CommandSpec spec;

  @Mixin private ConfigOption config;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "Gets one line of JSON for each training that is done.")
  private Path file;

  @Option(
      names = "--tasks",
      paramLabel = "LIST",
      split = ",",
      defaultValue = "edge,negative",
      description = "What the second domain is made by (default: ${DEFAULT-VALUE}).")
  private List<String> tasks;

  @Option(
      names = "--algorithms",
      paramLabel = "LIST",
      split = ",",
      defaultValue = "cogan",
      description = "cogan, cgan, gan (default: ${DEFAULT-VALUE}).")
  private List<Algorithm> algorithms;

  @Option(
      names = "--k",
      paramLabel = "LIST",
      converter = SeedRanges.class,
      defaultValue = "0-4",
      description = "Shared generator layers of cogan (default: ${DEFAULT-VALUE}).")
  private SeedRanges.Seeds ks;

  @Option(
      names = "--l",
      paramLabel = "LIST",
      converter = SeedRanges.class,
      defaultValue = "0-3",
      description = "Shared discriminator layers of cogan (default: ${DEFAULT-VALUE}).")
  private SeedRanges.Seeds ls;

  @Option(
      names = "--seeds",
      paramLabel = "LIST",
      converter = SeedRanges.class,
      defaultValue = "0-2",
      description = "One training each (default: ${DEFAULT-VALUE}).")
  private SeedRanges.Seeds seeds;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      defaultValue = "digits-small",
      description = "Settings (default: ${DEFAULT-VALUE}).")
  private String presetName;

  @Option(
      names = "--widths",
      paramLabel = "N",
      split = ",",
      description = "Channels of the generator's layers, e.g. 64,32,16,8.")
  private List<Integer> widths;

  @Option(
      names = {"--widths-d", "--d-widths"},
      paramLabel = "N",
      split = ",",
      description = "Channels of the discriminator's layers, e.g. 10,20,100.")
  private List<Integer> discriminatorWidths;

  @Option(names = "--batch", paramLabel = "N", description = "Images per domain and step.")
  private Integer batch;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description = "Dropout before the discriminators' last layer.")
  private Float dropout;

  @Option(
      names = "--r1",
      paramLabel = "W",
      description = "Weight of the penalty on the discriminators' gradients, 0 for none.")
  private Float r1;

  @Option(
      names = "--r1-every",
      paramLabel = "N",
      description = "Add it in every Nth step only, N times as heavy.")
  private Integer r1Every;

  @Option(
      names = "--noise",
      paramLabel = "KIND",
      description = "z is normal, uniform or mixture (of ten).")
  private Noise noise;

  @Option(
      names = "--clip-updates",
      paramLabel = "R",
      description =
          "Shorten an update whose gradients are more than R times what Adam expects, 0 for none.")
  private Float clipUpdates;

  @Option(names = "--steps", paramLabel = "N", description = "Length of each training.")
  private Long steps;

  @Option(
      names = "--pairs",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Pairs that the agreement is measured on (default: ${DEFAULT-VALUE}).")
  private int pairs;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder with the MNIST files (default: 10,000 digits in the jar).")
  private Path data;

  @Option(names = "--chart", paramLabel = "FILE", description = "SVG of agreement over k and l.")
  private Path chart;

  @Option(
      names = "--pictures",
      paramLabel = "DIR",
      description =
          "Gets a grid of pairs of each training. Neither this nor a model replaces one of other"
              + " settings: its name gets the beginning of the line's id.")
  private Path pictures;

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "Gets the last checkpoint of each training.")
  private Path models;

  @Option(
      names = {"-n", "--dry-run"},
      description = "Only lists the trainings.")
  private boolean dryRun;

  @Mixin private JsonOutput json;
  @Mixin private Machine machine;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    requireAtLeast("--steps", steps == null ? 2 : steps, 2);
    if (pairs < 1 || pairs > MOST_PAIRS) {
      throw new InputException("--pairs must be 1 to " + MOST_PAIRS + ", got " + pairs);
    }
    SweepTraining training =
        new SweepTraining(
            Presets.named(presetName),
            new SweepTraining.Changes(
                widths,
                discriminatorWidths,
                dropout,
                batch,
                steps,
                r1,
                r1Every,
                noise,
                clipUpdates),
            data,
            pairs);
    Set<SweepRun> runs = runs();
    runs.forEach(training::check);
    SweepLog log = new SweepLog(file);
    if (dryRun) {
      list(out, training, runs, log);
      return ExitCode.DONE;
    }
    requirePlaces();
    if (!missing(training, runs, log).isEmpty()) {
      log = train(training, runs, err);
    }
    if (chart != null) {
      SweepChart.write(chart, charted(log, training));
    }
    report(out, log);
    return ExitCode.DONE;
  }

  private static List<SweepRun> missing(SweepTraining training, Set<SweepRun> runs, SweepLog log) {
    return runs.stream().filter(run -> !log.contains(training.id(run))).toList();
  }

  /**
   * Does what the log has not, while no other sweep does the same into it.
   *
   * @return the log, read when none could write to it any more
   */
  private SweepLog train(SweepTraining training, Set<SweepRun> runs, PrintWriter err) {
    RunLock lock = RunLock.ofResults(file, "sweep");
    SmallHeap.Held heap = SmallHeap.keep();
    try {
      SweepLog log = new SweepLog(file);
      train(training, runs, log, err);
      return log;
    } finally {
      heap.close();
      lock.close();
    }
  }

  /** Every training that the log does not have yet. */
  private void train(SweepTraining training, Set<SweepRun> runs, SweepLog log, PrintWriter err) {
    KernelSelection selection = Machine.select(err);
    List<SweepRun> missing = missing(training, runs, log);
    if (missing.isEmpty()) {
      return;
    }
    try (Machine.Engine engine = new Machine.Engine(selection, machine.threads())) {
      Memory planned = training.require(missing, engine.kernels, err);
      Machine.describe(planned).forEach(err::println);
      int number = 0;
      for (SweepRun run : runs) {
        number++;
        if (log.contains(training.id(run))) {
          continue;
        }
        err.println("training  " + number + "/" + runs.size() + " " + run);
        err.flush();
        train(training, run, log, engine, err);
      }
    }
  }

  /** All of them before the first training, which takes minutes. */
  private void requirePlaces() {
    OutputPlace.requireFolder("--out", file.toAbsolutePath().getParent());
    if (Files.isDirectory(file.toAbsolutePath().getParent())) {
      OutputPlace.requireAppendable("--out", file);
    }
    if (chart != null) {
      OutputPlace.requireOther("--chart", chart, "--out", file);
      OutputPlace.require("--chart", chart);
      OutputPlace.requireName("--chart", chart, ".svg");
    }
    if (pictures != null) {
      OutputPlace.requireFolder("--pictures", pictures);
    }
    if (models != null) {
      OutputPlace.requireFolder("--models", models);
    }
  }

  private void train(
      SweepTraining training, SweepRun run, SweepLog log, Machine.Engine engine, PrintWriter err) {
    Consumer<Map<String, Object>> finished =
        line -> {
          err.println(Fields.line("agreement", SweepTable.reading(line)));
          append(log, line, err);
        };
    try {
      SweepFiles files = new SweepFiles(pictures, models);
      training.run(run, engine.kernels, machine.threads(), finished, files, err);
      if (chart != null) {
        SweepChart.write(chart, charted(log, training));
      }
    } catch (InputException | UncheckedIOException e) {
      if (!log.contains(training.id(run))) {
        throw e;
      }
      // A folder that was good at the beginning: nothing is wrong with the input.
      throw new RunFailedException(
          e.getMessage(), e, "The result of " + run + " is in " + file + " all the same.");
    }
  }

  /** A result that finds no room in its file is shown whole: it took minutes. */
  private static void append(SweepLog log, Map<String, Object> line, PrintWriter err) {
    try {
      log.append(line);
    } catch (InputException | UncheckedIOException e) {
      err.println(Json.write(line));
      throw e;
    }
  }

  /** Not those of other digits; early lines do not say of which they are. */
  private static List<Map<?, ?>> charted(SweepLog log, SweepTraining training) {
    return log.lines().stream()
        .filter(line -> line.get("data") == null || training.dataset().equals(line.get("data")))
        .toList();
  }

  private static void requireAtLeast(String option, long value, long least) {
    if (value < least) {
      throw new InputException(option + " must be " + least + " or more, got " + value);
    }
  }

  /** Seed by seed, so that a sweep that is stopped has whole rows; what is named twice, once. */
  private Set<SweepRun> runs() {
    for (String task : tasks) {
      if (!TASKS.contains(task)) {
        throw new InputException("--tasks: expected edge or negative, got " + task);
      }
    }
    Set<SweepRun> runs = new LinkedHashSet<>();
    for (long seed : seeds.values()) {
      for (Algorithm algorithm : algorithms) {
        boolean coupled = algorithm == Algorithm.COGAN;
        for (long k : coupled ? ks.values() : new long[1]) {
          for (long l : coupled ? ls.values() : new long[1]) {
            for (String task : tasks) {
              int shared = layers("--k", k);
              runs.add(new SweepRun(task, algorithm, shared, layers("--l", l), seed));
            }
          }
        }
      }
    }
    return runs;
  }

  /** How many layers there are, a model knows; here only what no model has is refused. */
  private static int layers(String option, long count) {
    if (count > MOST_LAYERS) {
      throw new InputException(
          option + ": expected numbers of layers, 0 to " + MOST_LAYERS + ", got " + count);
    }
    return (int) count;
  }

  private void list(PrintWriter out, SweepTraining training, Set<SweepRun> runs, SweepLog log) {
    List<Object> items = new ArrayList<>();
    for (SweepRun run : runs) {
      boolean done = log.contains(training.id(run));
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("run", run.name());
      item.put("done", done);
      items.add(item);
      if (!json.wanted()) {
        out.println((done ? "done   " : "to do  ") + run);
      }
    }
    if (json.wanted()) {
      json.print(out, Map.of("runs", items));
    }
  }

  private void report(PrintWriter out, SweepLog log) {
    List<SweepCell> cells = SweepTable.cells(log.lines());
    if (!json.wanted()) {
      SweepTable.text(cells).forEach(out::println);
      return;
    }
    Set<SweepSettings> all = SweepTable.settings(cells);
    List<Object> items = new ArrayList<>();
    for (SweepCell cell : cells) {
      items.add(cell.toJson(all));
    }
    json.print(out, Map.of("file", file.toString(), "cells", items));
  }
}
