package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training with snapshots, checkpoints, reports, a dashboard and its clients (one that reads, one
 * that never does, many that vanish), watched from inside: memory after garbage collection, threads
 * and open files must be at the end what they were at the beginning. A few seconds by default; an
 * hour with {@code -Dcogan.longrun.minutes=60}, at a fifth of a core.
 */
@Tag("slow")
class LongRunTest {
  private static final String[] TINY = {"--widths", "8,6,6,4", "--batch", "8", "--latent", "8"};
  private static final double MINUTES =
      Double.parseDouble(System.getProperty("cogan.longrun.minutes", "0.03"));
  private static final boolean LONG = MINUTES >= 1;
  private static final int WARM_UP = LONG ? 3000 : 150;
  private static final int SNAPSHOT = LONG ? 500 : 50;
  // Nothing is measured by this clock: it ends what hangs.
  private static final long PATIENCE_SECONDS = 240;
  private static final long LEAK = 8_000_000;

  /** One look at the process. */
  private record Sample(double seconds, long heapBytes, int threads, int files, long read) {}

  @TempDir private Path folder;

  private final List<Sample> samples = new CopyOnWriteArrayList<>();
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong disconnections = new AtomicLong();
  private volatile long lastRead = System.nanoTime();
  private volatile double longestSilence;
  private volatile boolean over;

  @Test
  void memoryThreadsAndFilesStayWhatTheyAre() throws Exception {
    // Twice before, for what is loaded once and stays: classes, caches, the server's logger.
    train("--steps", WARM_UP);
    train("--resume", "--steps", 2 * WARM_UP, "--dashboard", 0);

    final Set<Thread> threadsBefore = threads();
    final List<String> filesBefore = openFiles();
    final Sample before = sample(0);
    SlowTerminal terminal = new SlowTerminal();
    List<Thread> helpers = List.of(helper(() -> watch()), helper(() -> follow(terminal)));
    int code =
        Main.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(terminal, true),
            arguments(
                "--resume", "--steps", 1_000_000_000, "--dashboard", 0, "--progress", "live"));
    over = true;
    // Silence that lasted to the end counts too.
    longestSilence = Math.max(longestSilence, (System.nanoTime() - lastRead) / 1e9);
    for (Thread helper : helpers) {
      helper.join(PATIENCE_SECONDS * 1000);
      assertThat(helper.isAlive()).isFalse();
    }
    assertThat(code).as(terminal.text()).isEqualTo(143);

    Set<Thread> threadsLeft = threads();
    List<String> filesAfter = openFiles();
    for (int i = 0; i < PATIENCE_SECONDS * 10; i++) {
      threadsLeft = threads();
      threadsLeft.removeAll(threadsBefore);
      filesAfter = openFiles();
      if (threadsLeft.isEmpty() && filesAfter.size() <= filesBefore.size()) {
        break;
      }
      Thread.sleep(100);
    }
    Sample after = sample(0);
    // What closes on a timer of the JDK's may hold on to a run for a moment; a leak holds for ever.
    for (int i = 0; i < PATIENCE_SECONDS && after.heapBytes - before.heapBytes >= LEAK; i++) {
      Thread.sleep(1000);
      after = sample(0);
    }
    print(terminal.text(), before, after);
    assertThat(threadsLeft).isEmpty();
    assertThat(filesAfter)
        .as("%s were open before", filesBefore)
        .hasSizeLessThanOrEqualTo(filesBefore.size());
    assertThat(after.heapBytes - before.heapBytes).isLessThan(LEAK);
    assertThat(growth()).isLessThan(LEAK);
    assertThat(events.get()).isPositive();
    if (LONG) {
      // A client that gave up half-way would make the rest of the run prove nothing.
      assertThat(longestSilence).isLessThan(MINUTES * 60 / 10);
    }
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

  /**
   * Takes a second for every redrawing of the live line in a long run, which leaves the rest of the
   * machine in peace; and when the time is over, {@code kill}s the training that draws there.
   */
  private final class SlowTerminal extends Writer {
    private final long end = System.nanoTime() + (long) (MINUTES * 60e9);
    private final StringBuffer lines = new StringBuffer();
    private String live = "";
    private boolean killed;

    @Override
    public void write(char[] text, int offset, int length) {
      String added = new String(text, offset, length);
      // What the run prints would be the test's memory, not the program's.
      if (lines.length() < 5_000 && !added.startsWith("\r")) {
        lines.append(added);
      }
      if (added.startsWith("\r") && added.contains("img/s")) {
        live = added.strip();
        draw();
      }
    }

    private void draw() {
      if (LONG) {
        pause(1000);
      }
      boolean seen = samples.size() > 1 && events.get() > 0;
      // Once: a second signal would end the JVM, and the tests with it.
      if (!killed && System.nanoTime() - end > (seen ? 0 : PATIENCE_SECONDS * 1_000_000_000L)) {
        killed = true;
        // This is the training's own thread: its handler is there, and hears it.
        try {
          Class<?> signal = Class.forName("sun.misc.Signal");
          Object term = signal.getConstructor(String.class).newInstance("TERM");
          signal.getMethod("raise", signal).invoke(null, term);
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    String text() {
      return lines + "\n" + live;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private static Thread helper(Runnable task) {
    Thread thread = new Thread(task, "longrun-helper");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Looks at the process from time to time. */
  private void watch() {
    long start = System.nanoTime();
    while (!over) {
      pause(Math.max(500, (long) (MINUTES * 60_000 / 120)));
      samples.add(sample((System.nanoTime() - start) / 1e9));
    }
  }

  private Sample sample(double seconds) {
    System.gc();
    return new Sample(
        seconds,
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        threads().size(),
        openFiles().size(),
        events.get());
  }

  /** What each descriptor stands for, if the system tells. */
  private static List<String> openFiles() {
    List<String> open = new ArrayList<>();
    Path descriptors = Path.of("/proc/self/fd");
    if (!Files.isDirectory(descriptors)) {
      return open;
    }
    try (Stream<Path> links = Files.list(descriptors)) {
      for (Path link : links.toList()) {
        try {
          open.add(Files.readSymbolicLink(link).toString());
        } catch (IOException e) {
          // Closed in between.
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return open;
  }

  /** Threads of the program and its libraries, without those of the JVM and of the test runner. */
  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(LongRunTest::isOfTheProgram)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static boolean isOfTheProgram(Thread thread) {
    ThreadGroup group = thread.getThreadGroup();
    String name = thread.getName();
    return group != null
        && !group.getName().equals("system")
        && !group.getName().startsWith("Innocuous")
        && !name.startsWith("surefire")
        && !name.startsWith("ForkJoinPool")
        && !name.startsWith("process reaper")
        && !name.startsWith("Keep-Alive")
        && !name.equals("longrun-helper");
  }

  /** The clients: one follows the events, one never reads, others ask for something and vanish. */
  private void follow(SlowTerminal terminal) {
    URI page = address(terminal);
    while (page != null && !over) {
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
      try (InputStream in = open(page.resolve("events?after=0"))) {
        byte[] some = new byte[4096];
        long until = System.nanoTime() + 3_000_000_000L;
        int n = in.read(some);
        while (n >= 0 && System.nanoTime() < until) {
          count(n);
          n = in.read(some);
        }
      }
      try (InputStream in = open(page)) {
        count(in.readAllBytes().length);
      }
      try (Socket vanishing = new Socket(page.getHost(), page.getPort())) {
        ask(vanishing, page, "/");
      }
      pause(LONG ? 2000 : 200);
    }
  }

  private static InputStream open(URI uri) throws IOException {
    URLConnection connection = uri.toURL().openConnection();
    connection.setConnectTimeout(30_000);
    connection.setReadTimeout(30_000);
    return connection.getInputStream();
  }

  private void count(int bytes) {
    events.addAndGet(bytes);
    long now = System.nanoTime();
    longestSilence = Math.max(longestSilence, (now - lastRead) / 1e9);
    lastRead = now;
  }

  private static void ask(Socket socket, URI page, String path) throws IOException {
    String request = "GET " + path + " HTTP/1.1\r\nHost: " + page.getAuthority() + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  private URI address(SlowTerminal terminal) {
    Pattern printed = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/");
    while (!over) {
      Matcher matcher = printed.matcher(terminal.text());
      if (matcher.find()) {
        lastRead = System.nanoTime();
        return URI.create(matcher.group());
      }
      pause(20);
    }
    return null;
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

  private void print(String told, Sample before, Sample after) {
    StringBuilder text = new StringBuilder("long run: ");
    text.append(told.substring(told.lastIndexOf('\n') + 1)).append('\n');
    text.append(
        String.format(
            Locale.ROOT,
            "%d bytes read by clients, longest silence %.1f s, %d times disconnected%n",
            events.get(),
            longestSilence,
            disconnections.get()));
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
        sample.read / 1e6);
  }
}
