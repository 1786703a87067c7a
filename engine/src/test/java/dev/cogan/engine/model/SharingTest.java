package dev.cogan.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.Linear;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.nn.Sequential;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Shared rows are one object, in one place of one array; private rows are not. */
class SharingTest {

  static List<int[]> sharings() {
    List<int[]> all = new ArrayList<>();
    for (int k = 0; k <= 4; k++) {
      for (int l = 0; l <= 3; l++) {
        all.add(new int[] {k, l});
      }
    }
    return all;
  }

  private static CoupledModel model(ModelConfig config) {
    return CoupledModel.forTraining(config, Memory.heap());
  }

  /** The weights and biases that an image passes, in its order. */
  private static List<Parameter> path(Sequential first, Sequential second) {
    List<Parameter> parameters = new ArrayList<>();
    for (Sequential network : List.of(first, second)) {
      for (Layer layer : network.layers()) {
        parameters.addAll(layer.parameters());
      }
    }
    return parameters;
  }

  private static List<Parameter> generator(CoupledModel model, int domain) {
    return path(model.generators().trunk(), model.generators().head(domain));
  }

  private static List<Parameter> discriminator(CoupledModel model, int domain) {
    return path(model.discriminators().front(domain), model.discriminators().tail());
  }

  /** Parameters of each row: transposed convolution and slope, ..., the last with a bias. */
  private static final int[] GENERATOR_ROWS = {2, 2, 2, 2, 2};

  private static final int[] DISCRIMINATOR_ROWS = {2, 2, 3, 2};

  @ParameterizedTest
  @MethodSource("sharings")
  void firstRowsOfGeneratorsAndLastRowsOfDiscriminatorsAreTheSameObjects(int[] sharing) {
    CoupledModel model =
        model(
            TinyModels.DIGITS
                .withSharing(sharing[0], sharing[1])
                .withDomains(TinyModels.domains(1, 1, 1)));
    int sharedG = sum(GENERATOR_ROWS, 0, sharing[0]);
    int sharedD = sum(DISCRIMINATOR_ROWS, 4 - sharing[1], 4);
    for (int domain = 1; domain < 3; domain++) {
      List<Parameter> g1 = generator(model, 0);
      List<Parameter> g2 = generator(model, domain);
      assertThat(g2).hasSize(10).hasSameSizeAs(g1);
      for (int i = 0; i < g1.size(); i++) {
        assertThat(g1.get(i) == g2.get(i)).as("generator parameter %d", i).isEqualTo(i < sharedG);
      }
      List<Parameter> f1 = discriminator(model, 0);
      List<Parameter> f2 = discriminator(model, domain);
      assertThat(f2).hasSize(9).hasSameSizeAs(f1);
      for (int i = 0; i < f1.size(); i++) {
        assertThat(f1.get(i) == f2.get(i))
            .as("discriminator parameter %d", i)
            .isEqualTo(i >= f1.size() - sharedD);
      }
    }
  }

  private static int sum(int[] values, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      sum += values[i];
    }
    return sum;
  }

  @Test
  void sharedWeightIsSeenThroughBothPaths() {
    CoupledModel model = model(TinyModels.DIGITS);
    Sequential tail = model.discriminators().tail();
    Linear last = (Linear) tail.layers().get(tail.layers().size() - 1);
    List<Parameter> a = discriminator(model, 0);
    List<Parameter> b = discriminator(model, 1);
    assertThat(a.get(a.size() - 2)).isSameAs(last.weight()).isSameAs(b.get(b.size() - 2));
    last.weight().value().set(0, 42f);
    assertThat(b.get(b.size() - 2).value().get(0)).isEqualTo(42f);
    assertThat(model.discriminators().store().values()[last.weight().offset()]).isEqualTo(42f);
  }

  @ParameterizedTest
  @MethodSource("sharings")
  void tableHasNoGapsAndTellsWhoSharesWhat(int[] sharing) {
    CoupledModel model =
        model(
            TinyModels.DIGITS
                .withSharing(sharing[0], sharing[1])
                .withDomains(TinyModels.domains(1, 3)));
    List<ParameterTable.Row> rows = ParameterTable.rows(model);
    Set<String> names = new HashSet<>();
    String team = "generators";
    int next = 0;
    for (ParameterTable.Row row : rows) {
      if (!row.team().equals(team)) {
        assertThat(next).isEqualTo(model.generators().store().count());
        team = "discriminators";
        next = 0;
      }
      assertThat(row.team()).isEqualTo(team);
      assertThat(row.name()).startsWith(team + '.');
      assertThat(row.offset()).as(row.name()).isEqualTo(next);
      assertThat(names.add(row.name())).as(row.name()).isTrue();
      String part = row.name().split("\\.")[1];
      assertThat(row.usedBy())
          .as(row.name())
          .isEqualTo(part.equals("shared") ? List.of("a", "b") : List.of(part));
      assertThat(row.shared()).isEqualTo(part.equals("shared"));
      int count = 1;
      for (int size : row.shape()) {
        count *= size;
      }
      assertThat(row.count()).isEqualTo(count);
      next += count;
    }
    assertThat(next).isEqualTo(model.discriminators().store().count());
  }

  @Test
  void pathsAreThoseOfTheCheckpointFormat() {
    CoupledModel model = model(TinyModels.DIGITS.withSharing(2, 1));
    assertThat(names(model.generators().store()))
        .containsExactly(
            "generators.shared.0.weight",
            "generators.shared.2.weight",
            "generators.shared.3.weight",
            "generators.shared.5.weight",
            "generators.a.0.weight",
            "generators.a.2.weight",
            "generators.a.3.weight",
            "generators.a.5.weight",
            "generators.a.6.weight",
            "generators.a.6.bias",
            "generators.b.0.weight",
            "generators.b.2.weight",
            "generators.b.3.weight",
            "generators.b.5.weight",
            "generators.b.6.weight",
            "generators.b.6.bias");
    assertThat(model.generators().store().bufferNames())
        .containsExactly(
            "generators.shared.1.running_mean",
            "generators.shared.1.running_var",
            "generators.shared.4.running_mean",
            "generators.shared.4.running_var",
            "generators.a.1.running_mean",
            "generators.a.1.running_var",
            "generators.a.4.running_mean",
            "generators.a.4.running_var",
            "generators.b.1.running_mean",
            "generators.b.1.running_var",
            "generators.b.4.running_mean",
            "generators.b.4.running_var");
    assertThat(names(model.discriminators().store()))
        .containsExactly(
            "discriminators.a.0.weight",
            "discriminators.a.0.bias",
            "discriminators.a.2.weight",
            "discriminators.a.2.bias",
            "discriminators.a.5.weight",
            "discriminators.a.5.bias",
            "discriminators.a.6.weight",
            "discriminators.b.0.weight",
            "discriminators.b.0.bias",
            "discriminators.b.2.weight",
            "discriminators.b.2.bias",
            "discriminators.b.5.weight",
            "discriminators.b.5.bias",
            "discriminators.b.6.weight",
            "discriminators.shared.0.weight",
            "discriminators.shared.0.bias");
  }

  private static List<String> names(ParameterStore store) {
    return store.parameters().stream().map(Parameter::name).toList();
  }

  @Test
  void runningStatisticsStartAtZeroAndOne() {
    ParameterStore store = model(TinyModels.DIGITS).generators().store();
    for (String buffer : store.bufferNames()) {
      assertThat(store.buffer(buffer).toArray())
          .as(buffer)
          .containsOnly(buffer.endsWith("var") ? 1f : 0f);
    }
  }

  /** Liu and Tuzel 2016, layer tables of the released code. */
  @Test
  void paperSizesAreThoseOfThePaper() {
    ModelConfig paper =
        new ModelConfig(
            "digits",
            100,
            List.of(1024, 512, 256, 128),
            List.of(20, 50, 500),
            4,
            3,
            0f,
            false,
            TinyModels.domains(1, 1));
    CoupledModel model = CoupledModel.forTraining(paper, Memory.counting());
    int slopes = 4;
    int head = 128 * 36 + 1;
    assertThat(count(model.generators().trunk())).isEqualTo(7_831_552 + slopes);
    assertThat(count(model.generators().head(0))).isEqualTo(head);
    assertThat(model.generators().store().count()).isEqualTo(7_831_552 + slopes + 2 * head);
    int front = 20 * 25 + 20;
    int tail = (50 * 20 * 25 + 50) + (800 * 500 + 500 + 1) + (500 + 1);
    assertThat(model.discriminators().store().count()).isEqualTo(2 * front + tail);

    CoupledModel channels =
        CoupledModel.forTraining(
            new ModelConfig(
                "digits",
                100,
                paper.generatorWidths(),
                paper.discriminatorWidths(),
                4,
                3,
                0f,
                true,
                paper.domains()),
            Memory.counting());
    assertThat(count(channels.generators().trunk())).isEqualTo(7_831_552 + 1024 + 512 + 256 + 128);
  }

  private static int count(Sequential network) {
    return network.layers().stream()
        .flatMap(layer -> layer.parameters().stream())
        .mapToInt(Parameter::count)
        .sum();
  }

  @Test
  void tableAsTextNamesTotals() {
    CoupledModel model = model(TinyModels.DIGITS);
    int total = model.generators().store().count() + model.discriminators().store().count();
    long shared =
        ParameterTable.rows(model).stream()
            .filter(ParameterTable.Row::shared)
            .mapToInt(ParameterTable.Row::count)
            .sum();
    assertThat(ParameterTable.describe(model))
        .contains("generators.shared.0.weight")
        .contains("a b (shared)")
        .endsWith(total + " parameters, " + shared + " of them shared" + System.lineSeparator());
  }

  @Test
  void modelForSamplingHasNoDiscriminatorsAndNoGradients() {
    CoupledModel model = CoupledModel.forSampling(TinyModels.DIGITS, Memory.heap());
    assertThat(model.discriminators()).isNull();
    assertThat(model.generators().store().trainable()).isFalse();
    assertThat(ParameterTable.rows(model)).allMatch(row -> row.team().equals("generators"));
  }
}
