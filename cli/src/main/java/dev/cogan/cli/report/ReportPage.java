package dev.cogan.cli.report;

import dev.cogan.engine.io.AtomicFile;
import dev.cogan.engine.io.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The page that shows runs: one HTML file with its style, its script and its data inside. It asks
 * for nothing outside itself, and a content security policy with the hashes of its own style and
 * script keeps anything else in it from running.
 */
public final class ReportPage {
  private static final String[] STYLES = {"uPlot.min.css", "report.css"};
  private static final String[] SCRIPTS = {
    "uPlot.iife.min.js", "util.js", "charts.js", "film.js", "tables.js", "sharing.js", "page.js"
  };

  // Read once, at the first page.
  private static final class Parts {
    static final String TEMPLATE = resource("report.html");
    static final String STYLE = joined(STYLES);
    static final String SCRIPT = joined(SCRIPTS);
  }

  private ReportPage() {}

  /**
   * Makes a page.
   *
   * @param program name and version of the program
   * @param runs as {@link RunReader} reads them
   * @param live what the page needs to follow a training, or null for a page that stands alone
   */
  public static String html(String program, List<?> runs, Map<String, ?> live) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("program", program);
    data.put("runs", runs);
    data.put("live", live);
    return Parts.TEMPLATE
        .replace("{{policy}}", policy(live != null))
        .replace("{{style}}", Parts.STYLE)
        .replace("{{script}}", Parts.SCRIPT)
        .replace("{{data}}", escaped(Json.write(data)));
  }

  /** Writes a page that stands alone. */
  public static void write(Path file, String program, List<?> runs) {
    AtomicFile.write(file, html(program, runs, null).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The content security policy: nothing but the page's own style and script, pictures inside it,
   * and for a live page what its own server has.
   */
  public static String policy(boolean live) {
    return "default-src 'none'; base-uri 'none'; form-action 'none'; script-src "
        + hash(Parts.SCRIPT)
        + "; style-src "
        + hash(Parts.STYLE)
        + (live ? "; img-src data: 'self'; connect-src 'self'" : "; img-src data:");
  }

  /** Without the characters that could end the script element that the data stands in. */
  static String escaped(String json) {
    return json.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e");
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String joined(String[] names) {
    StringBuilder text = new StringBuilder("\n");
    for (String name : names) {
      if (name.endsWith(".iife.min.js")) {
        // Who passes the page on passes on the library, whose licence wants to go with it.
        text.append("/*\n").append(resource("uPlot.LICENSE.txt")).append("*/\n");
      }
      text.append(resource(name)).append('\n');
    }
    return text.toString();
  }

  private static String resource(String name) {
    try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks dev/cogan/cli/report/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
