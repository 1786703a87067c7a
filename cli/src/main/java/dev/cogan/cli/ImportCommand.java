package dev.cogan.cli;

import dev.cogan.cli.export.WeightImport;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.SafetensorsFile;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.train.Checkpoint;
import dev.cogan.engine.train.ModelFile;
import dev.cogan.engine.train.Preset;
import dev.cogan.engine.train.TrainOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogan import}. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Takes weights from another program's safetensors file.",
      "Those of the generators, by name ('train --init' takes discriminators as well).",
      "Prints what fits, is missing or has another shape; writes a model for sample,",
      "interpolate, transform and export if nothing is missing."
    },
    footer = {
      "",
      "Names are those that inspect and export show: generators.shared.0.weight, ...",
      "A bias before a batch norm is folded into its running mean.",
      "",
      "Examples:",
      "  import weights.safetensors --preset digits --out model.safetensors",
      "  import net.safetensors --like runs/00003-mnist-edge-digits \\",
      "      --rename trunk.=generators.shared. --out model.safetensors"
    })
final class ImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "A safetensors file with F32 weights.")
  private Path file;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "The model is that of this preset (default: digits-small).")
  private String preset;

  @Option(
      names = "--like",
      paramLabel = "RUN",
      description = "The model is that of this checkpoint, run's folder or folder of runs.")
  private Path like;

  @Option(
      names = "--channels",
      paramLabel = "N",
      split = ",",
      description = "Channels of the domains, e.g. 3,1 (default: the preset's).")
  private List<Integer> channels;

  @Option(
      names = "--rename",
      paramLabel = "FROM=TO",
      description = "Names that begin with FROM begin with TO here; may be given often.")
  private Map<String, String> renames = new LinkedHashMap<>();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The model's file; without it, only the table is printed.")
  private Path target;

  @Mixin(name = "Model")
  private ShapeOptions options;

  @Mixin private JsonOutput json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (like != null) {
      requireNoOther();
    }
    requirePlace();
    ModelConfig config;
    TrainOptions training;
    if (like != null) {
      try (Checkpoint checkpoint = Checkpoint.open(RunDirectory.findCheckpoint(like))) {
        config = checkpoint.config();
        training = checkpoint.options();
      }
    } else {
      Preset base = Presets.named(preset == null ? Preset.DIGITS_SMALL.label() : preset);
      config = options.apply(domains(base.model()));
      training = options.apply(base.training(0));
    }
    training = training.withRemedies(training.remedies().withEma(0f));
    // Other programs change tensors and keep our checksums: those count for nothing here.
    try (SafetensorsFile source = SafetensorsFile.openUnchecked(file)) {
      WeightImport weights = new WeightImport(source, config, renames);
      boolean write = target != null && weights.complete();
      if (write) {
        Map<String, Object> provenance = new LinkedHashMap<>();
        provenance.put("imported_from", String.valueOf(file.getFileName()));
        provenance.put("program", Version.text());
        ModelFile.write(target, weights.model(), training, provenance);
      }
      if (json.wanted()) {
        json.print(out, report(weights, write));
      } else {
        WeightTable.lines(weights.rows()).forEach(out::println);
        if (write) {
          out.println(target);
        }
      }
      if (!weights.complete()) {
        throw new InputException(
            file + ": does not hold every weight of the model; nothing was written");
      }
    }
    return ExitCode.DONE;
  }

  private void requirePlace() {
    if (target != null) {
      OutputPlace.requireName("--out", target, ".safetensors");
      OutputPlace.require("--out", target);
      OutputPlace.requireOther("--out", target, "FILE", file);
      if (like != null) {
        OutputPlace.requireOther("--out", target, "--like", RunDirectory.findCheckpoint(like));
      }
      OutputPlace.requireNoTraining("--out", target);
    }
  }

  /** What describes a model beside another model's description would be passed over in silence. */
  private void requireNoOther() {
    List<String> given = new ArrayList<>(options.given());
    if (preset != null) {
      given.add("--preset");
    }
    if (channels != null) {
      given.add("--channels");
    }
    if (!given.isEmpty()) {
      throw new InputException(
          "--like " + like + " is the whole model; it excludes " + String.join(", ", given));
    }
  }

  private ModelConfig domains(ModelConfig base) {
    if (channels == null) {
      return base;
    }
    Shape image = base.domains().get(0).image();
    List<DomainShape> shapes = new ArrayList<>();
    for (int count : channels) {
      if (count < 1 || count > 64) {
        throw new InputException("--channels must be 1 to 64, got " + count);
      }
      Shape shape = Shape.of(count, image.size(1), image.size(2));
      shapes.add(new DomainShape(DomainShape.name(shapes.size()), shape));
    }
    return base.withDomains(shapes);
  }

  private Map<String, Object> report(WeightImport weights, boolean written) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("file", file.toString());
    report.put("complete", weights.complete());
    report.put("written", written ? target.toString() : null);
    report.put("tensors", WeightTable.toJson(weights.rows()));
    return report;
  }
}
