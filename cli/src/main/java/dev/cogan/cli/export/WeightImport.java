package dev.cogan.cli.export;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.SafetensorsFile;
import dev.cogan.engine.io.SafetensorsType;
import dev.cogan.engine.model.CoupledGenerators;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.BatchNorm2d;
import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.nn.Sequential;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes weights from a safetensors file of another program, by name: the generators', and for a
 * training the discriminators' as well.
 *
 * <p>A bias in front of a batch norm, which this program's nets do not have, changes nothing but
 * the mean that the norm subtracts: it is folded into {@code running_mean}.
 */
public final class WeightImport {

  /** What became of a name. */
  public enum Fate {
    /** Taken. */
    FITS("fits"),
    /** A bias that went into a running mean. */
    FOLDED("folded into the running mean"),
    /** The model needs it, the file has none. */
    MISSING("MISSING"),
    /** The file has none, and need not. */
    FRESH("as initialised"),
    /** The file's has another shape or type. */
    DIFFERS("DIFFERS"),
    /** In the file, but not in the model. */
    UNUSED("not used");

    private final String words;

    Fate(String words) {
      this.words = words;
    }

    /** In words. */
    public String words() {
      return words;
    }
  }

  /**
   * A row of the table.
   *
   * @param name of this program, or the file's where it is not used
   * @param expected shape in the model, or null
   * @param found type and shape in the file, or null
   */
  public record Row(String name, Shape expected, String found, Fate fate) {}

  private final SafetensorsFile file;
  private final Fate absent;
  private final Map<String, String> sources = new LinkedHashMap<>();
  private final CoupledModel model;
  private final List<Row> rows = new ArrayList<>();

  /**
   * Reads everything that fits.
   *
   * @param renames beginnings of names in the file, and what this program calls them; the first
   *     that fits counts
   * @throws InputException if a number is not finite or two names of the file become one
   */
  public WeightImport(SafetensorsFile file, ModelConfig config, Map<String, String> renames) {
    this(file, CoupledModel.forSampling(config, Memory.heap()), renames, Fate.MISSING);
  }

  /**
   * Reads what fits into a model that has weights already; the others stay.
   *
   * @throws InputException as the constructor does
   */
  public static WeightImport partial(
      SafetensorsFile file, CoupledModel model, Map<String, String> renames) {
    return new WeightImport(file, model, renames, Fate.FRESH);
  }

  private WeightImport(
      SafetensorsFile file, CoupledModel model, Map<String, String> renames, Fate absent) {
    this.file = file;
    this.model = model;
    this.absent = absent;
    for (String name : file.entries().keySet()) {
      String renamed = renamed(name, renames);
      if (sources.putIfAbsent(renamed, name) != null) {
        throw new InputException(
            file.path() + ": '" + name + "' and another tensor both become '" + renamed + "'");
      }
    }
    CoupledGenerators generators = model.generators();
    take(generators.store());
    if (model.discriminators() != null) {
      take(model.discriminators().store());
    }
    fold(generators.trunk());
    for (int d = 0; d < generators.domains(); d++) {
      fold(generators.head(d));
      if (model.discriminators() != null) {
        fold(model.discriminators().front(d));
      }
    }
    if (model.discriminators() != null) {
      fold(model.discriminators().tail());
    }
    for (Map.Entry<String, String> left : sources.entrySet()) {
      rows.add(new Row(left.getKey(), null, found(left.getValue()), Fate.UNUSED));
    }
  }

  private static String renamed(String name, Map<String, String> renames) {
    for (Map.Entry<String, String> rename : renames.entrySet()) {
      if (name.startsWith(rename.getKey())) {
        return rename.getValue() + name.substring(rename.getKey().length());
      }
    }
    return name;
  }

  private String found(String source) {
    SafetensorsFile.Entry entry = file.entry(source);
    return entry.type() + " " + entry.shape();
  }

  private void take(ParameterStore store) {
    for (Parameter p : store.parameters()) {
      take(p.name(), p.value());
    }
    for (String buffer : store.bufferNames()) {
      take(buffer, store.buffer(buffer));
    }
  }

  private void take(String name, Tensor target) {
    String source = sources.remove(name);
    if (source == null) {
      rows.add(new Row(name, target.shape(), null, absent));
      return;
    }
    SafetensorsFile.Entry entry = file.entry(source);
    boolean fits = entry.type() == SafetensorsType.F32 && entry.shape().equals(target.shape());
    if (fits) {
      read(source, target);
    }
    rows.add(new Row(name, target.shape(), found(source), fits ? Fate.FITS : Fate.DIFFERS));
  }

  private void read(String source, Tensor target) {
    file.readFloats(source, target.data(), target.offset());
    boolean variance = source.endsWith("running_var");
    for (int i = 0; i < target.count(); i++) {
      float value = target.get(i);
      if (!Float.isFinite(value) || variance && value < 0) {
        throw new InputException(
            file.path() + ": tensor '" + source + "' has " + value + " at element " + i);
      }
    }
  }

  /** norm(x + bias) with mean m is norm(x) with mean m - bias. */
  private void fold(Sequential network) {
    for (int i = 0; i + 1 < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      String bias = layer.path() + ".bias";
      boolean hasOwn = layer.parameters().stream().anyMatch(p -> p.name().equals(bias));
      if (hasOwn
          || !sources.containsKey(bias)
          || !(network.layers().get(i + 1) instanceof BatchNorm2d norm)) {
        continue;
      }
      SafetensorsFile.Entry entry = file.entry(sources.get(bias));
      Shape shape = Shape.of(norm.channels());
      if (entry.type() != SafetensorsType.F32 || !entry.shape().equals(shape)) {
        continue;
      }
      Tensor values = Tensor.zeros(shape);
      read(sources.remove(bias), values);
      for (int c = 0; c < values.count(); c++) {
        norm.runningMean().set(c, norm.runningMean().get(c) - values.get(c));
      }
      rows.add(new Row(bias, shape, "F32 " + shape, Fate.FOLDED));
    }
  }

  /** What became of every name, the model's first. */
  public List<Row> rows() {
    return List.copyOf(rows);
  }

  /** Whether the model has all its weights. */
  public boolean complete() {
    return rows.stream().noneMatch(r -> r.fate() == Fate.MISSING || r.fate() == Fate.DIFFERS);
  }

  /** The model with the weights; only if {@link #complete}. */
  public CoupledModel model() {
    return model;
  }
}
