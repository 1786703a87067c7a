package dev.cogan.cli.dashboard;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cogan.cli.report.ReportPage;
import dev.cogan.cli.report.RunFiles;
import dev.cogan.cli.report.RunReader;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves a run's page on the loopback address while its training goes on. Read-only. The training's
 * thread only puts small events into a ring; everything else happens in daemon threads of a bounded
 * number, and the page's data is read from the run's folder.
 *
 * <ul>
 *   <li>{@code /} the page, {@code /pictures/NAME} a picture of the run,
 *   <li>{@code /events} server-sent events: {@code stats}, {@code metrics}, {@code frame}, {@code
 *       reload}, {@code end}.
 * </ul>
 */
public final class Dashboard implements AutoCloseable {
  /** Pages that can follow at the same time. */
  static final int MAX_STREAMS = 16;

  private static final int REQUEST_THREADS = 4;
  private static final int RING = 1024;
  private static final long HEARTBEAT_MILLIS = 5_000;
  // Events are sent in lots: a page needs no more than a few updates a second.
  private static final long PAUSE_MILLIS = 250;
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final HttpServer server;
  private final RunFiles files;
  private final String program;
  private final Guard guard;
  private final Watchdog watchdog;
  private final ThreadPoolExecutor threads;
  private final Thread checker;
  private final EventRing ring = new EventRing(RING);
  private final Semaphore streams = new Semaphore(MAX_STREAMS);
  private volatile boolean closing;

  /** Tells this server from others that had the port before: by chance, and no secret. */
  private final String key = UUID.randomUUID().toString();

  private Dashboard(HttpServer server, Path folder, String program, long stuckMillis) {
    this.server = server;
    this.files = new RunFiles(folder);
    this.program = program;
    guard = new Guard(server.getAddress().getPort());
    watchdog = new Watchdog(stuckMillis);
    threads =
        new ThreadPoolExecutor(
            MAX_STREAMS + REQUEST_THREADS,
            MAX_STREAMS + REQUEST_THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> daemon(task, "cogan-dashboard-" + NUMBER.incrementAndGet()));
    threads.allowCoreThreadTimeOut(true);
    checker = daemon(this::check, "cogan-dashboard-watch");
  }

  /**
   * Starts to serve.
   *
   * @param port 0 for any free one
   * @throws InputException if the port cannot be had
   */
  public static Dashboard start(int port, Path folder, String program) {
    return start(port, folder, program, 20_000);
  }

  /**
   * Opens and closes the port.
   *
   * @throws InputException if it cannot be had
   */
  public static void requireFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address(port));
    } catch (IOException e) {
      throw cannotListen(port, e);
    }
  }

  private static InetSocketAddress address(int port) throws IOException {
    return new InetSocketAddress(
        InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1}), port);
  }

  private static InputException cannotListen(int port, IOException e) {
    return new InputException(
        "--dashboard: cannot listen on 127.0.0.1:"
            + port
            + ": "
            + e.getMessage()
            + "; without a port it takes a free one",
        e);
  }

  /**
   * @param stuckMillis how long one write may take until its client is given up
   */
  static Dashboard start(int port, Path folder, String program, long stuckMillis) {
    // Clients that send half a request and wait must not keep the threads.
    setDefault("sun.net.httpserver.maxReqTime", "20");
    setDefault("jdk.httpserver.maxConnections", "100");
    HttpServer server;
    try {
      server = HttpServer.create(address(port), 0);
    } catch (IOException e) {
      throw cannotListen(port, e);
    }
    Dashboard dashboard = new Dashboard(server, folder, program, stuckMillis);
    server.createContext("/", dashboard::handle);
    server.setExecutor(dashboard.threads);
    // The server's own thread becomes a daemon if the thread that starts it is one.
    Thread starter = daemon(server::start, "cogan-dashboard-start");
    starter.start();
    try {
      starter.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    dashboard.checker.start();
    return dashboard;
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Where the page is, for example {@code http://127.0.0.1:8080/}. */
  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** Tells all pages; never waits for them. */
  public void publish(String event, Map<String, ?> values) {
    ring.publish(event, Json.write(values));
  }

  /** A new picture of generated images. */
  public void publishFrame(long step, Path picture) {
    publish("frame", Map.of("step", step, "src", "pictures/" + picture.getFileName()));
  }

  /** Tells all pages that it is over, and stops. */
  public void end(String text) {
    publish("end", Map.of("text", text));
    close();
  }

  /** Stops: no thread, connection or port is left. */
  @Override
  public void close() {
    if (closing) {
      return;
    }
    closing = true;
    ring.close();
    awaitStreams();
    server.stop(0);
    checker.interrupt();
    threads.shutdownNow();
    boolean interrupted = Thread.interrupted();
    try {
      threads.awaitTermination(2, TimeUnit.SECONDS);
      checker.join(2000);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Gives the pages a moment to take the last events. */
  private void awaitStreams() {
    try {
      // In slices: a process that was stopped for a while has not had its second.
      for (int i = 0; i < 20; i++) {
        if (streams.tryAcquire(MAX_STREAMS, 50, TimeUnit.MILLISECONDS)) {
          streams.release(MAX_STREAMS);
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void check() {
    try {
      while (!closing) {
        Thread.sleep(500);
        watchdog.check();
      }
    } catch (InterruptedException e) {
      // The dashboard is closing.
    }
  }

  /**
   * What goes wrong is thrown: the client is gone, or the run's folder is. Neither concerns the
   * training, but the server forgets a connection that failed only if it hears of it; one that is
   * merely closed counts against its limit for good.
   */
  private void handle(HttpExchange exchange) throws IOException {
    watchdog.writing();
    try {
      answer(exchange);
      exchange.getResponseBody().close();
      exchange.close();
    } finally {
      watchdog.done();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    Guard.harden(exchange.getResponseHeaders());
    int refusal = guard.refusal(exchange);
    if (refusal != 0) {
      if (refusal == 405) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      }
      refuse(exchange, refusal);
      return;
    }
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/")) {
      page(exchange);
    } else if (path.startsWith("/pictures/")) {
      picture(exchange, path.substring("/pictures/".length()));
    } else if (path.equals("/events")) {
      events(exchange);
    } else {
      refuse(exchange, 404);
    }
  }

  private static void refuse(HttpExchange exchange, int status) throws IOException {
    // Closing afterwards: what else the client sends is not read.
    exchange.getResponseHeaders().set("Connection", "close");
    exchange.sendResponseHeaders(status, -1);
  }

  private void page(HttpExchange exchange) throws IOException {
    // First the number, then the files: an event between them is shown twice rather than never.
    Map<String, Object> live = Map.of("after", ring.last(), "server", key);
    byte[] html;
    try {
      Map<String, Object> run = RunReader.served().read(files.folder());
      html = ReportPage.html(program, List.of(run), live).getBytes(StandardCharsets.UTF_8);
    } catch (InputException e) {
      refuse(exchange, 503);
      return;
    }
    exchange
        .getResponseHeaders()
        .set("Content-Security-Policy", ReportPage.policy(true) + "; frame-ancestors 'none'");
    send(exchange, "text/html; charset=utf-8", html);
  }

  private void picture(HttpExchange exchange, String name) throws IOException {
    Optional<Path> path = files.picture(name);
    if (path.isEmpty()) {
      refuse(exchange, 404);
      return;
    }
    // Pictures are written once; only a resumed run replaces one.
    exchange.getResponseHeaders().set("Cache-Control", "private, max-age=60");
    send(exchange, "image/png", Files.readAllBytes(path.get()));
  }

  private void send(HttpExchange exchange, String type, byte[] bytes) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    watchdog.writing();
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private void events(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      refuse(exchange, 405);
      return;
    }
    if (!streams.tryAcquire()) {
      exchange.getResponseHeaders().set("Retry-After", "10");
      refuse(exchange, 503);
      return;
    }
    try {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
      watchdog.writing();
      exchange.sendResponseHeaders(200, 0);
      stream(exchange.getResponseBody(), after(exchange), isOurs(exchange));
      // The last chunk, before the server may stop: without it a browser calls the stream broken.
      watchdog.writing();
      exchange.getResponseBody().close();
    } catch (InterruptedException e) {
      // Closing.
    } finally {
      streams.release();
    }
  }

  /** The last event that the client knows; a browser that reconnects says so in a header. */
  private static long after(HttpExchange exchange) {
    String last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    String text = last != null ? last : parameter(exchange, "after");
    try {
      return Math.max(0, Long.parseLong(text));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Whether the client has its page from this server, and not from one that was here before. */
  private boolean isOurs(HttpExchange exchange) {
    String theirs = parameter(exchange, "server");
    return theirs.isEmpty() || theirs.equals(key);
  }

  /** A value of the query, or an empty text. */
  private static String parameter(HttpExchange exchange, String name) {
    String query = exchange.getRequestURI().getQuery();
    for (String part : query == null ? new String[0] : query.split("&")) {
      if (part.startsWith(name + "=")) {
        return part.substring(name.length() + 1);
      }
    }
    return "";
  }

  private void stream(OutputStream out, long from, boolean ours)
      throws IOException, InterruptedException {
    byte[] heartbeat = ":\n\n".getBytes(StandardCharsets.UTF_8);
    byte[] reload = "event: reload\ndata: {}\n\n".getBytes(StandardCharsets.UTF_8);
    write(out, "retry: 2000\n\n".getBytes(StandardCharsets.UTF_8));
    long after = from;
    if (!ours || after > ring.last()) {
      // It followed an earlier training at this address.
      write(out, reload);
      return;
    }
    while (true) {
      EventRing.Batch batch = ring.read(after, HEARTBEAT_MILLIS);
      if (batch == null) {
        return;
      }
      if (batch.missed()) {
        write(out, reload);
        return;
      }
      after = batch.next();
      write(out, batch.bytes().length == 0 ? heartbeat : batch.bytes());
      if (!ring.isClosed()) {
        Thread.sleep(PAUSE_MILLIS);
      }
    }
  }

  private void write(OutputStream out, byte[] bytes) throws IOException {
    watchdog.writing();
    out.write(bytes);
    out.flush();
    watchdog.done();
  }
}
