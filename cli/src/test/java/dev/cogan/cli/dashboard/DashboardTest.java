package dev.cogan.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.io.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DashboardTest {
  @TempDir private Path folder;
  private Dashboard dashboard;
  private URI page;

  @BeforeEach
  void start() throws IOException {
    Files.writeString(folder.resolve("options.json"), "{\"preset\":\"</script><b>\"}");
    Files.write(folder.resolve("fakes000020.png"), new byte[] {1, 2, 3});
    dashboard = Dashboard.start(0, folder, "cogan test", 240_000);
    page = URI.create(dashboard.address());
  }

  @AfterEach
  void stop() {
    dashboard.close();
  }

  private String ask(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", page.getPort())) {
      socket.setSoTimeout(240_000);
      String text = request.replace("HOST", page.getAuthority()).replace("\n", "\r\n");
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String status(String request) throws IOException {
    return ask(request).lines().findFirst().orElse("").replaceAll("HTTP/1.1 (\\d+).*", "$1");
  }

  @Test
  void servesThePageAndPicturesOfTheRunAndNothingElse() throws IOException {
    String html = ask("GET / HTTP/1.1\nHost: HOST\nConnection: close\n\n");
    assertThat(html).startsWith("HTTP/1.1 200").contains("frame-ancestors 'none'", "nosniff");
    assertThat(html).contains("\\u003c/script\\u003e").doesNotContain("</script><b>");
    assertThat(ask("GET /pictures/fakes000020.png HTTP/1.1\nHost: HOST\nConnection: close\n\n"))
        .startsWith("HTTP/1.1 200")
        .endsWith("\u0001\u0002\u0003");
    Files.createSymbolicLink(folder.resolve("fakes000030.png"), folder.resolve("options.json"));
    for (String path :
        new String[] {
          "/pictures/fakes000030.png",
          "/pictures/options.json",
          "/pictures/../options.json",
          "/pictures/%2e%2e%2foptions.json",
          "/pictures/",
          "/options.json",
          "/favicon.ico",
          "//etc/passwd"
        }) {
      assertThat(status("GET " + path + " HTTP/1.1\nHost: HOST\nConnection: close\n\n"))
          .as(path)
          .isEqualTo("404");
    }
  }

  @Test
  void refusesOtherHostsOriginsAndMethods() throws IOException {
    String end = "\nConnection: close\n\n";
    assertThat(status("GET / HTTP/1.1\nHost: evil.example" + end)).isEqualTo("421");
    assertThat(status("GET / HTTP/1.1\nHost: evil.example:" + page.getPort() + end))
        .isEqualTo("421");
    assertThat(status("GET / HTTP/1.0" + end)).isEqualTo("421");
    assertThat(status("GET / HTTP/1.1\nHost: HOST\nOrigin: http://evil.example" + end))
        .isEqualTo("403");
    for (String method : new String[] {"POST", "PUT", "DELETE", "OPTIONS", "TRACE"}) {
      assertThat(status(method + " / HTTP/1.1\nHost: HOST\nContent-Length: 0" + end))
          .as(method)
          .isEqualTo("405");
    }
  }

  @Test
  void listensOnTheLoopbackAddressOnly() throws IOException {
    assertThat(page.getHost()).isEqualTo("127.0.0.1");
    try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> Dashboard.start(taken.getLocalPort(), folder, "x"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("--dashboard")
          .hasMessageContaining(String.valueOf(taken.getLocalPort()));
    }
  }

  @Test
  void aFollowerGetsWhatIsNewAndTheEnd() throws IOException {
    dashboard.publish("stats", Map.of("step", 1));
    try (Socket socket = new Socket("127.0.0.1", page.getPort())) {
      socket.setSoTimeout(240_000);
      String request = "GET /events?after=1 HTTP/1.0\r\nHost: " + page.getAuthority() + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String line = in.readLine();
      while (!line.startsWith("retry")) {
        line = in.readLine();
      }
      dashboard.publish("stats", Map.of("step", 2));
      dashboard.end("over");
      StringBuilder rest = new StringBuilder();
      for (line = in.readLine(); line != null; line = in.readLine()) {
        rest.append(line).append('\n');
      }
      assertThat(rest.toString())
          .contains("event: stats\ndata: {\"step\":2}", "event: end\ndata: {\"text\":\"over\"}")
          .doesNotContain("{\"step\":1}");
    }
  }

  /** A browser calls a stream broken whose last chunk, the empty one, does not come. */
  @Test
  void aFollowersStreamIsWholeWhenTheServerStops() throws Exception {
    for (int i = 0; i < 100; i++) {
      try (Dashboard ending = Dashboard.start(0, folder, "cogan test", 240_000);
          Socket socket = new Socket("127.0.0.1", URI.create(ending.address()).getPort())) {
        socket.setSoTimeout(240_000);
        String host = URI.create(ending.address()).getAuthority();
        String request = "GET /events HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        byte[] first = socket.getInputStream().readNBytes(1);
        ending.end("over");
        byte[] rest = socket.getInputStream().readAllBytes();
        assertThat(new String(first, StandardCharsets.UTF_8)).isEqualTo("H");
        assertThat(new String(rest, StandardCharsets.UTF_8))
            .as("stream %d", i)
            .contains("event: end")
            .endsWith("\r\n0\r\n\r\n");
      }
    }
  }

  @Test
  void aPageOfAnEarlierServerIsLoadedAnew() throws IOException {
    dashboard.publish("stats", Map.of("step", 1));
    String html = new String(page.toURL().openStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher key = Pattern.compile("\"server\":\"([-0-9a-f]{36})\"").matcher(html);
    assertThat(key.find()).isTrue();
    for (String server : List.of(key.group(1), "another")) {
      String query = "events?after=0&server=" + server;
      HttpURLConnection follower = (HttpURLConnection) page.resolve(query).toURL().openConnection();
      String first = new String(follower.getInputStream().readNBytes(26), StandardCharsets.UTF_8);
      // Closing the stream would wait for its end, which does not come.
      follower.disconnect();
      assertThat(first.contains("event: reload")).as(first).isEqualTo(server.equals("another"));
    }
  }

  @Test
  void clientsThatNeverReadAreDroppedAndNeverWaitedFor() throws Exception {
    dashboard.close();
    dashboard = Dashboard.start(0, folder, "cogan test", 1_000);
    page = URI.create(dashboard.address());
    Socket[] deaf = new Socket[Dashboard.MAX_STREAMS];
    for (int i = 0; i < deaf.length; i++) {
      deaf[i] = new Socket("127.0.0.1", page.getPort());
      String request = "GET /events HTTP/1.1\r\nHost: " + page.getAuthority() + "\r\n\r\n";
      deaf[i].getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }
    // Their threads need a moment to begin; then there is no place for one more.
    await(() -> firstLine("GET /events HTTP/1.1\nHost: HOST\n\n").contains(" 503 "));
    String large = "x".repeat(500_000);
    // Would never end if it waited for them.
    for (int i = 0; i < 60; i++) {
      dashboard.publish("stats", Map.of("text", large));
    }
    await(() -> firstLine("GET / HTTP/1.1\nHost: HOST\n\n").contains(" 200 "));
    dashboard.close();
    for (Socket socket : deaf) {
      socket.close();
    }
    // A pool is terminated a moment before its last thread is.
    await(() -> dashboardThreads() == 0);
  }

  /** The server takes 100 connections at a time: ones that are gone must not count for good. */
  @Test
  void clientsThatVanishLeaveNothingBehind() throws Exception {
    byte[] request =
        ("GET / HTTP/1.1\r\nHost: " + page.getAuthority() + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 250; i++) {
      try (Socket vanishing = new Socket("127.0.0.1", page.getPort())) {
        // Closed without ceremony, as when a browser is killed.
        vanishing.setSoLinger(true, 0);
        vanishing.getOutputStream().write(request);
        Thread.sleep(i % 4);
      } catch (IOException e) {
        // Too many at once: it is busy with those before.
      }
    }
    await(() -> firstLine("GET / HTTP/1.1\nHost: HOST\n\n").contains(" 200 "));
  }

  /** Tries until it is so. */
  private static void await(Callable<Boolean> condition) throws Exception {
    long limit = System.nanoTime() + 240_000_000_000L;
    while (!condition.call()) {
      assertThat(System.nanoTime()).isLessThan(limit);
      Thread.sleep(50);
    }
  }

  /** Of an answer that may have no end; empty if the server has no time for this client. */
  private String firstLine(String request) {
    try (Socket socket = new Socket("127.0.0.1", page.getPort())) {
      socket.setSoTimeout(240_000);
      String text = request.replace("HOST", page.getAuthority()).replace("\n", "\r\n");
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      String line =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
              .readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      return "";
    }
  }

  private static long dashboardThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("cogan-dashboard"))
        .count();
  }
}
