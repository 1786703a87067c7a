package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training with snapshots, checkpoints, reports, a dashboard and its clients (one that reads, one
 * that never does, many that vanish), watched from inside: memory after garbage collection, threads
 * and open files must be at the end what they were at the beginning. A few seconds by default; an
 * hour with {@code -Dcogan.longrun.minutes=60}.
 */
class LongRunTest {
  private static final String[] TINY = {"--widths", "8,6,6,4", "--batch", "8", "--latent", "8"};
  private static final double MINUTES =
      Double.parseDouble(System.getProperty("cogan.longrun.minutes", "0.05"));
  private static final int SHORT = MINUTES < 1 ? 300 : 3000;
  private static final int SNAPSHOT = MINUTES < 1 ? 100 : 500;

  /** One look at the process. */
  private record Sample(
      double seconds, long heapBytes, int threads, long files, long readByClients) {}

  @TempDir private Path folder;

  private final List<Sample> samples = new ArrayList<>();
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong disconnections = new AtomicLong();
  private volatile boolean over;

  @Test
  void memoryThreadsAndFilesStayWhatTheyAre() throws Exception {
    // Once before, for what is loaded once and stays: classes, caches, the server's logger.
    train("--steps", SHORT);
    long start = System.nanoTime();
    train("--resume", "--steps", 2 * SHORT);
    final double perStep = (System.nanoTime() - start) / 1e9 / SHORT;

    Set<String> threadsBefore = threads();
    final Sample before = sample(0);
    final long last = 2 * SHORT + Math.max(200, (long) (MINUTES * 60 / perStep));
    StringWriter err = new StringWriter();
    List<Thread> helpers = List.of(helper(() -> watch(err)), helper(() -> follow(err)));
    int code =
        Main.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err, true),
            arguments("--resume", "--steps", last, "--dashboard", 0));
    over = true;
    for (Thread helper : helpers) {
      helper.join(60_000);
      assertThat(helper.isAlive()).isFalse();
    }
    assertThat(code).as(err.toString()).isZero();

    Set<String> threadsAfter = threads();
    for (int i = 0; i < 100 && !threadsBefore.containsAll(threadsAfter); i++) {
      Thread.sleep(100);
      threadsAfter = threads();
    }
    final Sample after = sample(0);
    print(last, before, after);
    // A client that gave up half-way would make the rest of the run prove nothing.
    // A run of seconds has no quarters to speak of: its last looks may come after its last step.
    long read = MINUTES >= 1 ? samples.get(samples.size() * 3 / 4).readByClients : 0;
    assertThat(events.get()).isGreaterThan(read);
    assertThat(threadsBefore).containsAll(threadsAfter);
    assertThat(after.files).isLessThanOrEqualTo(before.files);
    assertThat(after.heapBytes - before.heapBytes).isLessThan(8_000_000);
    assertThat(growth()).isLessThan(8_000_000);
  }

  private Object[] all(Object... more) {
    List<Object> all = new ArrayList<>(List.of("train", "--outdir", folder));
    boolean resume = more[0].equals("--resume");
    all.addAll(List.of("--snapshot", SNAPSHOT, "--threads", 1));
    if (!resume) {
      all.addAll(List.of((Object[]) TINY));
    }
    all.addAll(List.of(more));
    return all.toArray();
  }

  private String[] arguments(Object... more) {
    return Stream.of(all(more)).map(String::valueOf).toArray(String[]::new);
  }

  private void train(Object... more) {
    Cli cli = Cli.run(all(more));
    assertThat(cli.code).as(cli.toString()).isZero();
  }

  private static Thread helper(Runnable task) {
    Thread thread = new Thread(task, "longrun-helper");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Looks at the process from time to time. */
  private void watch(StringWriter err) {
    long start = System.nanoTime();
    while (!over) {
      pause(Math.max(500, (long) (MINUTES * 60_000 / 120)));
      samples.add(sample((System.nanoTime() - start) / 1e9));
      // What the run prints is the test's memory, not the program's.
      if (err.getBuffer().length() > 20_000) {
        err.getBuffer().delete(2_000, err.getBuffer().length());
      }
    }
  }

  private Sample sample(double seconds) {
    System.gc();
    return new Sample(
        seconds,
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        Thread.activeCount(),
        openFiles(),
        events.get());
  }

  private static long openFiles() {
    Path descriptors = Path.of("/proc/self/fd");
    if (!Files.isDirectory(descriptors)) {
      return -1;
    }
    try (Stream<Path> open = Files.list(descriptors)) {
      return open.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        // The JVM's own come and go.
        .filter(name -> !name.matches(".*(Compiler|CompilerThread|Sweeper|Keep-Alive).*"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The clients: one follows the events, one never reads, others ask for something and vanish. */
  private void follow(StringWriter err) {
    URI page = address(err);
    while (!over) {
      try (Socket deaf = new Socket(page.getHost(), page.getPort())) {
        ask(deaf, page, "/events");
        visit(page);
      } catch (IOException e) {
        // The run has ended, or the server has given a client up: come again, as a browser does.
        disconnections.incrementAndGet();
        pause(200);
      }
    }
  }

  private void visit(URI page) throws IOException {
    while (!over) {
      try (InputStream in = new URL(page + "events?after=0").openStream()) {
        byte[] some = new byte[4096];
        long until = System.nanoTime() + 3_000_000_000L;
        int n = in.read(some);
        while (n >= 0 && System.nanoTime() < until) {
          events.addAndGet(n);
          n = in.read(some);
        }
      }
      try (InputStream in = page.toURL().openStream()) {
        events.addAndGet(in.readAllBytes().length);
      }
      try (Socket vanishing = new Socket(page.getHost(), page.getPort())) {
        ask(vanishing, page, "/");
      }
      pause(200);
    }
  }

  private static void ask(Socket socket, URI page, String path) throws IOException {
    String request = "GET " + path + " HTTP/1.1\r\nHost: " + page.getAuthority() + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  private URI address(StringWriter err) {
    Pattern printed = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/");
    while (true) {
      Matcher matcher = printed.matcher(err.toString());
      if (matcher.find()) {
        return URI.create(matcher.group());
      }
      pause(20);
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** From the second quarter's smallest heap to the last quarter's smallest. */
  private long growth() {
    int n = samples.size();
    return smallest(samples.subList(n * 3 / 4, n))
        - smallest(samples.subList(n / 4, Math.max(n / 4 + 1, n / 2)));
  }

  private static long smallest(List<Sample> some) {
    return some.stream().mapToLong(Sample::heapBytes).min().orElse(0);
  }

  private void print(long last, Sample before, Sample after) {
    StringBuilder text = new StringBuilder("long run: " + last + " steps, ");
    text.append(events.get()).append(" bytes read by clients, ");
    text.append(disconnections.get()).append(" times disconnected\n");
    text.append("before ").append(line(before)).append('\n');
    for (int i = 0; i < samples.size(); i += Math.max(1, samples.size() / 12)) {
      text.append("       ").append(line(samples.get(i))).append('\n');
    }
    text.append("after  ").append(line(after));
    System.out.println(text);
  }

  private static String line(Sample sample) {
    return String.format(
        Locale.ROOT,
        "%7.0f s  heap after GC %6.2f MB  threads %d  open files %d  read %.1f MB",
        sample.seconds,
        sample.heapBytes / 1e6,
        sample.threads,
        sample.files,
        sample.readByClients / 1e6);
  }
}
