package dev.cogan.cli;

import dev.cogan.cli.text.Wrap;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.train.DivergedException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns exceptions into one message on standard error, broken at 80 columns, and an exit code. */
final class Errors {
  private static final String PREFIX = "cogan: ";
  private static final int INDENT = 7;
  private static final int LONGEST = 100;

  /** What picocli calls a number, and what everybody does. */
  private static final Map<String, String> NUMBERS =
      Map.of(
          "is not an int", "expected a whole number up to 2147483647",
          "is not a long", "expected a whole number of at most 18 digits",
          "is not a float", "expected a number such as 0.002 or 2e-3",
          "is not a double", "expected a number such as 0.002 or 2e-3");

  private Errors() {}

  /** Prints a message so that it fits on a screen. */
  static void print(PrintWriter err, String message) {
    err.println(text(message));
  }

  private static String text(String message) {
    return Wrap.hanging(PREFIX, firstLine(message), INDENT);
  }

  /** Why a training ended, in lines that fit on a screen; a defect of the program in one line. */
  static String text(Throwable e) {
    return e instanceof RunFailedException failed
        ? text(failed.getMessage()) + System.lineSeparator() + failed.kept()
        : text("failed: " + e);
  }

  /** Wrong options. */
  static int onUsage(ParameterException e, String[] args) {
    PrintWriter err = e.getCommandLine().getErr();
    CommandSpec spec = e.getCommandLine().getCommandSpec();
    List<String> near = List.of();
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      String typed = unmatched.getUnmatched().get(0);
      int value = typed.indexOf('=');
      String name = value < 0 ? typed : typed.substring(0, value);
      near = suggestions(spec, name);
      print(err, unmatched(spec, name));
    } else {
      print(err, usage(e, spec));
    }
    if (!near.isEmpty()) {
      err.println("Did you mean " + String.join(" or ", near) + "?");
    }
    err.println("Try '" + spec.qualifiedName() + " --help'.");
    return ExitCode.BAD_INPUT;
  }

  private static String unmatched(CommandSpec spec, String typed) {
    if (typed.startsWith("-") && typed.length() > 1) {
      return "unknown option '" + brief(typed) + "'";
    }
    return (spec.subcommands().isEmpty() ? "unexpected argument '" : "unknown command '")
        + brief(typed)
        + "'";
  }

  private static String brief(String typed) {
    return typed.length() <= LONGEST ? typed : typed.substring(0, LONGEST) + "...";
  }

  private static List<String> suggestions(CommandSpec spec, String typed) {
    if (typed.length() > LONGEST) {
      return List.of();
    }
    List<String> known = new ArrayList<>(spec.subcommands().keySet());
    spec.options().forEach(option -> known.addAll(List.of(option.names())));
    return Suggestions.of(typed, known);
  }

  /** What picocli has to say, in this program's words. */
  static String usage(ParameterException e, CommandSpec spec) {
    ArgSpec arg = e.getArgSpec();
    if (e instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
      ArgSpec absent = missing.getMissing().get(0);
      return absent.required() ? missing(missing, spec) : name(absent) + " needs a value";
    }
    if (arg == null) {
      return e.getMessage();
    }
    String name = name(arg);
    Class<?> type = arg.typeInfo().isMultiValue() ? auxiliary(arg) : arg.type();
    if (type.isEnum() && e.getValue() != null) {
      return name + ": " + choice(type, e.getValue());
    }
    if (arg.typeInfo().isMap() && e.getMessage().contains("KEY=VALUE")) {
      return name + ": expected " + arg.paramLabel() + ", got '" + brief(last(e)) + "'";
    }
    String message = e.getMessage().replaceFirst("^Invalid value for [^:]*: ", "");
    for (Map.Entry<String, String> number : NUMBERS.entrySet()) {
      if (message.endsWith(number.getKey())) {
        String value = message.substring(0, message.length() - number.getKey().length()).strip();
        return name + ": " + number.getValue() + ", got " + value;
      }
    }
    return message.equals(e.getMessage()) ? message : name + ": " + message;
  }

  /** The value that picocli shows at the end of its message only. */
  private static String last(ParameterException e) {
    String message = e.getMessage();
    return message.substring(message.lastIndexOf(' ') + 1);
  }

  private static Class<?> auxiliary(ArgSpec arg) {
    Class<?>[] types = arg.auxiliaryTypes();
    return types.length == 0 ? arg.type() : types[0];
  }

  /** With all that must be given, since some are missing. */
  private static String missing(MissingParameterException e, CommandSpec spec) {
    List<String> needed = new ArrayList<>();
    for (ArgSpec each : spec.args()) {
      if (each.required()) {
        needed.add(name(each));
      }
    }
    String needs = spec.name() + " needs " + String.join(", ", needed);
    List<String> absent = e.getMissing().stream().map(Errors::name).toList();
    boolean all = absent.size() >= needed.size();
    return all ? needs : needs + "; missing: " + String.join(", ", absent);
  }

  private static String name(ArgSpec arg) {
    return arg instanceof OptionSpec option ? OptionNames.shown(option) : arg.paramLabel();
  }

  private static String choice(Class<?> type, String typed) {
    List<String> known =
        Arrays.stream(type.getEnumConstants())
            .map(c -> String.valueOf(c).toLowerCase(Locale.ROOT))
            .toList();
    return "expected "
        + String.join(", ", known.subList(0, known.size() - 1))
        + " or "
        + known.get(known.size() - 1)
        + ", got '"
        + brief(typed)
        + "'"
        + (typed.length() > LONGEST ? "" : Suggestions.clause(typed, known));
  }

  /** Whatever a command throws. */
  static int onFailure(Exception e, CommandLine line, ParseResult parsed) {
    PrintWriter err = line.getErr();
    if (e instanceof DivergedException) {
      print(err, e.getMessage());
      boolean hasRates = line.getCommandSpec().findOption("--rate-g") != null;
      err.println(
          hasRates
              ? "Nothing was written. Lower rates (--rate-g, --rate-d) may help."
              : "Nothing was written.");
      return ExitCode.DIVERGED;
    }
    if (e instanceof RunFailedException failed) {
      err.println(text(failed));
      return failed.exitCode();
    }
    if (e instanceof InputException || e instanceof IllegalArgumentException) {
      print(err, e.getMessage());
      return ExitCode.BAD_INPUT;
    }
    if (e instanceof java.io.UncheckedIOException || e instanceof java.io.IOException) {
      print(err, e.getMessage());
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
