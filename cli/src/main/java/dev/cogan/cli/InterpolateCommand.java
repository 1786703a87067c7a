package dev.cogan.cli;

import dev.cogan.engine.io.AnimatedPng;
import dev.cogan.engine.io.ImageGrid;
import dev.cogan.engine.io.ImageGrid.Picture;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Checkpoint;
import dev.cogan.engine.train.Noise;
import dev.cogan.engine.train.Sampler;
import dev.cogan.engine.transform.LatentWalk;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cogan interpolate}. */
@Command(
    name = "interpolate",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Draws an animated walk through z, all domains in step.",
      "Writes an animated PNG, which every browser shows, and a strip of its frames."
    },
    footer = {
      "",
      "Examples:",
      "  interpolate --seeds 0,7,12 --out walk.png      (and walk-strip.png)",
      "  interpolate --seeds 0-7 --steps 30 --loop --frames frames"
    })
final class InterpolateCommand implements Callable<Integer> {
  private static final int MOST_FRAMES = 2000;
  private static final int STRIP_FRAMES = 12;
  private static final Pattern FRAME = Pattern.compile("frame[0-9]{4}\\.png");

  @Spec private CommandSpec spec;

  @Mixin private ModelSource model;

  @Mixin private ConfigOption config;

  @Option(
      names = "--seeds",
      paramLabel = "LIST",
      defaultValue = "0-3",
      converter = SeedRanges.class,
      description =
          "Seeds of the z to pass, two or more, such as 0,7,12 or 0-3 (default:"
              + " ${DEFAULT-VALUE}).")
  private SeedRanges.Seeds seeds;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "16",
      description = "Frames from one z to the next (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(names = "--loop", description = "Return to the first z at the end.")
  private boolean loop;

  @Mixin private TruncationOption truncation;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "walk.png",
      description =
          "NAME.png for the animation; NAME-strip.png gets a strip of its frames (default:"
              + " ${DEFAULT-VALUE}).")
  private Path outFile;

  @Option(
      names = "--frames",
      paramLabel = "DIR",
      description = "Folder that also gets each frame as a file, frame0000.png, ...")
  private Path frames;

  @Option(
      names = "--delay",
      paramLabel = "MS",
      defaultValue = "60",
      description = "Milliseconds that a frame is shown (default: ${DEFAULT-VALUE}).")
  private int delay;

  @Option(
      names = "--scale",
      paramLabel = "N",
      defaultValue = "4",
      description = "Enlarges the animation N times (default: ${DEFAULT-VALUE}).")
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
    requireSettings();
    try (Checkpoint checkpoint = model.open()) {
      Noise noise = checkpoint.options().noise();
      Tensor stations = Sampler.latents(noise, checkpoint.config().latent(), seeds.values());
      Tensor points = LatentWalk.points(noise, stations, steps, loop);
      truncation.apply(noise, points);
      long frameBytes =
          ImageGrid.planned(1, DomainImages.shapesShown(checkpoint))
              .columns(1)
              .scale(scale)
              .pictureBytes();
      List<Tensor> images =
          DomainImages.shown(
              DomainImages.specs(checkpoint),
              Sampling.images(
                  checkpoint, points, batch, frameBytes * points.size(0), machine, err));
      List<Picture> pictures = new ArrayList<>();
      for (int i = 0; i < points.size(0); i++) {
        pictures.add(grid(images, i).columns(1).scale(scale).toPicture());
      }
      AnimatedPng.write(outFile, pictures, delay, 0);
      writeStrip(strip(), images);
      if (frames != null) {
        writeFrames(images);
      }
      report(out, checkpoint, pictures.size());
    }
    return ExitCode.DONE;
  }

  private void report(PrintWriter out, Checkpoint checkpoint, int count) {
    if (json.wanted()) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("model", checkpoint.file().path().toString());
      report.put("frames", count);
      report.put("animation", outFile.toString());
      report.put("strip", strip().toString());
      report.put("folder", frames == null ? null : frames.toString());
      json.print(out, report);
      return;
    }
    out.println(outFile);
    out.println(strip());
    if (frames != null) {
      out.println(frames + " (" + count + " frames)");
    }
  }

  private void requireSettings() {
    requireRange("--steps", steps, 1, MOST_FRAMES);
    requireRange("--delay", delay, 1, 60_000);
    requireRange("--scale", scale, 1, 64);
    requireRange("--batch", batch, 1, 4096);
    truncation.psi();
    int stations = seeds.values().length;
    if (stations < 2) {
      throw new InputException("--seeds: a walk passes two or more z, got " + stations);
    }
    long count = frames(stations);
    if (count > MOST_FRAMES) {
      throw new InputException(
          "--seeds, --steps: at most "
              + MOST_FRAMES
              + " frames, "
              + stations
              + " z with "
              + steps
              + " steps from one to the next have "
              + count);
    }
    OutputPlace.requireName("--out", outFile, ".png");
    OutputPlace.require("--out", outFile);
    OutputPlace.require("--out", strip());
    if (frames != null) {
      OutputPlace.requireFolder("--frames", frames);
      requireNoLaterFrames((int) count);
    }
  }

  /** A loop ends where it began, and has no frame of that. */
  private long frames(int stations) {
    return loop ? (long) stations * steps : (stations - 1L) * steps + 1;
  }

  /** Frames of a longer walk would stay behind those of this one, and look like a part of it. */
  private void requireNoLaterFrames(int count) {
    if (!Files.isDirectory(frames)) {
      return;
    }
    try (Stream<Path> files = Files.list(frames)) {
      Optional<String> later =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> FRAME.matcher(name).matches() && name.compareTo(frame(count)) >= 0)
              .min(Comparator.naturalOrder());
      if (later.isPresent()) {
        throw new InputException(
            "--frames "
                + frames
                + ": has frames of a longer walk, such as "
                + later.get()
                + "; expected a folder without");
      }
    } catch (IOException e) {
      throw InputException.cannotRead("--frames " + frames, e);
    }
  }

  private static String frame(int number) {
    return String.format(Locale.ROOT, "frame%04d.png", number);
  }

  private static void requireRange(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new InputException(option + " must be " + least + " to " + most + ", got " + value);
    }
  }

  private static ImageGrid grid(List<Tensor> images, int frame) {
    return ImageGrid.ofDomains(images.stream().map(domain -> domain.slice(frame, 1)).toList());
  }

  private Path strip() {
    String name = outFile.getFileName().toString();
    String stem = name.substring(0, name.length() - ".png".length());
    return outFile.resolveSibling(stem + "-strip.png");
  }

  /** One row per domain; where there are more frames than fit, evenly chosen ones. */
  private void writeStrip(Path file, List<Tensor> images) {
    int n = images.get(0).size(0);
    int shown = Math.min(n, STRIP_FRAMES);
    List<Tensor> columns = new ArrayList<>();
    for (int i = 0; i < shown; i++) {
      int frame = shown == 1 ? 0 : Math.round(i * (n - 1f) / (shown - 1));
      columns.add(column(images, frame));
    }
    ImageGrid.ofDomains(columns).columns(1).scale(2).gap(1).write(file);
  }

  /** One frame with its domains as "samples", so that the grid sets them one below the other. */
  private static Tensor column(List<Tensor> images, int frame) {
    int channels = images.stream().mapToInt(d -> d.size(1)).max().orElseThrow();
    int height = images.stream().mapToInt(d -> d.size(2)).max().orElseThrow();
    int width = images.stream().mapToInt(d -> d.size(3)).max().orElseThrow();
    Tensor column = Tensor.zeros(images.size(), channels, height, width);
    for (int d = 0; d < images.size(); d++) {
      Tensor domain = images.get(d);
      int h = domain.size(2);
      int w = domain.size(3);
      for (int c = 0; c < channels; c++) {
        int from = (frame * domain.size(1) + Math.min(c, domain.size(1) - 1)) * h * w;
        for (int y = 0; y < h; y++) {
          for (int x = 0; x < w; x++) {
            column.set(((d * channels + c) * height + y) * width + x, domain.get(from + y * w + x));
          }
        }
      }
    }
    return column;
  }

  private void writeFrames(List<Tensor> images) {
    try {
      Files.createDirectories(frames);
    } catch (IOException e) {
      throw InputException.cannotWrite("--frames " + frames, e);
    }
    for (int i = 0; i < images.get(0).size(0); i++) {
      grid(images, i).columns(1).scale(scale).write(frames.resolve(frame(i)));
    }
  }
}
