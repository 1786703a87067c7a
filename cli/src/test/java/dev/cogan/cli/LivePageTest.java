package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What those who follow a training hear of it. */
@Tag("slow")
class LivePageTest {
  @TempDir private Path folder;

  /** Follows every dashboard whose address is printed, before the training goes on. */
  private static final class Followers extends StringWriter {
    private final List<BufferedReader> readers = new ArrayList<>();

    @Override
    public void write(String text) {
      super.write(text);
      if (text.startsWith("dashboard ")) {
        try {
          readers.add(follow(URI.create(text.substring("dashboard ".length()).strip())));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    @Override
    public void write(String text, int offset, int length) {
      write(text.substring(offset, offset + length));
    }

    private static BufferedReader follow(URI page) throws IOException {
      Socket socket = new Socket("127.0.0.1", page.getPort());
      socket.setSoTimeout(240_000);
      String request = "GET /events HTTP/1.0\r\nHost: " + page.getAuthority() + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String line = in.readLine();
      while (line != null && !line.startsWith("retry")) {
        line = in.readLine();
      }
      return in;
    }
  }

  /**
   * What a follower hears of a training with these options, without stats, numbers and pictures.
   */
  private List<String> heard(Followers err, String... options) throws IOException {
    List<String> args = new ArrayList<>(List.of("train", "--dashboard", "0", "--outdir"));
    args.add(folder.toString());
    args.addAll(TrainingProcess.TINY);
    args.addAll(List.of(options));
    PrintWriter out = new PrintWriter(new StringWriter());
    Main.run(out, new PrintWriter(err, true), args.toArray(new String[0]));
    assertThat(err.readers).as(err.toString()).hasSize(1);
    List<String> heard = new ArrayList<>();
    try (BufferedReader in = err.readers.get(0)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals("event: reload")) {
          heard.add("reload");
        } else if (line.equals("event: end")) {
          heard.add(in.readLine());
        }
      }
    }
    return heard;
  }

  @Test
  void aRollbackIsNoEnd() throws IOException {
    Followers err = new Followers();
    List<String> heard =
        heard(
            err,
            "--steps",
            "50",
            "--rate-g",
            "1e30",
            "--rate-d",
            "1e30",
            "--on-diverge=rollback:2");
    String message = err.toString();
    message = message.substring(message.indexOf("cogan: ") + "cogan: ".length());
    String end = message.substring(0, message.indexOf(':'));
    assertThat(end).matches("diverged at step \\d+");
    assertThat(heard)
        .containsExactly("reload", "reload", "data: {\"text\":\"" + end + "; see report.html\"}");
  }

  @Test
  void theEndSaysThatAllIsDone() throws IOException {
    assertThat(heard(new Followers(), "--steps", "2"))
        .containsExactly("data: {\"text\":\"finished at step 2; see report.html\"}");
  }
}
