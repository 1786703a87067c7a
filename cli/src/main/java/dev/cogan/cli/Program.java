package dev.cogan.cli;

import picocli.CommandLine.Command;

/** What the program says of itself; {@link Main} adds the commands. */
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
      "Start with:",
      "  java --add-modules jdk.incubator.vector -jar " + ShellCommand.JAR + " train",
      "",
      "Options of a command:  cogan COMMAND --help",
      "",
      "Exit codes:  0 done   1 failed   2 bad input or usage   3 training diverged",
      "             130, 143, 129 interrupted: Ctrl-C, kill, hang-up; train and resume",
      "             write a checkpoint before"
    })
class Program {}
