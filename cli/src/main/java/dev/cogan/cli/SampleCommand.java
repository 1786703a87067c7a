package dev.cogan.cli;

import dev.cogan.engine.io.ImageGrid;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Npy;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Checkpoint;
import dev.cogan.engine.train.Sampler;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cogan sample}. */
@Command(
    name = "sample",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Draws corresponding images of all domains from seeds.",
      "A seed names a z: the same seed gives the same pair."
    },
    footer = {
      "",
      "Examples:",
      "  sample --seeds 0-63 --out pairs.png",
      "  sample --model runs/00003-mnist-edge-digits --seeds 3,5 --out two.png",
      "  sample --model FILE --latents z.npy --out p.npy     (writes p.a.npy, p.b.npy)",
      "  sample --seeds 0-9 --out p.png --json               (file names as JSON)"
    })
final class SampleCommand implements Callable<Integer> {
  private static final int MOST_IN_PICTURE = 10_000;

  @Spec private CommandSpec spec;

  @Mixin private ModelSource model;

  @Mixin private ConfigOption config;

  @Option(
      names = "--seeds",
      paramLabel = "LIST",
      converter = SeedRanges.class,
      description = "Seeds such as 0-63 or 0,1,4-6 (default: 0-63).")
  private SeedRanges.Seeds seeds;

  @Option(
      names = "--latents",
      paramLabel = "NPY",
      description = "z from a file instead: float32 [n, latent].")
  private Path latents;

  @Mixin private TruncationOption truncation;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "pairs.png",
      description =
          "NAME.png for a grid, images of one z side by side; NAME.npy for one float32 file per"
              + " domain, NAME.a.npy, NAME.b.npy, [n, channels, height, width] (default:"
              + " ${DEFAULT-VALUE}).")
  private Path outFile;

  @Option(names = "--columns", paramLabel = "N", description = "Pairs in a row of the grid.")
  private Integer columns;

  @Option(
      names = "--scale",
      paramLabel = "N",
      defaultValue = "2",
      description = "Enlarges the picture N times (default: ${DEFAULT-VALUE}).")
  private int scale;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "64",
      description = "How many z to compute at a time (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Mixin private JsonOutput json;

  @Mixin(name = "Machine")
  private Machine machine;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    requireRange("--batch", batch, 4096);
    requireRange("--scale", scale, 64);
    truncation.psi();
    if (columns != null) {
      requireRange("--columns", columns, MOST_IN_PICTURE);
    }
    if (seeds != null && latents != null) {
      throw new InputException("--seeds and --latents exclude each other");
    }
    final boolean picture =
        OutputPlace.requireName("--out", outFile, ".png", ".npy").equals(".png");
    try (Checkpoint checkpoint = model.open()) {
      files(checkpoint, picture).forEach(file -> OutputPlace.require("--out", file));
      Tensor z = latents(checkpoint);
      truncation.apply(checkpoint.options().noise(), z);
      if (picture && z.size(0) > MOST_IN_PICTURE) {
        throw new InputException(
            "--out "
                + outFile
                + ": a picture holds at most "
                + MOST_IN_PICTURE
                + " pairs, got "
                + z.size(0)
                + "; .npy files hold more");
      }
      long bytes = picture ? pictureBytes(checkpoint, z.size(0)) : 0;
      List<Tensor> images = Sampling.images(checkpoint, z, batch, bytes, machine, err);
      List<Path> written = write(checkpoint, images, picture);
      if (json.wanted()) {
        json.print(out, report(checkpoint, z.size(0), written));
      } else {
        written.forEach(out::println);
      }
    }
    return ExitCode.DONE;
  }

  private static Map<String, Object> report(Checkpoint checkpoint, int count, List<Path> files) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("model", checkpoint.file().path().toString());
    report.put("step", checkpoint.step());
    report.put("count", count);
    report.put("files", files.stream().map(Path::toString).toList());
    return report;
  }

  private static void requireRange(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new InputException(option + " must be 1 to " + most + ", got " + value);
    }
  }

  private Tensor latents(Checkpoint checkpoint) {
    int latent = checkpoint.config().latent();
    if (latents == null) {
      long[] numbers = seeds == null ? LongStream.range(0, 64).toArray() : seeds.values();
      return Sampler.latents(checkpoint.options().noise(), latent, numbers);
    }
    Tensor z = Npy.read(latents);
    if (z.shape().rank() != 2 || z.size(1) != latent || z.size(0) == 0) {
      throw new InputException(latents + ": expected z of [n, " + latent + "], found " + z.shape());
    }
    for (int i = 0; i < z.count(); i++) {
      if (!Float.isFinite(z.get(i))) {
        throw new InputException(
            latents
                + ": z must be finite, row "
                + i / latent
                + ", column "
                + i % latent
                + " is "
                + z.get(i));
      }
    }
    return z;
  }

  private ImageGrid laidOut(ImageGrid grid) {
    grid.scale(scale);
    return columns == null ? grid : grid.columns(columns);
  }

  private long pictureBytes(Checkpoint checkpoint, int count) {
    return laidOut(ImageGrid.planned(count, DomainImages.shapesShown(checkpoint))).writingBytes();
  }

  /** The files that will be written: the picture, or one of arrays per domain. */
  private List<Path> files(Checkpoint checkpoint, boolean picture) {
    if (picture) {
      return List.of(outFile);
    }
    String name = outFile.getFileName().toString();
    String stem = name.substring(0, name.length() - ".npy".length());
    return checkpoint.config().domains().stream()
        .map(domain -> outFile.resolveSibling(stem + "." + domain.name() + ".npy"))
        .toList();
  }

  private List<Path> write(Checkpoint checkpoint, List<Tensor> images, boolean picture) {
    List<Path> files = files(checkpoint, picture);
    if (picture) {
      List<Tensor> shown = DomainImages.shown(DomainImages.specs(checkpoint), images);
      laidOut(ImageGrid.ofDomains(shown)).write(outFile);
      return files;
    }
    for (int d = 0; d < images.size(); d++) {
      Npy.write(files.get(d), images.get(d));
    }
    return files;
  }
}
