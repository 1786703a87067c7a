package dev.cogan.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option {@code --config}; its file is read by {@link ConfigFile}, before the options are. */
final class ConfigOption {
  @Option(
      names = ConfigFile.OPTION,
      paramLabel = "FILE",
      description =
          "JSON object of options, e.g. {\"steps\": 3000, \"rate-g\": 2e-3}. The command line goes"
              + " before it. Without it: the command's part of cogan.json in the working"
              + " directory, if there is one.")
  private Path file;

  /** The file, or null. */
  Path file() {
    return file;
  }
}
