package dev.cogan.engine.model;

import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The table of a model's parameters: name, shape, offset in its team's array, and who shares it.
 */
public final class ParameterTable {

  /**
   * One parameter.
   *
   * @param team {@code generators} or {@code discriminators}
   * @param name path
   * @param shape sizes
   * @param offset index of its first element in the team's array
   * @param count number of elements
   * @param usedBy names of the domains whose network holds it
   */
  public record Row(
      String team, String name, int[] shape, int offset, int count, List<String> usedBy) {

    /** Whether more than one domain uses it. */
    public boolean shared() {
      return usedBy.size() > 1;
    }
  }

  private ParameterTable() {}

  /** One row per parameter, generators first, in the order of the offsets. */
  public static List<Row> rows(CoupledModel model) {
    List<Row> rows = new ArrayList<>();
    addRows(rows, model, model.generators().store());
    if (model.discriminators() != null) {
      addRows(rows, model, model.discriminators().store());
    }
    return rows;
  }

  private static void addRows(List<Row> rows, CoupledModel model, ParameterStore store) {
    for (Parameter p : store.parameters()) {
      List<String> users = new ArrayList<>();
      for (int d = 0; d < model.config().domains().size(); d++) {
        if (uses(model, store, d, p)) {
          users.add(model.config().domains().get(d).name());
        }
      }
      rows.add(new Row(store.name(), p.name(), p.shape().toArray(), p.offset(), p.count(), users));
    }
  }

  /** Looks for the very same object in the layers that the domain's images pass through. */
  private static boolean uses(CoupledModel model, ParameterStore store, int domain, Parameter p) {
    boolean generators = store == model.generators().store();
    var networks =
        generators
            ? List.of(model.generators().trunk(), model.generators().head(domain))
            : List.of(model.discriminators().front(domain), model.discriminators().tail());
    return networks.stream()
        .flatMap(network -> network.layers().stream())
        .flatMap(layer -> layer.parameters().stream())
        .anyMatch(q -> q == p);
  }

  /** The rows as text, at most 80 columns wide for usual names, with totals at the end. */
  public static String describe(CoupledModel model) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT, "%-31s %-18s %9s  %s%n", "parameter", "shape", "offset", "used by"));
    long shared = 0;
    long total = 0;
    for (Row row : rows(model)) {
      StringBuilder shape = new StringBuilder();
      for (int size : row.shape()) {
        shape.append(shape.isEmpty() ? "" : " x ").append(size);
      }
      text.append(
          String.format(
              Locale.ROOT,
              "%-31s %-18s %9d  %s%s%n",
              row.name(),
              shape,
              row.offset(),
              String.join(" ", row.usedBy()),
              row.shared() ? " (shared)" : ""));
      total += row.count();
      shared += row.shared() ? row.count() : 0;
    }
    text.append(String.format(Locale.ROOT, "%,d parameters, %,d of them shared%n", total, shared));
    return text.toString();
  }
}
