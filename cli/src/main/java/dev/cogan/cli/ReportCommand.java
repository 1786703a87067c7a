package dev.cogan.cli;

import dev.cogan.cli.report.ReportPage;
import dev.cogan.cli.report.RunFiles;
import dev.cogan.cli.report.RunReader;
import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogan report}. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Writes a page about one run, or several side by side.",
      "Curves, pictures, parameters and who shares them, times, provenance. One file that",
      "opens offline."
    },
    footer = {
      "",
      "Examples:",
      "  report runs",
      "  report runs/00000-* runs/00001-* --out both.html"
    })
final class ReportCommand implements Callable<Integer> {
  private static final int MOST_RUNS = 16;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RUN",
      arity = "1..*",
      description = "A run's folder, or a folder of runs (its newest).")
  private List<Path> runs;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The page (default: report.html, in the folder of a single run).")
  private Path outFile;

  @Option(
      names = "--pictures",
      paramLabel = "MB",
      defaultValue = "12",
      description =
          "Most megabytes of pictures, all runs together; beyond them, only some snapshots are"
              + " shown (default: ${DEFAULT-VALUE}).")
  private int megabytes;

  @Mixin private JsonOutput json;

  @Override
  public Integer call() {
    if (megabytes < 1 || megabytes > 1000) {
      throw new InputException("--pictures must be 1 to 1000, got " + megabytes);
    }
    if (runs.size() > MOST_RUNS) {
      throw new InputException(
          "a page shows at most " + MOST_RUNS + " runs, got " + runs.size() + " folders");
    }
    if (outFile != null) {
      OutputPlace.requireName("--out", outFile, ".html", ".htm");
      OutputPlace.require("--out", outFile);
    }
    RunReader reader = RunReader.inlined(megabytes * 1_000_000L / runs.size());
    List<Path> folders = runs.stream().map(RunDirectory::findRun).toList();
    List<Map<String, Object>> read = reader.read(folders);
    Path out = outFile;
    if (out == null) {
      out = runs.size() == 1 ? new RunFiles(folders.get(0)).report() : Path.of("report.html");
      if (Files.isSymbolicLink(out)) {
        // Nobody has named the file that it leads to.
        throw new InputException(out + ": is a symbolic link; name the page with --out");
      }
    }
    ReportPage.write(out, Version.text(), read);
    print(spec.commandLine().getOut(), out, read);
    return ExitCode.DONE;
  }

  private void print(PrintWriter out, Path file, List<Map<String, Object>> read) {
    long bytes;
    try {
      bytes = Files.size(file);
    } catch (IOException e) {
      throw InputException.cannotRead(file, e);
    }
    if (json.wanted()) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("file", file.toString());
      result.put("bytes", bytes);
      List<Object> list = new ArrayList<>();
      for (Map<String, Object> run : read) {
        Map<String, Object> item = new LinkedHashMap<>();
        for (String key : List.of("name", "step", "notes")) {
          item.put(key, run.get(key));
        }
        list.add(item);
      }
      result.put("runs", list);
      json.print(out, result);
      return;
    }
    for (Map<String, Object> run : read) {
      for (Object note : (List<?>) run.get("notes")) {
        spec.commandLine().getErr().println(Fields.line("note", run.get("name") + ": " + note));
      }
    }
    out.println(
        String.format(Locale.ROOT, "report    %s (%.1f MB)", file, Math.max(0.1, bytes / 1e6)));
  }
}
