package dev.cogan.cli;

import dev.cogan.cli.dataset.DomainPlaces;
import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.ImageStream;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.model.JsonFields;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.train.TrainOptions;
import dev.cogan.engine.train.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Everything that decides a training's numbers, as it stands in {@code options.json}.
 *
 * @param preset name of the preset it began from
 * @param specs one per domain, as typed
 * @param places where the images of {@code specs} lie, see {@link DomainPlaces}
 * @param dataFolder folder of the MNIST files, or null for the digits in the jar
 * @param disjoint whether domains of one source get disjoint parts
 * @param config the model
 * @param options the training
 */
record TrainPlan(
    String preset,
    List<String> specs,
    Map<String, String> places,
    Path dataFolder,
    boolean disjoint,
    ModelConfig config,
    TrainOptions options) {

  /** With images that lie where the specs say it, from the working directory. */
  TrainPlan(
      String preset,
      List<String> specs,
      Path dataFolder,
      boolean disjoint,
      ModelConfig config,
      TrainOptions options) {
    this(preset, specs, DomainPlaces.of(specs), dataFolder, disjoint, config, options);
  }

  /** The same with other settings of the training. */
  TrainPlan withOptions(TrainOptions other) {
    return new TrainPlan(preset, specs, places, dataFolder, disjoint, config, other);
  }

  /** What the networks need to know of the domains. */
  static List<DomainShape> shapes(List<DomainData> data) {
    List<DomainShape> shapes = new ArrayList<>();
    for (DomainData domain : data) {
      shapes.add(new DomainShape(domain.name(), domain.shape()));
    }
    return shapes;
  }

  /** A trainer on freshly initialised or (with a counting memory) merely planned arrays. */
  Trainer trainer(List<DomainData> data, Kernels kernels, Memory memory) {
    return trainer(data, kernels, memory, null);
  }

  /**
   * The same with some weights from elsewhere.
   *
   * @param init or null
   */
  Trainer trainer(List<DomainData> data, Kernels kernels, Memory memory, InitialWeights init) {
    CoupledModel model = CoupledModel.forTraining(config, memory);
    if (memory.isReal()) {
      model.initialise(options.initializer(), options.seed());
      if (init != null) {
        init.into(model);
      }
    }
    List<ImageStream> streams = new ArrayList<>();
    for (DomainData domain : data) {
      streams.add(ImageStream.of(domain, options.seed()));
    }
    RandomStream dropout = RandomStream.of(options.seed(), "dropout");
    return new Trainer(model, options, streams, new Workspace(kernels, memory, dropout));
  }

  /** Where the training comes from, for its checkpoints: the same for equal trainings. */
  Map<String, Object> provenance(String kernels) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("program", Version.text());
    map.put("preset", preset);
    putDomains(map);
    map.put("data", dataFolder == null ? "jar" : dataFolder.toString());
    map.put("disjoint", disjoint);
    map.put(
        "jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    map.put("kernels", kernels);
    return map;
  }

  /**
   * Back from {@link #toJson}, with the shapes of the domains as they are written there.
   *
   * @param file for messages
   */
  static TrainPlan fromJson(Path file, Map<?, ?> json) {
    try {
      JsonFields f = new JsonFields(file.toString(), json);
      List<String> specs = new ArrayList<>();
      f.list("domains").forEach(spec -> specs.add(String.valueOf(spec)));
      String data = f.text("data");
      return new TrainPlan(
          f.text("preset"),
          specs,
          DomainPlaces.settle(specs, DomainPlaces.read(file, json.get(DomainPlaces.KEY))),
          data.equals("jar") ? null : DomainPlaces.folder(file, data),
          f.flag("disjoint"),
          whole("model", json, ModelConfig::fromJson),
          whole("training", json, TrainOptions::fromJson));
    } catch (ConfigException e) {
      String message = e.getMessage();
      throw new InputException(
          message.startsWith(file.toString()) ? message : file + ": " + message, e);
    }
  }

  /** A mistyped name would change nothing: there is no field that nobody reads. */
  private static <T> T whole(String name, Map<?, ?> json, Function<JsonFields, T> reader) {
    JsonFields fields = new JsonFields(name, json.get(name));
    T value = reader.apply(fields);
    fields.requireNoOthers();
    return value;
  }

  /** The plan as JSON values. */
  Map<String, Object> toJson(long steps, long snapshot) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("preset", preset);
    putDomains(map);
    map.put("data", dataFolder == null ? "jar" : dataFolder.toString());
    map.put("disjoint", disjoint);
    map.put("steps", steps);
    map.put("snapshot", snapshot);
    map.put("model", config.toJson());
    map.put("training", options.toJson());
    return map;
  }

  private void putDomains(Map<String, Object> map) {
    map.put("domains", specs);
    if (!places.isEmpty()) {
      map.put(DomainPlaces.KEY, places);
    }
  }
}
