package dev.cogan.cli;

import dev.cogan.cli.text.Wrap;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.io.SafetensorsFile;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.ParameterTable;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.train.Checkpoint;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogan inspect}. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Shows what a checkpoint holds.",
      "The model, every parameter with its shape and who shares it, the training's",
      "settings and where it comes from."
    })
final class InspectCommand implements Callable<Integer> {
  private static final int INDENT = 28;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      description =
          "A checkpoint, a run's folder, or a folder of runs (default: newest in runs, else the"
              + " model in the jar).")
  private Path file;

  @Mixin private ModelSource model;

  @Option(
      names = "--verify",
      description = "Read the whole file and compare the checksum of every tensor.")
  private boolean verify;

  @Mixin private JsonOutput json;

  @Override
  public Integer call() {
    if (file != null && model.given()) {
      throw new InputException("--model and " + file + " exclude each other: one model at a time");
    }
    PrintWriter out = spec.commandLine().getOut();
    try (Checkpoint checkpoint = open()) {
      CoupledModel plan = model(checkpoint);
      if (verify) {
        checkpoint.file().verify();
      }
      if (json.wanted()) {
        json.print(out, toJson(checkpoint, plan));
      } else {
        print(out, checkpoint, plan);
      }
    }
    return ExitCode.DONE;
  }

  private Checkpoint open() {
    return file == null ? model.open() : Checkpoint.open(ModelSource.find(file));
  }

  private static CoupledModel model(Checkpoint checkpoint) {
    try {
      return CoupledModel.forTraining(checkpoint.config(), Memory.counting());
    } catch (ConfigException e) {
      throw new ConfigException(checkpoint.file().path() + ": " + e.getMessage());
    }
  }

  private void print(PrintWriter out, Checkpoint checkpoint, CoupledModel model) {
    line(out, "file", checkpoint.file().path().toString());
    line(out, "step", checkpoint.step());
    checkpoint.provenance().forEach((key, value) -> line(out, String.valueOf(key), value));
    checkpoint.config().toJson().forEach((key, value) -> line(out, key, value));
    checkpoint.options().toJson().forEach((key, value) -> line(out, key, value));
    out.println();
    out.print(ParameterTable.describe(model));
    long bytes =
        checkpoint.file().entries().values().stream().mapToLong(e -> e.end() - e.begin()).sum();
    out.println(
        String.format(
            Locale.ROOT,
            "%d tensors in the file, %.1f MiB",
            checkpoint.file().entries().size(),
            bytes / 1048576.0));
    if (verify) {
      out.println("checksums  " + verdict(checkpoint));
    }
  }

  private static String verdict(Checkpoint checkpoint) {
    return checkpoint.file().hasChecksums()
        ? "all as written"
        : "none in this file, which is older; it can be read whole";
  }

  private static void line(PrintWriter out, String key, Object value) {
    String name = InputException.oneLine(key).replace('_', ' ');
    out.println(Wrap.hanging(name, InputException.oneLine(text(value)), INDENT));
  }

  /** JSON values for people: {@code rate 0.001, beta1 0.5}. */
  private static String text(Object value) {
    if (value instanceof Map<?, ?> map) {
      List<String> parts = new ArrayList<>();
      map.forEach((key, item) -> parts.add(key.toString().replace('_', ' ') + " " + text(item)));
      return String.join(", ", parts);
    }
    if (value instanceof List<?> list) {
      boolean nested = list.stream().anyMatch(Map.class::isInstance);
      return list.stream()
          .map(InspectCommand::text)
          .collect(Collectors.joining(nested ? "; " : ", "));
    }
    if (value instanceof Boolean flag) {
      return flag ? "yes" : "no";
    }
    return value instanceof String ? value.toString() : Json.write(value);
  }

  private Map<String, Object> toJson(Checkpoint checkpoint, CoupledModel model) {
    Map<String, ParameterTable.Row> rows =
        ParameterTable.rows(model).stream()
            .collect(Collectors.toMap(ParameterTable.Row::name, row -> row));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("file", checkpoint.file().path().toString());
    json.put("step", checkpoint.step());
    json.put("has_checksums", checkpoint.file().hasChecksums());
    if (verify) {
      json.put("verified", true);
    }
    json.put("model", checkpoint.config().toJson());
    json.put("training", checkpoint.options().toJson());
    json.put("provenance", checkpoint.provenance());
    List<Object> tensors = new ArrayList<>();
    for (SafetensorsFile.Entry entry : checkpoint.file().entries().values()) {
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("name", entry.name());
      item.put("dtype", entry.type().name());
      List<Object> shape = new ArrayList<>();
      for (int size : entry.shape().toArray()) {
        shape.add(size);
      }
      item.put("shape", shape);
      ParameterTable.Row row = rows.get(entry.name());
      item.put("kind", kind(entry.name(), row));
      if (row != null) {
        item.put("offset", row.offset());
        item.put("used_by", row.usedBy());
        item.put("shared", row.shared());
      }
      tensors.add(item);
    }
    json.put("tensors", tensors);
    return json;
  }

  private static String kind(String name, ParameterTable.Row row) {
    if (row != null) {
      return "parameter";
    }
    if (name.startsWith("ema.")) {
      return "average";
    }
    return name.startsWith("adam.") ? "moment" : "buffer";
  }
}
