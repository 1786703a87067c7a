package dev.cogan.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cogan dataset}. */
@Command(
    name = "dataset",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Looks into data sets of images, prepares them.",
    subcommands = {DatasetInspectCommand.class, DatasetPrepareCommand.class})
final class DatasetCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "which command? One of inspect, prepare");
  }
}
