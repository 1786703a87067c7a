package dev.cogan.cli;

import dev.cogan.cli.dataset.DatasetReport;
import dev.cogan.engine.data.DomainSpec;
import dev.cogan.engine.io.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogan dataset inspect}. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Reads every image of a domain and says what is there.",
      "Counts, sizes, channels, files that cannot be used and why, how the values are",
      "spread, and the mean image."
    },
    footer = {
      "",
      "Examples:",
      "  dataset inspect folder:DIR",
      "  dataset inspect celeba:DIR:+Smiling --mean-image smiling.png",
      "  dataset inspect rgbd:DIR:depth --json"
    })
final class DatasetInspectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "SPEC",
      description = "Domains as train names them, such as folder:DIR.")
  private List<String> specs;

  @Option(
      names = "--size",
      paramLabel = "N",
      description = "Side of the images made of pictures (default: 64).")
  private Integer size;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder with the MNIST files (default: 10,000 digits carried in the jar).")
  private Path data;

  @Option(
      names = "--mean-image",
      paramLabel = "FILE",
      description = "Write the mean of all images as PNG; with several domains side by side.")
  private Path mean;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (mean != null) {
      OutputPlace.requireName("--mean-image", mean, ".png");
      OutputPlace.require("--mean-image", mean);
    }
    DomainImages.requireMnist(data, specs.stream().map(DomainSpec::parse).toList());
    List<DatasetReport> reports = new ArrayList<>();
    for (String text : specs) {
      reports.add(DatasetReport.of(DomainImages.all(text, size, null, data)));
    }
    if (mean != null) {
      DatasetReport.writeMeans(reports, mean);
    }
    if (json) {
      out.println(Json.writePretty(reports.stream().map(DatasetReport::toJson).toList()));
    } else {
      for (int i = 0; i < reports.size(); i++) {
        if (i > 0) {
          out.println();
        }
        reports.get(i).lines().forEach((name, text) -> out.println(Fields.line(name, text)));
        reports.get(i).bad().forEach(file -> out.println("  " + file));
      }
      if (mean != null) {
        out.println(Fields.line("mean", mean.toString()));
      }
    }
    return ExitCode.DONE;
  }
}
