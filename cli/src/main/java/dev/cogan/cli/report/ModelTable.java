package dev.cogan.cli.report;

import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.model.ParameterTable;
import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.Sequential;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model's layers and parameters, and who shares them, as JSON values for the page. */
final class ModelTable {
  private ModelTable() {}

  /** Plans the model without memory for its numbers. */
  static Map<String, Object> of(ModelConfig config) {
    CoupledModel model = CoupledModel.forTraining(config, Memory.counting());
    Map<String, Object> json = new LinkedHashMap<>();
    List<Object> domains = new ArrayList<>();
    List<Sequential> heads = new ArrayList<>();
    List<Sequential> fronts = new ArrayList<>();
    for (int d = 0; d < config.domains().size(); d++) {
      domains.add(config.domains().get(d).name());
      heads.add(model.generators().head(d));
      fronts.add(model.discriminators().front(d));
    }
    json.put("domains", domains);
    json.put("generators", team(model.generators().trunk(), heads, true));
    json.put("discriminators", team(model.discriminators().tail(), fronts, false));
    json.put("parameters", parameters(ParameterTable.rows(model)));
    return json;
  }

  private static Map<String, Object> team(
      Sequential shared, List<Sequential> own, boolean sharedFirst) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("shared_first", sharedFirst);
    json.put("shared", layers(shared));
    List<Object> parts = new ArrayList<>();
    own.forEach(part -> parts.add(layers(part)));
    json.put("own", parts);
    return json;
  }

  private static List<Object> layers(Sequential network) {
    List<Object> layers = new ArrayList<>();
    for (Layer layer : network.layers()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("text", layer.describe());
      json.put("count", layer.parameters().stream().mapToLong(Parameter::count).sum());
      layers.add(json);
    }
    return layers;
  }

  private static List<Object> parameters(List<ParameterTable.Row> rows) {
    List<Object> parameters = new ArrayList<>();
    for (ParameterTable.Row row : rows) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("name", row.name());
      List<Object> shape = new ArrayList<>();
      for (int size : row.shape()) {
        shape.add(size);
      }
      json.put("shape", shape);
      json.put("offset", row.offset());
      json.put("count", row.count());
      json.put("used_by", row.usedBy());
      parameters.add(json);
    }
    return parameters;
  }
}
