package dev.cogan.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program in a process of its own, to be sent signals. */
final class TrainingProcess {
  /** Waits are this long on a busy machine before they fail. */
  static final long PATIENCE_SECONDS = 240;

  /**
   * Small enough for a test. Rates that stay: falling ones fit themselves to --steps, so that a
   * training of 6 steps is not the one of 3 steps going on.
   */
  static final List<String> TINY =
      List.of(
          "--widths",
          "8,6,6,4",
          "--batch",
          "4",
          "--latent",
          "8",
          "--threads",
          "1",
          "--rate-decay",
          "none");

  /** Quick to start; the same for all, since the JIT compiler may decide about last bits. */
  static final List<String> QUICK =
      List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dcogan.kernels=scalar");

  final Process process;
  private final Path output;

  private TrainingProcess(ProcessBuilder builder, Path folder) throws IOException {
    output = Files.createTempFile(folder, "output", ".txt");
    process = builder.redirectOutput(output.toFile()).start();
    // A test that fails may leave it behind.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /** Starts it; what it prints goes to a file in {@code folder}. */
  static TrainingProcess start(Path folder, List<String> args) throws IOException {
    return java(folder, QUICK, args);
  }

  /** The same with other flags of the JVM. */
  static TrainingProcess java(Path folder, List<String> flags, List<String> args)
      throws IOException {
    return within(folder, List.of(), flags, args);
  }

  /** The same, with {@code folder} as its working directory. */
  static TrainingProcess inside(Path folder, List<String> flags, List<String> args)
      throws IOException {
    return new TrainingProcess(builder(List.of(), flags, args).directory(folder.toFile()), folder);
  }

  /** The same, started by another program with this beginning of a command. */
  static TrainingProcess within(
      Path folder, List<String> before, List<String> flags, List<String> args) throws IOException {
    return new TrainingProcess(builder(before, flags, args), folder);
  }

  private static ProcessBuilder builder(
      List<String> before, List<String> flags, List<String> args) {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("dev.cogan.cli.Main");
    command.addAll(args);
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  static TrainingProcess start(Path folder, String... args) throws IOException {
    return start(folder, List.of(args));
  }

  String output() throws IOException {
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  /** Waits until the program has printed a text, or has ended. */
  void awaitText(String text) throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (process.isAlive() && !output().contains(text)) {
      if (System.nanoTime() - start > PATIENCE_SECONDS * 1_000_000_000L) {
        throw new IllegalStateException("no '" + text + "' in:\n" + output());
      }
      Thread.sleep(5);
    }
  }

  /** Sends a signal by its name, as the program of that name does. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  int exitCode() throws InterruptedException, IOException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("did not end:\n" + output());
    }
    return process.exitValue();
  }

  /** Waits as long as it takes, while the program prints something now and then. */
  int exitCodeWhilePrinting() throws InterruptedException, IOException {
    long length = output().length();
    while (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      long before = length;
      length = output().length();
      if (length == before) {
        process.destroyForcibly();
        throw new IllegalStateException(
            "silent for " + PATIENCE_SECONDS + " seconds:\n" + output());
      }
    }
    return process.exitValue();
  }

  /**
   * Whether signals of this number are ignored here, and so by all children: a shell that runs the
   * tests in the background has it so for Ctrl-C, {@code nohup} for hang-ups.
   */
  static boolean ignores(int number) throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.isReadable(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
            .anyMatch(mask -> (mask >> number - 1 & 1) != 0);
  }

  /** The end that leaves no time for anything. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }
}
