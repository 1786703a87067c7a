package dev.cogan.cli;

import dev.cogan.engine.train.Checkpoint;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Kills a training (SIGKILL) at random moments, a part of them while a file is being written,
 * resumes it each time, and checks that every checkpoint left is whole, that nothing is lost but
 * the steps since the last checkpoint, and that in the end every bit is as if nothing had happened.
 *
 * <p>By hand, after {@code mvn package}: {@code java -cp
 * cli/target/test-classes:cli/target/cogan.jar dev.cogan.cli.KillHarness 200}.
 */
final class KillHarness {
  private static final int SNAPSHOT = 5;
  private static final int STATS_EVERY = 10;
  private static final int ENDLESS = 10_000_000;

  private final Path folder;
  private final Random random;
  private final PrintStream report;
  private long newest = -1;
  private String newestName = "";

  /**
   * What came out.
   *
   * @param kills how often the training was killed
   * @param midWrite how often a file was being written at that moment
   * @param steps of the training in the end
   * @param mostLost most steps that one kill cost, as far as {@code stats.jsonl} tells
   */
  record Result(int kills, int midWrite, long steps, long mostLost) {}

  KillHarness(Path folder, long seed, PrintStream report) {
    this.folder = folder;
    this.random = new Random(seed);
    this.report = report;
  }

  /** Runs it; throws at the first thing that is not as it must be. */
  Result run(int kills) throws IOException, InterruptedException {
    Path runs = folder.resolve("killed");
    List<String> first =
        new ArrayList<>(List.of("train", "--steps", "" + ENDLESS, "--snapshot", "" + SNAPSHOT));
    first.addAll(TrainingProcess.TINY);
    first.addAll(List.of("--outdir", runs.toString()));
    TrainingProcess training = TrainingProcess.start(folder, first);
    training.awaitText("run       ");
    Path run = onlyRun(runs);
    while (checkpoints(run).isEmpty()) {
      require(training.process.isAlive(), training.output());
      Thread.sleep(5);
    }
    int midWrite = 0;
    long mostLost = 0;
    for (int i = 0; i < kills; i++) {
      boolean inWrite = i % 3 == 0;
      awaitMoment(training, run, inWrite);
      training.kill();
      midWrite += leftovers(run).isEmpty() ? 0 : 1;
      mostLost = Math.max(mostLost, check(run));
      report.println(
          "kill "
              + (i + 1)
              + "/"
              + kills
              + ": at step "
              + newest
              + ", "
              + midWrite
              + " in the middle of a write so far");
      training = resume(run, ENDLESS);
    }
    training.awaitText("resumed   ");
    training.kill();
    check(run);
    long steps = newest + 2 * SNAPSHOT + 3;
    training = resume(run, steps);
    require(training.exitCodeWhilePrinting() == 0, training.output());
    report.println("at most " + mostLost + " steps lost at a time");
    compare(run, steps);
    return new Result(kills, midWrite, steps, mostLost);
  }

  private TrainingProcess resume(Path run, long steps) throws IOException {
    return TrainingProcess.start(
        folder, "resume", run.toString(), "--steps", "" + steps, "--threads", "1");
  }

  /** Some at the start of the program, some while it writes, most anywhere. */
  private void awaitMoment(TrainingProcess training, Path run, boolean inWrite)
      throws IOException, InterruptedException {
    if (random.nextInt(10) == 0) {
      Thread.sleep(random.nextInt(800));
      return;
    }
    training.awaitText(newest < 0 ? "run       " : "resumed   ");
    // Two of three after some progress, however long it takes: else a busy machine would only ever
    // see the first steps.
    long patience = random.nextInt(3) == 0 ? 200 : Long.MAX_VALUE;
    for (long i = 0;
        i < patience && training.process.isAlive() && newestOf(checkpoints(run)).equals(newestName);
        i++) {
      Thread.sleep(20);
    }
    Thread.sleep(random.nextInt(300));
    for (int i = 0; inWrite && i < 20_000 && leftovers(run).isEmpty(); i++) {
      Thread.onSpinWait();
    }
  }

  /** Every checkpoint is whole; the newest is not older than before. Returns the steps lost. */
  private long check(Path run) throws IOException {
    List<Path> all = checkpoints(run);
    require(!all.isEmpty(), "no checkpoint left in " + run);
    for (Path file : all) {
      Cli cli = Cli.run("inspect", file, "--verify");
      require(cli.code == 0, cli.toString());
    }
    long step;
    try (Checkpoint checkpoint = Checkpoint.open(all.get(all.size() - 1))) {
      step = checkpoint.step();
    }
    require(step >= newest, "newest checkpoint went from step " + newest + " to " + step);
    newest = step;
    newestName = newestOf(all);
    long lost = Math.max(0, lastStatsStep(run) - step);
    require(lost < SNAPSHOT + STATS_EVERY, lost + " steps lost at step " + step);
    return lost;
  }

  private static String newestOf(List<Path> checkpoints) {
    return checkpoints.isEmpty()
        ? ""
        : checkpoints.get(checkpoints.size() - 1).getFileName().toString();
  }

  private static long lastStatsStep(Path run) throws IOException {
    Path stats = run.resolve("stats.jsonl");
    if (!Files.exists(stats)) {
      return 0;
    }
    long last = 0;
    for (String line : Files.readAllLines(stats)) {
      if (line.startsWith("{\"step\":") && line.endsWith("}")) {
        last = Long.parseLong(line.substring("{\"step\":".length(), line.indexOf(',')));
      }
    }
    return last;
  }

  private void compare(Path run, long steps) throws IOException, InterruptedException {
    Path runs = folder.resolve("straight");
    List<String> args = new ArrayList<>(List.of("train", "--steps", "" + steps));
    args.addAll(List.of("--snapshot", "" + steps, "--outdir", runs.toString()));
    args.addAll(TrainingProcess.TINY);
    TrainingProcess straight = TrainingProcess.start(folder, args);
    // As many steps at once as all the others together: no fixed time is right for any number.
    require(straight.exitCodeWhilePrinting() == 0, straight.output());
    String name = String.format("checkpoint-%06d.safetensors", steps);
    byte[] expected = Files.readAllBytes(onlyRun(runs).resolve(name));
    byte[] found = Files.readAllBytes(run.resolve(name));
    require(
        Arrays.equals(expected, found),
        name
            + " differs from the one of a training that ran"
            + " through, first at byte "
            + Arrays.mismatch(expected, found));
  }

  private static Path onlyRun(Path runs) throws IOException {
    List<Path> all = list(runs, "0");
    require(all.size() == 1, all.toString());
    return all.get(0);
  }

  private static List<Path> checkpoints(Path run) throws IOException {
    return list(run, "checkpoint-");
  }

  private static List<Path> leftovers(Path run) throws IOException {
    return list(run, ".cogan-");
  }

  private static List<Path> list(Path folder, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .sorted()
          .toList();
    }
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }

  /** Kills as often as the first argument says, 200 times without one. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int kills = args.length == 0 ? 200 : Integer.parseInt(args[0]);
    long seed = args.length < 2 ? System.nanoTime() : Long.parseLong(args[1]);
    Path folder = Files.createTempDirectory("cogan-kills");
    System.out.println("seed " + seed + ", in " + folder);
    System.out.println(new KillHarness(folder, seed, System.out).run(kills));
  }
}
