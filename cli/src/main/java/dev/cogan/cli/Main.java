package dev.cogan.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The program {@code cogan}: coupled GANs from a terminal. */
@Command(
    subcommands = {
      TrainCommand.class,
      ResumeCommand.class,
      SweepCommand.class,
      SampleCommand.class,
      InterpolateCommand.class,
      TransformCommand.class,
      EvaluateCommand.class,
      AdaptCommand.class,
      ClassifierCommand.class,
      DatasetCommand.class,
      InspectCommand.class,
      ExportCommand.class,
      ImportCommand.class,
      ReportCommand.class,
      DoctorCommand.class,
      BenchCommand.class,
      GradcheckCommand.class,
      CompletionCommand.class
    })
public final class Main extends Program implements Runnable {
  @CommandLine.Spec private CommandSpec spec;

  private Main() {}

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(),
        "which command? One of " + String.join(", ", spec.subcommands().keySet()));
  }

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    // No option is a time or a database's: a hundred classes need not be loaded.
    System.setProperty("picocli.converters.excludes", "java\\.(sql|time)\\..*");
    StandardOutput standard = new StandardOutput(new FileOutputStream(FileDescriptor.out));
    PrintWriter out = new PrintWriter(standard, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = run(out, err, args);
    out.flush();
    if (code == ExitCode.DONE && standard.failure() != null) {
      Errors.print(err, "standard output cannot be written: " + standard.failure());
      code = ExitCode.FAILED;
    }
    System.exit(code);
  }

  /**
   * Runs a command within a program; it ends with a return, not with the JVM.
   *
   * @param out receives results
   * @param err receives progress and messages
   * @return the exit code, see {@link ExitCode}
   */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
      out.println(Version.text());
      return ExitCode.DONE;
    }
    return StoredHelp.print(out, args) ? ExitCode.DONE : runCommand(out, err, null, args);
  }

  /**
   * The same without stored help.
   *
   * @param colours for help; null for those of the terminal
   */
  static int runCommand(
      PrintWriter out, PrintWriter err, CommandLine.Help.ColorScheme colours, String... args) {
    boolean help = args.length == 1 && List.of("-h", "--help").contains(args[0]);
    CommandLine line = help ? overview() : args.length == 0 ? commandLine() : commandLine(args[0]);
    line.setOut(out);
    line.setErr(err);
    if (colours != null) {
      line.setColorScheme(colours);
    }
    try {
      return line.execute(ConfigFile.expand(line, Path.of(""), args));
    } catch (RuntimeException e) { // Of a file of options: a command's are answered within.
      return Errors.onFailure(e, line, null);
    } catch (OutOfMemoryError e) {
      Errors.print(err, "out of memory (" + e.getMessage() + "); raise the heap with -Xmx");
      return ExitCode.FAILED;
    }
  }

  /** The names of all commands. */
  static List<String> names() {
    List<String> names = new ArrayList<>();
    for (Class<?> type : Main.class.getAnnotation(Command.class).subcommands()) {
      names.add(type.getAnnotation(Command.class).name());
    }
    return names;
  }

  /** The program, with all its commands. */
  static CommandLine commandLine() {
    return configured(new CommandLine(new Main()));
  }

  /**
   * The program with the one command that is asked for: to set up all of them takes longer than
   * many of them run. If there is no such command, with all of them.
   */
  static CommandLine commandLine(String wanted) {
    Class<?> type = typeOf(wanted);
    return type == null
        ? commandLine()
        : configured(new CommandLine(new Program()).addSubcommand(wanted, type));
  }

  /**
   * The class of a command; null if there is none. Common ones are named once more, so that none of
   * the others is loaded for them: a twentieth of the time of a command that does little.
   */
  static Class<?> typeOf(String command) {
    switch (command) {
      case "train":
        return TrainCommand.class;
      case "resume":
        return ResumeCommand.class;
      case "sample":
        return SampleCommand.class;
      case "interpolate":
        return InterpolateCommand.class;
      case "transform":
        return TransformCommand.class;
      case "evaluate":
        return EvaluateCommand.class;
      default:
        for (Class<?> type : Main.class.getAnnotation(Command.class).subcommands()) {
          if (type.getAnnotation(Command.class).name().equals(command)) {
            return type;
          }
        }
        return null;
    }
  }

  /** For the program's help: of its commands no more than what each says of itself. */
  private static CommandLine overview() {
    CommandLine line = new CommandLine(new Program());
    for (Class<?> type : Main.class.getAnnotation(Command.class).subcommands()) {
      Command command = type.getAnnotation(Command.class);
      CommandSpec described = CommandSpec.create();
      described.usageMessage().description(command.description());
      line.getCommandSpec().addSubcommand(command.name(), described);
    }
    return configured(line);
  }

  private static CommandLine configured(CommandLine line) {
    line.setUsageHelpWidth(80);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setAbbreviatedOptionsAllowed(false);
    // Options from files are for --config; a name that begins with @ is one like others.
    line.setExpandAtFiles(false);
    line.registerConverter(Path.class, new PathConverter());
    line.setExecutionStrategy(Main::execute);
    line.setParameterExceptionHandler(Errors::onUsage);
    line.setExecutionExceptionHandler(Errors::onFailure);
    setHelpFactory(line);
    return line;
  }

  /**
   * Runs a command; a comma alone makes a list of nothing, with which none has anything to do.
   * Where a list is given twice, neither the first one nor both in a row would be what is meant.
   */
  private static int execute(ParseResult parsed) {
    for (ParseResult each = parsed; each != null; each = each.subcommand()) {
      requireCommand(each);
      for (OptionSpec option : each.matchedOptions()) {
        if (option.getValue() instanceof Collection<?> list && list.isEmpty()) {
          throw new CommandLine.ParameterException(
              each.commandSpec().commandLine(),
              OptionNames.shown(option)
                  + ": expected one value or more, got '"
                  + String.join("", option.originalStringValues())
                  + "'");
        }
        if (option.getValue() instanceof List<?>
            && option.splitRegex().equals(",")
            && option.originalStringValues().size() > 1) {
          throw new CommandLine.ParameterException(
              each.commandSpec().commandLine(),
              "option '"
                  + option.longestName()
                  + "' should be specified only once, its values in one list; got "
                  + String.join(" and ", option.originalStringValues()));
        }
      }
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  /** Help that is asked of a command that there is not is answered with no other help. */
  private static void requireCommand(ParseResult parsed) {
    List<String> unknown = parsed.unmatched();
    if (!unknown.isEmpty()
        && !unknown.get(0).startsWith("-")
        && !parsed.commandSpec().subcommands().isEmpty()) {
      throw new CommandLine.UnmatchedArgumentException(parsed.commandSpec().commandLine(), unknown);
    }
  }

  /** Sets the look of the help when it is asked for: most runs of a command print none. */
  private static void setHelpFactory(CommandLine line) {
    CommandLine.IHelpFactory factory = line.getHelpFactory();
    line.setHelpFactory(
        (spec, colours) -> {
          HelpText.install(spec.commandLine());
          CommandGroups.install(spec.commandLine());
          return factory.create(spec, colours);
        });
  }
}
