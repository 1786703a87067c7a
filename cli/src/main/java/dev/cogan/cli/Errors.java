package dev.cogan.cli;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.train.DivergedException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns exceptions into one line on standard error and an exit code. */
final class Errors {
  private static final String PREFIX = "cogan: ";

  private Errors() {}

  /** Wrong options. */
  static int onUsage(ParameterException e, String[] args) {
    PrintWriter err = e.getCommandLine().getErr();
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    err.println(PREFIX + firstLine(e.getMessage()));
    if (e instanceof UnmatchedArgumentException unmatched) {
      List<String> suggestions = suggestions(unmatched);
      if (!suggestions.isEmpty()) {
        err.println("Did you mean " + String.join(" or ", suggestions) + "?");
      }
    }
    err.println("Try '" + command + " --help'.");
    return ExitCode.BAD_INPUT;
  }

  private static List<String> suggestions(UnmatchedArgumentException e) {
    var spec = e.getCommandLine().getCommandSpec();
    String typed = e.getUnmatched().isEmpty() ? "" : e.getUnmatched().get(0);
    if (typed.length() > 100) {
      return List.of();
    }
    int value = typed.indexOf('=');
    List<String> known = new ArrayList<>(spec.subcommands().keySet());
    spec.options().forEach(option -> known.addAll(List.of(option.names())));
    return Suggestions.of(value < 0 ? typed : typed.substring(0, value), known);
  }

  /** Whatever a command throws. */
  static int onFailure(Exception e, CommandLine line, ParseResult parsed) {
    PrintWriter err = line.getErr();
    if (e instanceof DivergedException) {
      err.println(PREFIX + firstLine(e.getMessage()));
      err.println("The last checkpoint is untouched. Lower rates (--rate-g, --rate-d) may help.");
      return ExitCode.DIVERGED;
    }
    if (e instanceof RunFailedException failed) {
      err.println(PREFIX + firstLine(e.getMessage()));
      err.println(failed.kept());
      return ExitCode.FAILED;
    }
    if (e instanceof InputException || e instanceof IllegalArgumentException) {
      err.println(PREFIX + firstLine(e.getMessage()));
      return ExitCode.BAD_INPUT;
    }
    if (e instanceof java.io.UncheckedIOException || e instanceof java.io.IOException) {
      err.println(PREFIX + firstLine(e.getMessage()));
      return ExitCode.FAILED;
    }
    err.println(PREFIX + "failed: " + e);
    e.printStackTrace(err);
    return ExitCode.FAILED;
  }

  /** A terminal obeys control characters; what a user or a file says must not reach it as such. */
  private static String firstLine(String message) {
    String line = message == null ? "no reason given" : message.lines().findFirst().orElse(message);
    return line.replaceAll("\\p{Cntrl}|[\\x80-\\x9f]", "?");
  }
}
