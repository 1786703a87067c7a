package dev.cogan.engine.train;

import dev.cogan.engine.io.Json;
import dev.cogan.engine.io.SafetensorsWriter;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.ParameterStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A trained model to hand on: the generators that a {@link Checkpoint} samples with (the averaged
 * ones, if there are any) and its metadata, without discriminators and optimisers; a fifth of the
 * size or less. {@link Checkpoint#open} reads it, for everything but training.
 */
public final class ModelFile {
  private ModelFile() {}

  /**
   * Writes the generators of a checkpoint; see {@link dev.cogan.engine.io.AtomicFile} for what can
   * go wrong.
   */
  public static void write(Path path, Checkpoint checkpoint) {
    Map<String, String> metadata = new LinkedHashMap<>();
    for (String key : new String[] {"model", "training", "state", "provenance"}) {
      metadata.put(key, checkpoint.file().metadata().get(key));
    }
    write(path, checkpoint.loadForSampling(Memory.heap()), metadata);
  }

  /**
   * Writes the generators of a model that was not trained here.
   *
   * @param options settings that would have trained it; of use are the noise and the seed
   * @param provenance where it comes from; empty if nothing is to be said
   */
  public static void write(
      Path path, CoupledModel model, TrainOptions options, Map<String, ?> provenance) {
    Checkpoint.requireProvenance(path, provenance);
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("model", Json.write(model.config().toJson()));
    metadata.put("training", Json.write(options.toJson()));
    metadata.put("state", Json.write(Map.of("step", 0)));
    metadata.put("provenance", Json.write(provenance));
    write(path, model, metadata);
  }

  private static void write(Path path, CoupledModel model, Map<String, String> metadata) {
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.metadata("format", Checkpoint.FORMAT).metadata("format_version", Checkpoint.VERSION);
    writer.metadata(Checkpoint.CONTENTS, Checkpoint.GENERATORS).metadata(metadata);
    ParameterStore store = model.generators().store();
    for (Parameter p : store.parameters()) {
      writer.add(p.name(), p.value());
    }
    for (String buffer : store.bufferNames()) {
      writer.add(buffer, store.buffer(buffer));
    }
    writer.withChecksums().write(path);
  }
}
