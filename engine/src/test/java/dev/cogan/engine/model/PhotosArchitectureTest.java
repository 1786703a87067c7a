package dev.cogan.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.nn.BatchNorm2d;
import dev.cogan.engine.nn.Dropout;
import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.Sequential;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.train.Preset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhotosArchitectureTest {

  private static CoupledModel plan(ModelConfig config) {
    return CoupledModel.forTraining(config, Memory.counting());
  }

  private static ModelConfig tiny(int height, int width, int... widths) {
    List<Integer> generator = new ArrayList<>();
    for (int w : widths) {
      generator.add(w);
    }
    List<Integer> discriminator = new ArrayList<>(generator);
    discriminator.add(6);
    return new ModelConfig(
        "photos",
        3,
        generator,
        discriminator,
        1,
        2,
        0.5f,
        true,
        List.of(
            new DomainShape("a", Shape.of(3, height, width)),
            new DomainShape("b", Shape.of(1, height, width))));
  }

  @Test
  void thePapersFaceNets() {
    CoupledModel model = plan(Preset.FACES128.model());
    Sequential trunk = model.generators().trunk();
    Sequential head = model.generators().head(1);
    assertThat(shapesOfConvolutions(trunk))
        .containsExactly(
            "[1024, 4, 4]", "[512, 8, 8]", "[256, 16, 16]", "[128, 32, 32]", "[64, 64, 64]");
    assertThat(shapesOfConvolutions(head)).containsExactly("[32, 128, 128]", "[3, 128, 128]");
    assertThat(shapesOfConvolutions(model.discriminators().front(0)))
        .containsExactly("[32, 64, 64]", "[64, 32, 32]");
    assertThat(shapesOfConvolutions(model.discriminators().tail()))
        .containsExactly(
            "[128, 16, 16]", "[256, 8, 8]", "[512, 4, 4]", "[1024, 2, 2]", "[2048]", "[1]");
    assertThat(dropouts(model.discriminators().front(0))).isEmpty();
    assertThat(dropouts(model.discriminators().tail()))
        .containsExactly(
            "Dropout(0.1)", "Dropout(0.3)", "Dropout(0.3)", "Dropout(0.5)", "Dropout(0.5)");
  }

  @Test
  void theLightNets() {
    CoupledModel model = plan(Preset.FACES64_SMALL.model());
    assertThat(shapesOfConvolutions(model.generators().trunk()))
        .containsExactly("[128, 4, 4]", "[96, 8, 8]", "[64, 16, 16]", "[32, 32, 32]");
    assertThat(shapesOfConvolutions(model.generators().head(1)))
        .containsExactly("[16, 64, 64]", "[3, 64, 64]");
    assertThat(shapesOfConvolutions(model.discriminators().front(0)))
        .containsExactly("[24, 32, 32]");
    assertThat(shapesOfConvolutions(model.discriminators().tail()))
        .containsExactly("[48, 16, 16]", "[96, 8, 8]", "[128, 4, 4]", "[1]");
    assertThat(dropouts(model.discriminators().tail())).containsExactly("Dropout(0.3)");
  }

  @Test
  void theLightDiscriminatorsSeeColourAndContrastOfABatch() {
    CoupledModel model = plan(Preset.RGBD64_SMALL.model());
    List<Layer> layers = new ArrayList<>(model.discriminators().tail().layers());
    layers.addAll(model.discriminators().front(1).layers());
    assertThat(layers).noneMatch(BatchNorm2d.class::isInstance);
  }

  @Test
  void theLightNetsRefuseAWrongNumberOfWidths() {
    ModelConfig config = Preset.FACES64_SMALL.model();
    assertThatThrownBy(() -> plan(config.withDiscriminatorWidths(List.of(24, 48, 96))))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "family photos-light has 4 discriminator widths for images of 64x64, got [24, 48, 96]");
    assertThatThrownBy(() -> plan(config.withGeneratorWidths(List.of(8, 8))))
        .isInstanceOf(ConfigException.class)
        .hasMessage("family photos-light has 5 generator widths for images of 64x64, got [8, 8]");
  }

  private static List<String> shapesOfConvolutions(Sequential network) {
    List<String> shapes = new ArrayList<>();
    String[] lines = network.describe().split("\n");
    for (String line : lines) {
      if (line.contains("Conv") || line.contains("Linear")) {
        shapes.add(line.substring(line.indexOf("-> ") + 3));
      }
    }
    return shapes;
  }

  private static List<String> dropouts(Sequential network) {
    return network.layers().stream()
        .filter(Dropout.class::isInstance)
        .map(Layer::describe)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"faces64", "faces128", "rgbd64"})
  void allButTwoRowsAreShared(String name) {
    CoupledModel model = plan(Preset.named(name).model());
    long privateWeights =
        ParameterTable.rows(model).stream()
            .filter(row -> !row.shared() && row.usedBy().contains("a"))
            .filter(row -> row.name().endsWith(".weight") && row.shape().length > 1)
            .count();
    assertThat(privateWeights).as("two of the generator, two of the discriminator").isEqualTo(4);
  }

  @Test
  void channelsMayDiffer() {
    CoupledModel model = plan(Preset.RGBD64.model());
    assertThat(model.generators().head(0).outputShape()).isEqualTo(Shape.of(3, 64, 64));
    assertThat(model.generators().head(1).outputShape()).isEqualTo(Shape.of(1, 64, 64));
  }

  @ParameterizedTest
  @CsvSource({"28, 28", "4, 4", "12, 12", "16, 8", "512, 512"})
  void refusesOtherSizes(int height, int width) {
    assertThatThrownBy(() -> plan(tiny(height, width, 4, 3)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("photos works on square images of side 8, 16, 32")
        .hasMessageContaining("got " + height + "x" + width);
  }

  @Test
  void refusesAWrongNumberOfWidths() {
    assertThatThrownBy(() -> plan(tiny(16, 16, 4, 3)))
        .isInstanceOf(ConfigException.class)
        .hasMessage("family photos has 3 generator widths for images of 16x16, got [4, 3]");
    ModelConfig config = tiny(16, 16, 4, 3, 2).withDiscriminatorWidths(List.of(2, 2));
    assertThatThrownBy(() -> plan(config))
        .isInstanceOf(ConfigException.class)
        .hasMessage("family photos has 4 discriminator widths for images of 16x16, got [2, 2]");
  }

  @Test
  void statisticsOfTheDiscriminatorsStartAtMeanZeroAndVarianceOne() {
    CoupledModel model = CoupledModel.forTraining(tiny(8, 8, 4, 3), Memory.heap());
    List<Layer> layers = new ArrayList<>(model.discriminators().tail().layers());
    layers.addAll(model.discriminators().front(1).layers());
    List<BatchNorm2d> norms =
        layers.stream().filter(BatchNorm2d.class::isInstance).map(BatchNorm2d.class::cast).toList();
    assertThat(norms).hasSize(3);
    for (BatchNorm2d norm : norms) {
      assertThat(norm.runningVar().get(0)).isEqualTo(1f);
    }
  }

  @Test
  void noBiasBeforeABatchNorm() {
    CoupledModel model = plan(Preset.FACES64.model());
    assertThat(model.generators().store().parameters())
        .filteredOn(p -> p.role() == Parameter.Role.BIAS)
        .extracting(Parameter::name)
        .containsExactly("generators.a.3.bias", "generators.b.3.bias");
  }
}
