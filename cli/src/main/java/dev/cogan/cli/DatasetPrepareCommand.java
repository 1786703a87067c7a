package dev.cogan.cli;

import dev.cogan.cli.dataset.DatasetImages;
import dev.cogan.cli.dataset.DatasetWriter;
import dev.cogan.engine.data.DomainSource;
import dev.cogan.engine.data.DomainSpec;
import dev.cogan.engine.image.RawImage;
import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogan dataset prepare}. */
@Command(
    name = "prepare",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Makes a data set of equal images from a domain.",
      "Cut to the largest square in the middle, brought to one size, transformed if the spec",
      "says so. Writes a folder of PNG",
      "files with a manifest.json, or one IDX file with the manifest beside it; whole, or not",
      "at all."
    },
    footer = {
      "",
      "Examples:",
      "  dataset prepare folder:photos --size 64 --out photos64",
      "  dataset prepare folder:photos:grey,edge --size 28 --out edges.idx",
      "  dataset prepare rgbd:scans:depth:range=400-8000 --out depth64",
      "then:  train --preset faces64 --a folder:photos64 --b folder:DIR"
    })
final class DatasetPrepareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "SPEC",
      description = {
        "A domain as train names it. Words behind its last colon: a transform (edge, negative,"
            + " rotate90); grey or rgb; range=LOW-HIGH for depth (default: what is between the"
            + " first and the 99th percentile)."
      })
  private String text;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "PATH",
      description = "A new folder, or a new file that ends in .idx for grey images.")
  private Path target;

  @Option(
      names = "--size",
      paramLabel = "N",
      description = "Side of the images made of pictures (default: 64).")
  private Integer size;

  @Option(
      names = "--alpha",
      paramLabel = "RULE",
      description =
          "Transparent pixels are laid on white or black, or drop: alpha is ignored (default:"
              + " white).")
  private RawImage.Alpha alpha;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder with the MNIST files (default: 10,000 digits carried in the jar).")
  private Path data;

  @Option(names = "--json", description = "Print the manifest as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    DatasetWriter.requireNew(target);
    OutputPlace.require("--out", target);
    DomainSpec domain = DomainSpec.parse(text);
    requireOutside(domain.source());
    DomainImages.requireMnist(data, List.of(domain));
    DatasetImages images = DomainImages.all(text, size, alpha, data);
    DomainImages.report(images.bad(), err);
    DatasetWriter writer = new DatasetWriter(images, alpha);
    try (Signals signals = Signals.listen(() -> err.println("stopping; once more ends at once"))) {
      if (!writer.write(target, signals::stopRequested)) {
        Errors.print(err, "stopped by " + signals.what() + ": nothing is left of " + target);
        return signals.exitCode();
      }
    }
    if (json) {
      out.println(writer.manifestText());
    } else {
      out.println(Fields.line("images", images.count() + " of " + images.shape()));
      out.println(Fields.line("written", target.toString()));
      out.println(Fields.line("manifest", DatasetWriter.manifest(target).toString()));
    }
    return ExitCode.DONE;
  }

  /** In the folder of its own pictures, the copies would be taken for more of them. */
  private void requireOutside(DomainSource source) {
    if (!source.isPictures() || !Files.isDirectory(source.path())) {
      return;
    }
    try {
      if (OutputPlace.real(target).startsWith(source.path().toRealPath())) {
        throw new InputException(
            "--out "
                + target
                + ": is inside of "
                + source.path()
                + ", expected a place where its pictures are not read again");
      }
    } catch (IOException e) {
      throw InputException.cannotRead(source.path(), e);
    }
  }
}
