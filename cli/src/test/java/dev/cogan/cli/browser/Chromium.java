package dev.cogan.cli.browser;

import dev.cogan.engine.io.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** One page in a headless Chromium, spoken to in the DevTools protocol. */
final class Chromium implements AutoCloseable {
  private static final long SECONDS = 240;

  private final Process process;
  private final Path profile;
  private final WebSocket socket;
  private final AtomicInteger number = new AtomicInteger();
  private final Map<Long, CompletableFuture<Map<?, ?>>> answers = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private String session;

  /** The program: from the property {@code cogan.chromium}, CHROMIUM, or the search path. */
  static Optional<Path> find() {
    List<String> named = new ArrayList<>();
    named.add(System.getProperty("cogan.chromium"));
    named.add(System.getenv("CHROMIUM"));
    for (String folder : System.getenv("PATH").split(java.io.File.pathSeparator)) {
      for (String name : List.of("chromium", "chromium-browser", "google-chrome", "chrome")) {
        named.add(folder + "/" + name);
      }
    }
    return named.stream()
        .filter(name -> name != null)
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  Chromium(Path program, Path profile) throws Exception {
    this.profile = profile;
    process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    URI address = null;
    BufferedReader err =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    for (String line = err.readLine(); line != null && address == null; ) {
      int at = line.indexOf("ws://");
      address = at < 0 ? null : URI.create(line.substring(at).trim());
      line = address == null ? err.readLine() : line;
    }
    drain(err);
    if (address == null) {
      throw new IOException(program + " ended without an address for DevTools");
    }
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(address, new Listener())
            .get(SECONDS, TimeUnit.SECONDS);
    Object target = call("Target.createTarget", Map.of("url", "about:blank")).get("targetId");
    session =
        (String)
            call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId");
    for (String domain : List.of("Page", "Runtime", "Log")) {
      call(domain + ".enable", Map.of());
    }
  }

  private static void drain(BufferedReader reader) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (reader.readLine() != null) {}
              } catch (IOException e) {
                // The browser has ended.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  /** Sends a command and waits for its result. */
  Map<?, ?> call(String method, Map<String, ?> parameters) throws Exception {
    long id = number.incrementAndGet();
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("id", id);
    message.put("method", method);
    message.put("params", parameters);
    if (session != null) {
      message.put("sessionId", session);
    }
    CompletableFuture<Map<?, ?>> answer = new CompletableFuture<>();
    answers.put(id, answer);
    socket.sendText(Json.write(message), true).get(SECONDS, TimeUnit.SECONDS);
    Map<?, ?> result = answer.get(SECONDS, TimeUnit.SECONDS);
    if (result.get("error") != null) {
      throw new IllegalStateException(method + ": " + result.get("error"));
    }
    return (Map<?, ?>) result.get("result");
  }

  /** The window's size, and whether the system wants dark pages. */
  void appearance(int width, int height, boolean dark) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    Map<String, String> scheme =
        Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
    call("Emulation.setEmulatedMedia", Map.of("features", List.of(scheme)));
  }

  void open(String url) throws Exception {
    call("Page.navigate", Map.of("url", url));
    await("document.readyState === 'complete' && location.href !== 'about:blank'");
  }

  /** The value of an expression. */
  Object evaluate(String expression) throws Exception {
    Map<?, ?> result =
        call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
    if (result.get("exceptionDetails") != null) {
      throw new IllegalStateException(expression + ": " + result.get("exceptionDetails"));
    }
    return ((Map<?, ?>) result.get("result")).get("value");
  }

  /** Waits until an expression is true. */
  void await(String condition) throws Exception {
    long deadline = System.nanoTime() + SECONDS * 1_000_000_000;
    while (!holds(condition)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("never true: " + condition + "; " + complaints);
      }
      Thread.sleep(50);
    }
  }

  private boolean holds(String condition) throws Exception {
    try {
      return Boolean.TRUE.equals(evaluate(condition));
    } catch (IllegalStateException e) {
      return false; // The page is being replaced by another.
    }
  }

  void screenshot(Path file) throws Exception {
    Map<?, ?> picture = call("Page.captureScreenshot", Map.of("captureBeyondViewport", true));
    Files.createDirectories(file.getParent());
    Files.write(file, Base64.getDecoder().decode((String) picture.get("data")));
  }

  /** Errors and warnings in the console so far. */
  List<String> complaints() {
    return complaints;
  }

  @Override
  public void close() {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
    // The last of its processes may still write for a moment.
    for (int i = 0; i < 50 && !deleted(profile); i++) {
      java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
    }
  }

  private static boolean deleted(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
      return true;
    } catch (IOException | java.io.UncheckedIOException e) {
      return !Files.exists(folder);
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        receive((Map<?, ?>) Json.parse(text.toString(), "DevTools"));
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    private void receive(Map<?, ?> message) {
      if (message.get("id") instanceof Long id) {
        answers.remove(id).complete(message);
        return;
      }
      String method = String.valueOf(message.get("method"));
      String text = String.valueOf(message.get("params"));
      boolean console = method.equals("Runtime.consoleAPICalled") && text.contains("type=error");
      if (console || method.equals("Runtime.exceptionThrown") || method.equals("Log.entryAdded")) {
        complaints.add(text);
      }
    }
  }
}
