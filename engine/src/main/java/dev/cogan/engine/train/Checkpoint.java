package dev.cogan.engine.train;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.io.SafetensorsFile;
import dev.cogan.engine.io.SafetensorsType;
import dev.cogan.engine.io.SafetensorsWriter;
import dev.cogan.engine.model.CoupledDiscriminators;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.Families;
import dev.cogan.engine.model.JsonFields;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.tensor.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * A training on disk, as one safetensors file: weights, running statistics, both optimisers, random
 * streams, data order and counters, so that a resumed training gives the same bits as one that
 * never stopped. Programs that only want the weights find them under PyTorch's names.
 *
 * <p>Metadata: {@code format}, {@code format_version}, and as JSON texts {@code model} ({@link
 * ModelConfig}), {@code training} ({@link TrainOptions}), {@code state} (step, random streams, data
 * positions) and {@code provenance} (data, program, JVM, kernels). Tensors: the parameters and
 * buffers by name, Adam's moments as {@code adam.first.NAME} and {@code adam.second.NAME}, and, if
 * the training averages the generators' weights, the averages with their own running statistics as
 * {@code ema.NAME}. A file with metadata {@code contents = generators} holds only what sampling
 * needs, see {@link ModelFile}.
 */
public final class Checkpoint implements AutoCloseable {
  static final String FORMAT = "cogan-checkpoint";
  static final String VERSION = "1";
  static final String CONTENTS = "contents";
  static final String GENERATORS = "generators";
  private static final List<String> KEYS =
      List.of(
          "format",
          "format_version",
          CONTENTS,
          "model",
          "training",
          "state",
          "provenance",
          SafetensorsFile.CHECKSUMS);
  private static final String FIRST = "adam.first.";
  private static final String SECOND = "adam.second.";
  static final String AVERAGE = "ema.";

  private final SafetensorsFile file;
  private final ModelConfig config;
  private final TrainOptions options;
  private final long step;
  private final Map<?, ?> provenance;
  private final JsonFields state;

  private Checkpoint(SafetensorsFile file) {
    this.file = file;
    Map<String, String> metadata = file.metadata();
    if (!FORMAT.equals(metadata.get("format"))) {
      throw new InputException(
          file.path()
              + ": not a CoGAN checkpoint: metadata \"format\" should be \""
              + FORMAT
              + "\", found "
              + quoted(metadata.get("format")));
    }
    if (!VERSION.equals(metadata.get("format_version"))) {
      throw new InputException(
          file.path()
              + ": this program reads checkpoint version "
              + VERSION
              + ", the file has "
              + quoted(metadata.get("format_version")));
    }
    for (String key : metadata.keySet()) {
      // A damaged name must not pass for something to be ignored: it may have been the checksums'.
      if (!KEYS.contains(key)) {
        throw new InputException(
            file.path() + ": unknown metadata " + quoted(key) + ", known: " + KEYS);
      }
    }
    try {
      config = ModelConfig.fromJson(json("model"));
      options = TrainOptions.fromJson(json("training"));
      options.noise().requireFitting(config.latent());
      state = new JsonFields("state", json("state"));
      step = state.longInteger("step");
      if (samplesOnly()) {
        requireTensors(
            "", CoupledModel.forSampling(config, Memory.counting()).generators().store());
      } else {
        requireTensors(CoupledModel.forTraining(config, Memory.counting()));
      }
    } catch (IllegalArgumentException e) {
      throw new InputException(file.path() + ": " + e.getMessage(), e);
    }
    provenance = json("provenance");
  }

  /** Then a model made from the config needs no more memory than the file shows to be there. */
  private void requireTensors(CoupledModel plan) {
    for (ParameterStore store : stores(plan)) {
      requireTensors("", store);
    }
    if (averages()) {
      requireTensors(AVERAGE, plan.generators().store());
    }
  }

  private void requireTensors(String prefix, ParameterStore store) {
    for (Parameter p : store.parameters()) {
      file.entry(prefix + p.name(), SafetensorsType.F32, p.shape());
    }
    for (String buffer : store.bufferNames()) {
      file.entry(prefix + buffer, SafetensorsType.F32, store.bufferShape(buffer));
    }
  }

  /** Whether the file holds averaged weights of the generators beside the trained ones. */
  public boolean averages() {
    return options.remedies().averages() && !samplesOnly();
  }

  /** Whether the file holds the generators alone, so that its training cannot go on. */
  public boolean samplesOnly() {
    return GENERATORS.equals(file.metadata().get(CONTENTS));
  }

  private static List<ParameterStore> stores(CoupledModel model) {
    return List.of(model.generators().store(), model.discriminators().store());
  }

  private static String quoted(String text) {
    return text == null ? "none" : '"' + text + '"';
  }

  private Map<?, ?> json(String key) {
    String text = file.metadata().get(key);
    if (text == null) {
      throw new InputException(file.path() + ": metadata \"" + key + "\" is missing");
    }
    if (Json.parse(text, file.path() + " (" + key + ")") instanceof Map<?, ?> map) {
      return map;
    }
    throw new InputException(file.path() + ": metadata \"" + key + "\" should be a JSON object");
  }

  // ---------------------------------------------------------------- writing

  /**
   * Writes a checkpoint: to a temporary file, forced to disk, then renamed; see {@link
   * dev.cogan.engine.io.AtomicFile} for what can go wrong.
   *
   * @param provenance where the training comes from; must not hold anything that differs between
   *     two equal trainings, such as times or thread counts; empty if nothing is to be said
   */
  public static void write(Path path, Trainer trainer, Map<String, ?> provenance) {
    requireProvenance(path, provenance);
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.metadata("format", FORMAT).metadata("format_version", VERSION);
    writer.metadata("model", Json.write(trainer.model().config().toJson()));
    writer.metadata("training", Json.write(trainer.options().toJson()));
    writer.metadata("state", Json.write(TrainingState.of(trainer)));
    writer.metadata("provenance", Json.write(provenance));
    addValues(writer, "", trainer.model().generators().store());
    addValues(writer, "", trainer.model().discriminators().store());
    if (trainer.options().remedies().averages()) {
      addValues(writer, AVERAGE, trainer.sampledGenerators().store());
    }
    addMoments(writer, trainer.model().generators().store());
    addMoments(writer, trainer.model().discriminators().store());
    writer.withChecksums().write(path);
  }

  /**
   * Written as JSON's null, or with more levels than are read, it would make a file that {@link
   * #open} refuses.
   */
  static void requireProvenance(Path path, Map<String, ?> provenance) {
    Objects.requireNonNull(
        provenance, () -> path + ": expected a provenance, found null; give it an empty map");
    try {
      Json.parse(Json.write(provenance), "provenance");
    } catch (InputException e) {
      throw new IllegalArgumentException(path + ": could not be read again: " + e.getMessage(), e);
    }
  }

  private static void addValues(SafetensorsWriter writer, String prefix, ParameterStore store) {
    for (Parameter p : store.parameters()) {
      writer.add(prefix + p.name(), p.value());
    }
    for (String buffer : store.bufferNames()) {
      writer.add(prefix + buffer, store.buffer(buffer));
    }
  }

  private static void addMoments(SafetensorsWriter writer, ParameterStore store) {
    for (Parameter p : store.parameters()) {
      writer.add(FIRST + p.name(), store.firstMoments(), p.offset(), p.shape());
      writer.add(SECOND + p.name(), store.secondMoments(), p.offset(), p.shape());
    }
  }

  // ---------------------------------------------------------------- reading

  /**
   * Opens a checkpoint and checks its header: the metadata, and that the model's tensors are there
   * with their shapes. Numbers are read later.
   *
   * @throws InputException if the file cannot be read or is not a checkpoint
   */
  public static Checkpoint open(Path path) {
    return of(SafetensorsFile.open(path));
  }

  /**
   * The same of an open file, which this closes: for checkpoints in memory, such as a resource of a
   * jar.
   *
   * @throws InputException if it is not a checkpoint
   */
  public static Checkpoint of(SafetensorsFile file) {
    try {
      return new Checkpoint(file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Reads the whole file and compares every checksum: whether a checkpoint that was just written,
   * or is years old, is still what was written.
   *
   * @return false if the file is whole but older than the checksums, so that a changed bit of a
   *     weight would not show
   * @throws InputException if the file cannot be read, is not a checkpoint or is damaged; the
   *     message names the tensor
   */
  public static boolean verify(Path path) {
    try (Checkpoint checkpoint = open(path)) {
      checkpoint.file.verify();
      return checkpoint.file.hasChecksums();
    }
  }

  /** The file. */
  public SafetensorsFile file() {
    return file;
  }

  /** What the model is. */
  public ModelConfig config() {
    return config;
  }

  /** The settings of the training. */
  public TrainOptions options() {
    return options;
  }

  /** Steps done. */
  public long step() {
    return step;
  }

  /** Where the training comes from, as written. */
  public Map<?, ?> provenance() {
    return provenance;
  }

  /**
   * A model that only samples, with the weights and running statistics of the file: the averaged
   * ones, if there are any.
   *
   * @throws InputException if a number is not finite
   * @throws IllegalArgumentException if the memory only counts
   */
  public CoupledModel loadForSampling(Memory memory) {
    requireReal(memory);
    CoupledModel model = CoupledModel.forSampling(config, memory);
    readValues(averages() ? AVERAGE : "", model.generators().store());
    return model;
  }

  /**
   * The discriminators alone, without gradients, as they judge: with normalised weights if the
   * training has a spectral norm.
   *
   * @throws InputException if a number is not finite, or the file has only the generators
   * @throws IllegalArgumentException if the memory only counts
   */
  public CoupledDiscriminators loadDiscriminators(Memory memory) {
    requireReal(memory);
    if (samplesOnly()) {
      throw new InputException(file.path() + ": holds the generators alone, no discriminators");
    }
    CoupledDiscriminators discriminators =
        new CoupledDiscriminators(config, Families.named(config.family()), memory, false);
    readValues("", discriminators.store());
    if (options.remedies().spectralNorm()) {
      new SpectralNorm(discriminators.store()).apply();
    }
    return discriminators;
  }

  private void requireReal(Memory memory) {
    if (!memory.isReal()) {
      throw new IllegalArgumentException(
          file.path()
              + ": a memory that only counts cannot hold weights; to plan, make the model from"
              + " config()");
    }
  }

  /**
   * Puts a trainer where the checkpoint's training was.
   *
   * @param trainer built from this checkpoint's config and the same data. The config may have
   *     another dropout, and the options may differ from {@link #options}: the training then goes
   *     on with its own. If only the trainer averages weights, its average starts at the restored
   *     ones; if only the checkpoint has an average, that is left out.
   * @throws InputException if the trainer's model is another than the checkpoint's; the trainer is
   *     as it was. If something is missing or does not fit; the trainer is then useless
   */
  public void restore(Trainer trainer) {
    if (samplesOnly()) {
      throw new InputException(
          file.path() + ": holds the generators alone; no training can go on from it");
    }
    requireSameModel(trainer.model().config());
    for (ParameterStore store : stores(trainer.model())) {
      readValues("", store);
      for (Parameter p : store.parameters()) {
        read(FIRST + p.name(), p.shape(), store.firstMoments(), p.offset());
        read(SECOND + p.name(), p.shape(), store.secondMoments(), p.offset());
        requireSquares(SECOND + p.name(), p.shape(), store.secondMoments(), p.offset());
      }
    }
    if (averages() && trainer.options().remedies().averages()) {
      readValues(AVERAGE, trainer.sampledGenerators().store());
    } else {
      trainer.startAverageAmidst();
    }
    requireNothingElse(trainer);
    try {
      TrainingState.restore(trainer, state);
    } catch (IllegalArgumentException | InputException e) {
      throw new InputException(file.path() + ": " + e.getMessage(), e);
    }
  }

  /** Other sizes would show at some tensor; what has no tensor, such as a name, would not. */
  private void requireSameModel(ModelConfig given) {
    Map<String, Object> expected = config.withDropout(given.dropout()).toJson();
    Map<String, Object> found = given.toJson();
    for (Map.Entry<String, Object> field : expected.entrySet()) {
      Object other = found.get(field.getKey());
      if (!field.getValue().equals(other)) {
        throw new InputException(
            file.path()
                + ": holds a model with "
                + field.getKey()
                + " "
                + Json.write(field.getValue())
                + ", the trainer's has "
                + Json.write(other));
      }
    }
  }

  private void readValues(String prefix, ParameterStore store) {
    for (Parameter p : store.parameters()) {
      read(prefix + p.name(), p.shape(), store.values(), p.offset());
    }
    for (String buffer : store.bufferNames()) {
      var tensor = store.buffer(buffer);
      read(prefix + buffer, tensor.shape(), tensor.data(), tensor.offset());
      if (buffer.endsWith(".running_var")) {
        requireSquares(prefix + buffer, tensor.shape(), tensor.data(), tensor.offset());
      }
    }
  }

  /** The root of a negative number would only show as NaN, much later. */
  private void requireSquares(String name, Shape shape, float[] values, int offset) {
    for (int i = 0; i < shape.count(); i++) {
      if (values[offset + i] < 0) {
        throw new InputException(
            file.path()
                + ": tensor "
                + name
                + " has "
                + values[offset + i]
                + " at element "
                + i
                + ", must not be negative");
      }
    }
  }

  private void read(String name, Shape shape, float[] dest, int offset) {
    file.readFloats(name, shape, dest, offset);
    for (int i = 0; i < shape.count(); i++) {
      if (!Float.isFinite(dest[offset + i])) {
        throw new InputException(
            file.path() + ": tensor " + name + " has " + dest[offset + i] + " at element " + i);
      }
    }
  }

  private void requireNothingElse(Trainer trainer) {
    TreeSet<String> left = new TreeSet<>(file.entries().keySet());
    for (ParameterStore store : stores(trainer.model())) {
      for (Parameter p : store.parameters()) {
        left.remove(p.name());
        left.remove(FIRST + p.name());
        left.remove(SECOND + p.name());
      }
      store.bufferNames().forEach(left::remove);
    }
    if (averages()) {
      ParameterStore store = trainer.model().generators().store();
      store.parameters().forEach(p -> left.remove(AVERAGE + p.name()));
      store.bufferNames().forEach(buffer -> left.remove(AVERAGE + buffer));
    }
    if (!left.isEmpty()) {
      throw new InputException(
          file.path() + ": tensor " + left.first() + " does not belong to the model");
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
