package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong around a training: the disk, the folder, the clock, the people. */
@Tag("slow")
class FaultTest {
  @TempDir private Path folder;

  private static List<String> train(Path outdir, String... more) {
    List<String> args = new ArrayList<>(List.of("train", "--outdir", outdir.toString()));
    args.addAll(TrainingProcess.TINY);
    args.addAll(List.of("--widths-d", "4,6,10"));
    args.addAll(List.of(more));
    return args;
  }

  private static Path onlyRun(Path outdir) throws IOException {
    try (Stream<Path> runs = Files.list(outdir)) {
      return runs.findFirst().orElseThrow();
    }
  }

  /** Everything that stands in a run can be read, and the run goes on. */
  private static void assertGoesOn(Path run) throws IOException {
    try (Stream<Path> files = Files.list(run)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .as("nothing half-written")
          .noneMatch(name -> name.startsWith(".cogan-"));
    }
    List<Path> checkpoints = new RunDirectory(run).newestFirst();
    assertThat(checkpoints).isNotEmpty();
    for (Path checkpoint : checkpoints) {
      assertThat(Cli.run("inspect", "--verify", checkpoint).code).isZero();
    }
    String digits = checkpoints.get(0).getFileName().toString().replaceAll("\\D", "");
    Cli resumed = Cli.run("resume", run, "--steps", Long.parseLong(digits) + 2);
    assertThat(resumed.code).as(resumed.toString()).isZero();
  }

  private static boolean runs(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskEndsWithOneAndKeepsWhatItHas() throws IOException, InterruptedException {
    assumeTrue(
        runs("unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=1m none /mnt"),
        "no file system of one megabyte: unshare and mount are not allowed here");
    Path disk = Files.createDirectory(folder.resolve("disk"));
    // The small disk is only there for the training, so that it hands over what is left at its end.
    String script =
        "mount -t tmpfs -o size=1m none \"$0\"; \"$@\"; code=$?; cp -r \"$0\" \"$0\".left;"
            + " exit $code";
    List<String> shell = List.of("unshare", "-rm", "sh", "-c", script, disk.toString());
    List<String> args = train(disk, "--steps", "100000", "--snapshot", "2", "--keep", "1000");
    TrainingProcess training = TrainingProcess.within(folder, shell, TrainingProcess.QUICK, args);
    assertThat(training.exitCode()).as(training.output()).isEqualTo(ExitCode.FAILED);
    assertThat(training.output().replaceAll("\\s+", " "))
        .contains("warning the disk has", "No space left on device", "Kept: ", "go on")
        .doesNotContain("Exception");
    assertGoesOn(onlyRun(folder.resolve("disk.left")));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskIsNoWrongInputOfPrepare() throws IOException, InterruptedException {
    assumeTrue(
        runs("unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=1m none /mnt"),
        "no file system of one megabyte: unshare and mount are not allowed here");
    Path disk = Files.createDirectory(folder.resolve("disk"));
    String script =
        "mount -t tmpfs -o size=1m none \"$0\"; \"$@\"; code=$?; ls -A \"$0\"; exit $code";
    for (String name : List.of("digits", "digits.idx")) {
      TrainingProcess prepare =
          TrainingProcess.within(
              folder,
              List.of("unshare", "-rm", "sh", "-c", script, disk.toString()),
              TrainingProcess.QUICK,
              List.of("dataset", "prepare", "mnist", "--out", disk.resolve(name).toString()));
      assertThat(prepare.exitCode()).as(prepare.output()).isEqualTo(ExitCode.FAILED);
      assertThat(prepare.output().replaceAll("\\s+", " "))
          .contains(name + ": cannot write: No space left on device")
          .as("nothing is left behind")
          .endsWith("device ");
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aFolderThatBecomesReadOnlyEndsWithOne() throws IOException, InterruptedException {
    // Who is root may write everywhere, unless the right to is given up.
    List<String> plain = List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all");
    List<String> before = Files.isWritable(readOnly("probe")) ? plain : List.of();
    assumeTrue(
        before.isEmpty() || runs("setpriv", "--bounding-set=-all", "--inh-caps=-all", "true"),
        "root without setpriv");
    Path outdir = folder.resolve("runs");
    TrainingProcess training =
        TrainingProcess.within(
            folder,
            before,
            TrainingProcess.QUICK,
            train(outdir, "--steps", "1000000", "--snapshot", "20"));
    training.awaitText("step ");
    Path run = onlyRun(outdir);
    assertThat(run.toFile().setWritable(false)).isTrue();
    assertThat(training.exitCode()).as(training.output()).isEqualTo(ExitCode.FAILED);
    assertThat(training.output())
        .contains("cannot write", "Kept: ", "go on")
        .doesNotContain("Exception");
    assertThat(run.resolve("log.txt")).content().contains("cannot write", "Kept: ", "go on");

    TrainingProcess another =
        TrainingProcess.within(
            folder, before, TrainingProcess.QUICK, train(readOnly("closed"), "--steps", "2"));
    assertThat(another.exitCode()).as(another.output()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(another.output()).contains("--outdir ", "cannot write");

    assertThat(run.toFile().setWritable(true)).isTrue();
    assertGoesOn(run);
  }

  private Path readOnly(String name) throws IOException {
    Path path = Files.createDirectory(folder.resolve(name));
    assertThat(path.toFile().setWritable(false)).isTrue();
    return path;
  }

  /** Also when the first one hangs, in a message to a terminal that is held by Ctrl-S. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aSecondSignalEndsAtOnce() throws Exception {
    assumeFalse(TrainingProcess.ignores(1), "hang-ups are ignored here, as under nohup");
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(1);
    BlockingQueue<Integer> ends = new LinkedBlockingQueue<>();
    Runnable message =
        () -> {
          first.countDown();
          try {
            held.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    try (Signals signals = Signals.listen(message, ends::add)) {
      long pid = ProcessHandle.current().pid();
      assertThat(runs("kill", "-HUP", "" + pid)).isTrue();
      assertThat(first.await(TrainingProcess.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(signals.stopRequested()).isTrue();
      assertThat(ends).isEmpty();
      assertThat(runs("kill", "-HUP", "" + pid)).isTrue();
      assertThat(ends.poll(TrainingProcess.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(129);
    } finally {
      held.countDown();
    }
  }

  /** In whatever order they end, and each of them once. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void allTrainingsOfOneJvmAreAskedToEnd() throws Exception {
    assumeFalse(TrainingProcess.ignores(1), "hang-ups are ignored here, as under nohup");
    String pid = "" + ProcessHandle.current().pid();
    BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    BlockingQueue<Integer> ends = new LinkedBlockingQueue<>();
    Signals one = Signals.listen(() -> messages.add("one"), ends::add);
    try (Signals two = Signals.listen(() -> messages.add("two"), ends::add)) {
      assertThat(runs("kill", "-HUP", pid)).isTrue();
      assertThat(next(messages)).isEqualTo("one");
      assertThat(next(messages)).isEqualTo("two");
      assertThat(one.stopRequested() && two.stopRequested()).isTrue();
      // Were the signals given back now, the next one would end this JVM.
      one.close();
      one.close();
      assertThat(runs("kill", "-HUP", pid)).isTrue();
      assertThat(next(ends)).isEqualTo(129);
      assertThat(messages).isEmpty();
    }
    try (Signals three = Signals.listen(() -> messages.add("three"), ends::add)) {
      assertThat(runs("kill", "-HUP", pid)).isTrue();
      assertThat(next(messages)).isEqualTo("three");
      assertThat(three.stopRequested()).isTrue();
      assertThat(ends).isEmpty();
    }
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    return queue.poll(TrainingProcess.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aHangUpEndsAfterACheckpoint() throws IOException, InterruptedException {
    assumeFalse(TrainingProcess.ignores(1), "hang-ups are ignored here, as under nohup");
    Path outdir = folder.resolve("runs");
    TrainingProcess training =
        TrainingProcess.start(folder, train(outdir, "--steps", "1000000", "--snapshot", "100000"));
    training.awaitText("run       ");
    training.awaitText("step ");
    training.signal("HUP");
    assertThat(training.exitCode()).as(training.output()).isEqualTo(129);
    assertThat(training.output()).contains("stopped   at step ", "SIGHUP; saved");
    Path newest = new RunDirectory(onlyRun(outdir)).newestFirst().get(0);
    assertThat(newest.getFileName().toString()).isNotEqualTo("checkpoint-000000.safetensors");
  }

  /** A clock that goes backwards can only harm who looks at it. */
  @Test
  void nothingButEventFilesAsksWhatTimeItIs() throws Exception {
    Path classes = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> askers = new ArrayList<>();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (text.contains("currentTimeMillis")
            || text.contains("java/time/")
            || text.contains("java/util/Date")
            || text.contains("LastModifiedTime")) {
          askers.add(classes.relativize(file).getFileName().toString());
        }
      }
    }
    // Its stamps say when a point was written; TensorBoard orders points by their steps.
    assertThat(askers).containsExactly("RunPublisher.class");
  }

  @Test
  void aDiskThatWillBeFullIsSaidAtTheBeginning() {
    assertThat(DiskSpace.shortage(5 << 20, 2, 15 << 20)).isEmpty();
    assertThat(DiskSpace.shortage(5 << 20, 2, (15 << 20) - 1).orElseThrow())
        .contains("has 14 MiB left", "about 15 MiB more");
    assertThat(DiskSpace.shortage(1L << 31, Integer.MAX_VALUE, 1L << 60)).isPresent();
  }
}
