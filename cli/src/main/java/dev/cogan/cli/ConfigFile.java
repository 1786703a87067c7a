package dev.cogan.cli;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Options from files, under their names without dashes: {@code --config FILE} holds those of one
 * command, {@code cogan.json} in the working directory an object per command. What the command line
 * says goes before both, and both before a preset. The file's options are put in front of those
 * that were typed, so they mean the same and are checked the same way.
 */
final class ConfigFile {
  static final String OPTION = "--config";
  static final String DEFAULTS = "cogan.json";

  private ConfigFile() {}

  /**
   * The arguments with those of the files.
   *
   * @param directory where {@code cogan.json} may be
   * @throws InputException if a file cannot be read, names an option that there is not, or is that
   *     of a run where no training begins
   */
  static String[] expand(CommandLine program, Path directory, String[] args) {
    CommandLine command = args.length == 0 ? null : program.getSubcommands().get(args[0]);
    if (command == null || command.getCommandSpec().findOption(OPTION) == null) {
      return args;
    }
    Path file = given(args);
    Map<?, ?> options;
    if (file != null) {
      options = object(file, Json.read(file));
      if (isRun(options)) {
        requireNewTraining(file, args);
        return args; // The options.json of a run: the command itself reads it.
      }
    } else {
      file = directory.resolve(DEFAULTS);
      if (!Files.isRegularFile(file) || resumes(args)) {
        return args;
      }
      options = part(file, args[0]);
    }
    List<String> all = new ArrayList<>(List.of(args[0]));
    for (Map.Entry<?, ?> entry : options.entrySet()) {
      String key = String.valueOf(entry.getKey());
      OptionSpec option = option(command.getCommandSpec(), file, args[0], key);
      if (!isTyped(option, args)) {
        List<String> arguments = arguments(file, key, option, entry.getValue());
        check(file, key, args[0], arguments);
        all.addAll(arguments);
      }
    }
    all.addAll(Arrays.asList(args).subList(1, args.length));
    return all.toArray(new String[0]);
  }

  /** Whether a file is what {@code train} writes about a run. */
  static boolean isRun(Map<?, ?> json) {
    return json.get("model") instanceof Map<?, ?> && json.get("training") instanceof Map<?, ?>;
  }

  static Map<?, ?> object(Path file, Object json) {
    if (json instanceof Map<?, ?> map) {
      return map;
    }
    throw new InputException(file + ": expected a JSON object of options");
  }

  private static Path given(String[] args) {
    for (int i = 1; i < args.length; i++) {
      if (args[i].startsWith(OPTION + "=")) {
        return path(args[i].substring(OPTION.length() + 1));
      }
      if (args[i].equals(OPTION) && i + 1 < args.length) {
        return path(args[i + 1]);
      }
    }
    return null;
  }

  /** As the parser of the command line would say it, which comes later. */
  private static Path path(String text) {
    try {
      return new PathConverter().convert(text);
    } catch (CommandLine.TypeConversionException e) {
      throw new InputException(OPTION + ": " + e.getMessage(), e);
    }
  }

  /** A resumed training has its own settings; defaults for new ones would only get in its way. */
  private static boolean resumes(String[] args) {
    return args[0].equals("train")
        && Arrays.stream(args).anyMatch(a -> a.equals("--resume") || a.startsWith("--resume="));
  }

  /** A run's settings say how to train; every other command would pass over them in silence. */
  private static void requireNewTraining(Path file, String[] args) {
    if (!args[0].equals("train") || resumes(args)) {
      String command = resumes(args) ? "train --resume" : args[0];
      throw new InputException(
          file
              + ": these are the settings of a run, which only a new 'train' takes with "
              + OPTION
              + "; '"
              + command
              + "' expects an object of its own options, such as {\"threads\": 2}");
    }
  }

  private static Map<?, ?> part(Path file, String command) {
    Map<?, ?> all = object(file, Json.read(file));
    for (Object key : all.keySet()) {
      if (!Main.names().contains(String.valueOf(key))) {
        throw new InputException(
            file
                + ": \""
                + key
                + "\" is not a command"
                + Suggestions.clause(String.valueOf(key), Main.names()));
      }
      if (!key.equals(command) && !takesFiles(String.valueOf(key))) {
        throw new InputException(
            file
                + ": \""
                + key
                + "\" takes no options from files; expected one of "
                + String.join(", ", Main.names().stream().filter(ConfigFile::takesFiles).toList()));
      }
    }
    Object part = all.get(command);
    return part == null ? Map.of() : object(file, part);
  }

  /** Whether the command has the option; without setting it up, which takes its time. */
  private static boolean takesFiles(String command) {
    return Arrays.stream(Main.typeOf(command).getDeclaredFields())
        .anyMatch(field -> field.getType() == ConfigOption.class);
  }

  private static OptionSpec option(CommandSpec spec, Path file, String command, String key) {
    OptionSpec option = spec.findOption("--" + key);
    if (option == null || key.equals("config") || option.usageHelp() || option.versionHelp()) {
      if (option != null) {
        throw new InputException(file + ": \"" + key + "\" goes on the command line only");
      }
      OptionSpec negated = spec.negatedOptionsMap().get("--" + key);
      if (negated != null) {
        String positive = negated.longestName().substring(2);
        throw new InputException(
            file + ": \"" + key + "\" is not an option; write \"" + positive + "\": false");
      }
      TreeSet<String> known = new TreeSet<>();
      spec.options().forEach(o -> known.add(o.longestName().replaceFirst("^-+", "")));
      throw new InputException(
          file
              + ": \""
              + key
              + "\" is not an option of "
              + command
              + Suggestions.clause(key, known));
    }
    return option;
  }

  private static boolean isTyped(OptionSpec option, String[] args) {
    for (String arg : args) {
      for (String name : OptionNames.all(option)) {
        if (arg.equals(name) || arg.startsWith(name + "=")) {
          return true;
        }
      }
    }
    return false;
  }

  /** The option as arguments: none for a flag that is off, one for each value of a list. */
  private static List<String> arguments(Path file, String key, OptionSpec option, Object value) {
    String name = "--" + key;
    boolean flag = isFlag(option);
    boolean ranges = Arrays.stream(option.converters()).anyMatch(SeedRanges.class::isInstance);
    boolean list = option.isMultiValue() || ranges;
    if (value instanceof Boolean on && flag) {
      // Off is not the same as not said: it goes before what a run or a preset has.
      return on ? List.of(name) : option.negatable() ? List.of(OptionNames.off(option)) : List.of();
    }
    boolean plain = option.arity().min() == 0 && !flag;
    if (value instanceof Boolean on && plain) {
      // With what it means without a value: a bare name would take the next argument for one.
      return on ? List.of(name + "=" + option.fallbackValue()) : List.of();
    }
    if (!flag && isValue(value)) {
      return List.of(name + "=" + value);
    }
    if (list
        && value instanceof List<?> values
        && !values.isEmpty()
        && values.stream().allMatch(ConfigFile::isValue)) {
      List<String> texts = values.stream().map(String::valueOf).toList();
      return option.splitRegex().isEmpty() && !ranges
          ? texts.stream().map(text -> name + "=" + text).toList()
          : List.of(name + "=" + String.join(",", texts));
    }
    String expected =
        (plain ? "true, false, " : "")
            + (list ? "a text, a number or a list of them" : "a text or a number");
    throw new InputException(
        file
            + ": \""
            + key
            + "\" should be "
            + (flag ? "true or false" : expected)
            + ", found "
            + brief(value));
  }

  private static boolean isValue(Object value) {
    return value instanceof String || value instanceof Number;
  }

  private static boolean isFlag(ArgSpec option) {
    return option.arity().max() == 0;
  }

  private static String brief(Object value) {
    String text = String.valueOf(value);
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }

  private static String quoted(String key) {
    return "\"" + key + "\": ";
  }

  /** The option alone: what the command needs besides may be typed, or stand further on. */
  private static void check(Path file, String key, String command, List<String> arguments) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(arguments);
    try {
      Main.commandLine(command).parseArgs(all.toArray(new String[0]));
    } catch (MissingParameterException e) {
      // Looked for last, after every value was found to be one; the whole line is parsed again.
    } catch (ParameterException e) {
      String message = Errors.usage(e, e.getCommandLine().getCommandSpec());
      throw new InputException(
          file + ": " + message.replaceFirst("^--" + key + ": ", quoted(key)), e);
    }
  }
}
