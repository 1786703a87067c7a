package dev.cogan.cli.fuzz;

import dev.cogan.cli.CliReaders;
import dev.cogan.cli.dataset.Decoders;
import dev.cogan.cli.report.StatsTable;
import dev.cogan.engine.data.CelebaAttributes;
import dev.cogan.engine.data.DomainSpec;
import dev.cogan.engine.data.IdxFile;
import dev.cogan.engine.data.PictureSource;
import dev.cogan.engine.image.PngReader;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.io.Npy;
import dev.cogan.engine.io.SafetensorsFile;
import dev.cogan.engine.io.SafetensorsType;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.train.Checkpoint;
import dev.cogan.engine.train.TrainOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One reader of untrusted bytes each. Whatever the bytes are, a reader either succeeds or throws
 * {@link InputException} or {@link ConfigException} with a message of one line: no other exception,
 * no memory beyond a few times the input, no endless loop.
 */
public enum FuzzTarget {
  /** Images in IDX, plain or gzip. */
  IDX_IMAGES(bytes -> IdxFile.readImages(new ByteArrayInputStream(bytes), "fuzz")),
  /** Labels in IDX, plain or gzip. */
  IDX_LABELS(bytes -> IdxFile.readLabels(new ByteArrayInputStream(bytes), "fuzz")),
  /** NumPy's arrays. */
  NPY(bytes -> Npy.parse(bytes, "fuzz")),
  /** safetensors, every tensor read. */
  SAFETENSORS(FuzzTarget::safetensors),
  /** A checkpoint as a file, opened and loaded for sampling. */
  CHECKPOINT(FuzzTarget::checkpoint),
  /** JSON, and what is read is written and read again. */
  JSON(FuzzTarget::json),
  /** A model's description, up to the plan of its memory. */
  MODEL(
      bytes ->
          CoupledModel.forTraining(
              ModelConfig.fromJson(object(Json.parse(bytes, "fuzz"))), Memory.counting())),
  /** A training's settings. */
  TRAINING(bytes -> TrainOptions.fromJson(object(Json.parse(bytes, "fuzz")))),
  /** The spec of a domain; no file is opened. */
  SPEC(bytes -> DomainSpec.parse(new String(bytes, StandardCharsets.UTF_8))),
  /** Pictures in PNG. */
  PNG(bytes -> PngReader.decode(bytes, "fuzz")),
  /** Pictures in JPEG (and PNG: told apart by content). */
  JPEG(bytes -> Decoders.available().decode(bytes, "fuzz")),
  /** CelebA's list of attributes. */
  ATTRIBUTES(bytes -> CelebaAttributes.read(new ByteArrayInputStream(bytes), "fuzz")),
  /** A zip file of pictures: listed, and every picture's bytes read. */
  ZIP(FuzzTarget::zip),
  /** A file of options. */
  CONFIG(bytes -> file(bytes, ".json", CliReaders::config)),
  /** A run's settings. */
  OPTIONS(bytes -> file(bytes, ".json", CliReaders::options)),
  /** A training's numbers, read by the report and by a resume. */
  STATS(FuzzTarget::stats),
  /** What is typed behind the program's name, an argument a line. */
  ARGUMENTS(CliReaders::arguments);

  private interface Reader {
    void read(byte[] bytes) throws IOException;
  }

  private final Reader reader;

  FuzzTarget(Reader reader) {
    this.reader = reader;
  }

  /** Name of the folder with this target's inputs. */
  public String folder() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /**
   * Reads the bytes.
   *
   * @return the message with which they were refused, or null
   */
  public String run(byte[] bytes) throws IOException {
    try {
      reader.read(bytes);
      return null;
    } catch (InputException | ConfigException e) {
      String message = e.getMessage();
      if (message == null || message.isBlank() || message.chars().anyMatch(c -> c < ' ')) {
        throw new IllegalStateException("not a message of one line: " + message, e);
      }
      return message;
    }
  }

  private static Map<?, ?> object(Object json) {
    if (json instanceof Map<?, ?> map) {
      return map;
    }
    throw new ConfigException("not an object");
  }

  private static void safetensors(byte[] bytes) {
    try (SafetensorsFile file = SafetensorsFile.of(bytes, "fuzz")) {
      file.verify();
      for (SafetensorsFile.Entry entry : file.entries().values()) {
        if (entry.type() == SafetensorsType.F32) {
          file.readTensor(entry.name());
        }
      }
    }
  }

  private static void checkpoint(byte[] bytes) throws IOException {
    file(
        bytes,
        ".safetensors",
        path -> {
          try (Checkpoint checkpoint = Checkpoint.open(path)) {
            checkpoint.loadForSampling(Memory.heap());
          }
        });
  }

  private static void zip(byte[] bytes) throws IOException {
    file(
        bytes,
        ".zip",
        path -> {
          DomainSpec spec = DomainSpec.parse("folder:" + path);
          try (PictureSource source = PictureSource.open(spec.source())) {
            source.items().forEach(item -> source.read(item, spec.view()));
          }
        });
  }

  private static void stats(byte[] bytes) throws IOException {
    file(
        bytes,
        ".jsonl",
        path -> {
          Json.write(StatsTable.read(path).thin(20).toJson());
          CliReaders.stats(path);
          if (StatsTable.read(path).lastStep() > 40) {
            throw new IllegalStateException("lines of later steps are still there");
          }
        });
  }

  private static void file(byte[] bytes, String suffix, Consumer<Path> reader) throws IOException {
    Path file = Files.createTempFile("fuzz", suffix);
    try {
      Files.write(file, bytes);
      reader.accept(file);
    } finally {
      Files.delete(file);
    }
  }

  private static void json(byte[] bytes) {
    Object value = Json.parse(bytes, "fuzz");
    String text = Json.write(value);
    if (!Json.write(Json.parse(text, "fuzz")).equals(text)) {
      throw new IllegalStateException("written and read again, it is something else: " + text);
    }
  }
}
