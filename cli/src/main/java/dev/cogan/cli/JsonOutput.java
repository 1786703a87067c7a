package dev.cogan.cli;

import dev.cogan.engine.io.Json;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Option;

/** The option {@code --json} of every command that reports something. */
final class JsonOutput {
  @Option(names = "--json", description = "Print one JSON object instead of text.")
  private boolean json;

  /** Whether the option was given. */
  boolean wanted() {
    return json;
  }

  /** Prints a report as indented JSON. */
  void print(PrintWriter out, Map<String, ?> report) {
    out.print(Json.writePretty(report));
    out.flush();
  }
}
