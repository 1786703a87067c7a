package dev.cogan.cli;

import dev.cogan.cli.export.OnnxExport;
import dev.cogan.cli.export.Weights;
import dev.cogan.engine.io.AtomicFile;
import dev.cogan.engine.io.ImageGrid;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Npy;
import dev.cogan.engine.io.SafetensorsWriter;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Checkpoint;
import dev.cogan.engine.train.ModelFile;
import dev.cogan.engine.train.Sampler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cogan export}. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Writes a trained model for other programs.",
      "As ONNX, safetensors, npy or single PNGs.",
      "Generators have the weights that sampling uses (averaged ones, if there are any)."
    },
    footer = {
      "",
      "Examples:",
      "  export --out cogan.onnx                    (one output per domain)",
      "  export --out cogan.onnx --split            (cogan.a.onnx, cogan.b.onnx)",
      "  export --out judge.onnx --net discriminators",
      "  export --out model.safetensors             (generators, for sample as well)",
      "  export --format npy --out weights          (one file per parameter)",
      "  export --format png --seeds 0-9 --out pictures"
    })
final class ExportCommand implements Callable<Integer> {
  private static final int MOST_PICTURES = 10_000;

  private enum Format {
    ONNX,
    SAFETENSORS,
    NPY,
    PNG
  }

  private enum Net {
    GENERATORS,
    DISCRIMINATORS,
    ALL
  }

  @Spec private CommandSpec spec;

  @Mixin private ModelSource model;

  @Mixin private ConfigOption config;

  @Option(
      names = "--format",
      paramLabel = "KIND",
      description = "onnx, safetensors, npy or png (default: by the ending of --out).")
  private Format format;

  @Option(
      names = "--out",
      paramLabel = "PATH",
      required = true,
      description = "A file for onnx and safetensors, a folder for npy and png.")
  private Path target;

  @Option(
      names = "--net",
      paramLabel = "WHICH",
      defaultValue = "generators",
      description = "generators, discriminators or all (default: ${DEFAULT-VALUE}).")
  private Net net;

  @Option(names = "--split", description = "onnx: a file for every domain's generator.")
  private boolean split;

  @Option(
      names = "--seeds",
      paramLabel = "LIST",
      converter = SeedRanges.class,
      description = "png: seeds such as 0-63 or 0,1,4-6 (default: 0-63).")
  private SeedRanges.Seeds seeds;

  @Mixin private JsonOutput json;

  @Mixin(name = "Machine")
  private Machine machine;

  private final List<Path> written = new ArrayList<>();

  @Override
  public Integer call() {
    Format kind = format();
    if (seeds != null && kind != Format.PNG) {
      throw new InputException("--seeds goes with --format png only");
    }
    if (split && kind != Format.ONNX) {
      throw new InputException("--split goes with --format onnx only");
    }
    if (split && net == Net.DISCRIMINATORS) {
      throw new InputException("--split makes files of generators, --net discriminators has none");
    }
    if (net != Net.GENERATORS && kind == Format.PNG) {
      throw new InputException(
          "--net " + label(net) + " goes without --format png: pictures are the generators'");
    }
    try (Checkpoint checkpoint = model.open()) {
      requirePlace(kind, checkpoint);
      switch (kind) {
        case ONNX -> onnx(checkpoint);
        case SAFETENSORS -> safetensors(checkpoint);
        case NPY -> npy(checkpoint);
        case PNG -> png(checkpoint);
      }
      report(checkpoint, kind);
    }
    return ExitCode.DONE;
  }

  private Format format() {
    if (format == Format.ONNX || format == Format.SAFETENSORS) {
      OutputPlace.requireName("--out", target, "." + label(format));
    }
    if (format != null) {
      return format;
    }
    String name = String.valueOf(target.getFileName());
    for (Format kind : List.of(Format.ONNX, Format.SAFETENSORS)) {
      if (name.endsWith("." + label(kind))) {
        return kind;
      }
    }
    throw new InputException(
        "--out " + target + ": expected a name in .onnx or .safetensors, or --format npy or png");
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private void requirePlace(Format kind, Checkpoint checkpoint) {
    switch (kind) {
      case ONNX -> {
        generatorFiles(checkpoint).forEach(file -> requireFile(file, checkpoint));
        discriminatorFiles(checkpoint).forEach(file -> requireFile(file, checkpoint));
      }
      case SAFETENSORS -> requireFile(target, checkpoint);
      case NPY, PNG -> OutputPlace.requireFolder("--out", target);
    }
  }

  private static void requireFile(Path file, Checkpoint checkpoint) {
    OutputPlace.require("--out", file);
    // A checkpoint can be resumed, what is exported of it cannot.
    OutputPlace.requireOther("--out", file, "--model", checkpoint.file().path());
    OutputPlace.requireNoTraining("--out", file);
  }

  /** One, or one of each domain with {@code --split}; none if discriminators alone are wanted. */
  private List<Path> generatorFiles(Checkpoint checkpoint) {
    if (net == Net.DISCRIMINATORS) {
      return List.of();
    }
    if (!split) {
      return List.of(net == Net.ALL ? named("generators") : target);
    }
    return checkpoint.config().domains().stream().map(domain -> named(domain.name())).toList();
  }

  private List<Path> discriminatorFiles(Checkpoint checkpoint) {
    if (net == Net.GENERATORS) {
      return List.of();
    }
    return checkpoint.config().domains().stream()
        .map(domain -> named("discriminator." + domain.name()))
        .toList();
  }

  private void onnx(Checkpoint checkpoint) {
    OnnxExport onnx = new OnnxExport(checkpoint, Version.text());
    List<Path> generators = generatorFiles(checkpoint);
    for (int d = 0; d < generators.size(); d++) {
      save(generators.get(d), split ? onnx.generator(d) : onnx.generators());
    }
    List<Path> discriminators = discriminatorFiles(checkpoint);
    for (int d = 0; d < discriminators.size(); d++) {
      save(discriminators.get(d), onnx.discriminator(d));
    }
  }

  /** {@code cogan.onnx} becomes {@code cogan.PART.onnx}. */
  private Path named(String part) {
    String name = String.valueOf(target.getFileName());
    String stem = name.substring(0, name.length() - ".onnx".length());
    return target.resolveSibling(stem + "." + part + ".onnx");
  }

  private void save(Path file, byte[] bytes) {
    AtomicFile.write(file, bytes);
    written.add(file);
  }

  private void safetensors(Checkpoint checkpoint) {
    if (net == Net.GENERATORS) {
      ModelFile.write(target, checkpoint);
    } else {
      SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
      tensors(checkpoint).forEach(writer::add);
      writer.withChecksums().write(target);
    }
    written.add(target);
  }

  private Map<String, Tensor> tensors(Checkpoint checkpoint) {
    return Weights.of(checkpoint, net != Net.DISCRIMINATORS, net != Net.GENERATORS);
  }

  private void npy(Checkpoint checkpoint) {
    folder();
    tensors(checkpoint)
        .forEach(
            (name, tensor) -> {
              Path file = target.resolve(name + ".npy");
              Npy.write(file, tensor);
              written.add(file);
            });
  }

  private void png(Checkpoint checkpoint) {
    long[] numbers = seeds == null ? LongStream.range(0, 64).toArray() : seeds.values();
    if (numbers.length > MOST_PICTURES) {
      throw new InputException(
          "--seeds: at most " + MOST_PICTURES + " at a time, got " + numbers.length);
    }
    folder();
    Tensor z = Sampler.latents(checkpoint.options().noise(), checkpoint.config().latent(), numbers);
    List<Tensor> images =
        Sampling.images(checkpoint, z, 64, 0, machine, spec.commandLine().getErr());
    for (int i = 0; i < numbers.length; i++) {
      for (int d = 0; d < images.size(); d++) {
        String name =
            String.format(
                Locale.ROOT,
                "seed%06d.%s.png",
                numbers[i],
                checkpoint.config().domains().get(d).name());
        Path file = target.resolve(name);
        ImageGrid.of(images.get(d).slice(i, 1)).padding(0).gap(0).write(file);
        written.add(file);
      }
    }
  }

  private void folder() {
    try {
      Files.createDirectories(target);
    } catch (IOException e) {
      throw InputException.cannotWrite("--out " + target, e);
    }
  }

  private void report(Checkpoint checkpoint, Format kind) {
    var out = spec.commandLine().getOut();
    if (json.wanted()) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("model", checkpoint.file().path().toString());
      report.put("step", checkpoint.step());
      report.put("format", label(kind));
      report.put("averaged", checkpoint.averages());
      report.put("files", written.stream().map(Path::toString).toList());
      json.print(out, report);
    } else {
      written.forEach(out::println);
    }
  }
}
