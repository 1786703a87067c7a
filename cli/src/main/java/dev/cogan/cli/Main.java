package dev.cogan.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code cogan}: coupled GANs from a terminal. */
@Command(
    name = "cogan",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisHeading = "%nUsage: ",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    description = {
      "",
      "Coupled GANs: learns pairs of corresponding images (a digit and its edges) from",
      "unpaired images of two or more domains."
    },
    footer = {
      "",
      "Start with:  java --add-modules jdk.incubator.vector -jar cogan.jar train",
      "Options of a command:  cogan COMMAND --help",
      "",
      "Exit codes:  0 done   1 failed   2 bad input or usage   3 training diverged",
      "             130, 143 interrupted: Ctrl-C, kill; after a checkpoint"
    },
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
      AutoComplete.GenerateCompletion.class
    })
public final class Main implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private Main() {}

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(),
        "which command? One of " + String.join(", ", spec.subcommands().keySet()));
  }

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(out, err, args));
  }

  /**
   * Runs a command.
   *
   * @param out receives results
   * @param err receives progress and messages
   * @return the exit code, see {@link ExitCode}
   */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine line = args.length == 0 ? commandLine() : commandLine(args[0]);
    line.setOut(out);
    line.setErr(err);
    String[] all;
    try {
      all = ConfigFile.expand(line, Path.of(""), args);
    } catch (RuntimeException e) {
      return Errors.onFailure(e, line, null);
    }
    try {
      return line.execute(all);
    } catch (OutOfMemoryError e) {
      err.println("cogan: out of memory (" + e.getMessage() + "); raise the heap with -Xmx");
      return ExitCode.FAILED;
    }
  }

  /** The program, with all its commands. */
  static CommandLine commandLine() {
    return configured(new CommandLine(new Main()));
  }

  /**
   * The program with the one command that is asked for: to set up all of them takes longer than
   * many of them run.
   */
  private static CommandLine commandLine(String wanted) {
    for (Class<?> type : Main.class.getAnnotation(Command.class).subcommands()) {
      // A command from elsewhere may want to see the others.
      if (type.getPackage() == Main.class.getPackage()
          && type.getAnnotation(Command.class).name().equals(wanted)) {
        return configured(new CommandLine(new OneCommand()).addSubcommand(wanted, type));
      }
    }
    return commandLine();
  }

  /** The program as far as its commands see it. */
  @Command(name = "cogan", mixinStandardHelpOptions = true, versionProvider = Version.class)
  private static final class OneCommand {}

  private static CommandLine configured(CommandLine line) {
    line.setUsageHelpWidth(80);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setAbbreviatedOptionsAllowed(false);
    line.setParameterExceptionHandler(Errors::onUsage);
    line.setExecutionExceptionHandler(Errors::onFailure);
    CommandGroups.install(line);
    return line;
  }
}
