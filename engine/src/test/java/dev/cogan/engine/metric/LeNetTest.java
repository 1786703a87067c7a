package dev.cogan.engine.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.DomainSpec;
import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.data.ImageTransforms;
import dev.cogan.engine.data.MnistSource;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.SafetensorsFile;
import dev.cogan.engine.io.SafetensorsWriter;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.testdata.TestData;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A classifier of a few real digits: it learns, comes back from its file, and evaluates. */
@Tag("slow")
class LeNetTest {
  private static final Kernels KERNELS = new ScalarKernels();
  private static final ImageSet DIGITS = MnistSource.testFolder(TestData.path("mnist")).load();
  private static final LeNet NET = trained(500, 5);

  private static DomainData digits(String name, String spec, int from, int to) {
    int[] indices = IntStream.range(from, to).toArray();
    return new DomainData(
        name, spec, DIGITS.transformed(DomainSpec.parse(spec).transform(), indices));
  }

  private static LeNet trained(int count, int epochs) {
    Memory memory = Memory.heap();
    LeNet net = new LeNet(Shape.of(1, 28, 28), 10, memory, true);
    Workspace workspace = new Workspace(KERNELS, memory, RandomStream.of(1, "dropout"));
    LeNetTrainer trainer =
        new LeNetTrainer(
            net,
            List.of(digits("a", "mnist", 0, count), digits("b", "mnist:negative", 0, count)),
            epochs,
            1,
            workspace);
    assertThat(trainer.steps()).isEqualTo(epochs * 2L * count / 64);
    while (trainer.stepsDone() < trainer.steps()) {
      trainer.step();
    }
    return net;
  }

  private static LeNetExtractor extractor(LeNet net) {
    return new LeNetExtractor(net, "few digits", Workspace.inference(KERNELS));
  }

  private static EvaluationDomain domain(DomainData data) {
    return new EvaluationDomain(
        DomainSpec.parse(data.spec()), data, "test", extractor(NET), "", "");
  }

  @Test
  void learnsDigitsItHasNotSeen() {
    LeNetExtractor extractor = extractor(NET);
    for (String spec : List.of("mnist", "mnist:negative")) {
      assertThat(LeNetTrainer.accuracy(extractor, digits("a", spec, 1000, 1300)))
          .as(spec)
          .isGreaterThan(0.8);
    }
    assertThat(LeNetTrainer.accuracy(extractor(trained(64, 1)), digits("a", "mnist", 1000, 1200)))
        .isLessThan(0.8);
  }

  @Test
  void featuresDoNotDependOnTheBatch() {
    Tensor images = RealImages.inOrder(digits("a", "mnist", 0, 130), 0, 130);
    Features all = extractor(NET).extract(images);
    Features tail = extractor(NET).extract(images.slice(120, 10));
    assertThat(tail.values()).containsExactly(all.range(120, 10).values(), within(1e-4f));
    assertThat(tail.classes()).isEqualTo(all.range(120, 10).classes());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> extractor(NET).extract(Tensor.zeros(1, 3, 28, 28)))
        .withMessageContaining("[1, 28, 28]");
  }

  @Test
  void comesBackFromItsFile() {
    byte[] bytes = LeNetFile.writer(NET, Map.of("data", "few")).toBytes();
    LeNetFile read = LeNetFile.read(SafetensorsFile.of(bytes, "lenet"));
    assertThat(read.provenance().get("data")).isEqualTo("few");
    assertThat(read.net().store().values()).isEqualTo(NET.store().values());
    Tensor images = RealImages.inOrder(digits("a", "mnist", 0, 9), 0, 9);
    assertThat(extractor(read.net()).extract(images).values())
        .isEqualTo(extractor(NET).extract(images).values());
  }

  @Test
  void otherFilesAreRefused() {
    byte[] other = new SafetensorsWriter().metadata("format", "x").toBytes();
    assertThatThrownBy(() -> LeNetFile.read(SafetensorsFile.of(other, "other")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("other: not a classifier");
    byte[] empty =
        new SafetensorsWriter()
            .metadata("format", "cogan-classifier")
            .metadata("format_version", "1")
            .metadata("classifier", "{\"channels\":1,\"height\":28,\"width\":28,\"classes\":10}")
            .toBytes();
    assertThatThrownBy(() -> LeNetFile.read(SafetensorsFile.of(empty, "empty")))
        .isInstanceOf(InputException.class)
        .hasMessage("empty: has no tensor 'classifier.0.weight'");
    LeNet broken = new LeNet(Shape.of(1, 28, 28), 10, Memory.heap(), false);
    broken.store().values()[7] = Float.NaN;
    byte[] nan = LeNetFile.writer(broken, Map.of()).toBytes();
    assertThatThrownBy(() -> LeNetFile.read(SafetensorsFile.of(nan, "nan")))
        .isInstanceOf(InputException.class)
        .hasMessage("nan: tensor classifier.0.weight has NaN at 7");
  }

  @Test
  void whatCannotBeTrained() {
    assertThatThrownBy(() -> new LeNet(Shape.of(1, 12, 28), 10, Memory.counting(), false))
        .isInstanceOf(ConfigException.class);
    LeNet three = new LeNet(Shape.of(1, 28, 28), 3, Memory.heap(), true);
    Workspace workspace = Workspace.inference(KERNELS);
    assertThatThrownBy(
            () -> new LeNetTrainer(three, List.of(digits("a", "mnist", 0, 9)), 1, 1, workspace))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("the classifier knows 0 to 2");
    DomainData unlabelled =
        new DomainData("a", "bytes", ImageSet.ofBytes(Shape.of(1, 28, 28), new byte[784]));
    assertThatThrownBy(() -> new LeNetTrainer(NET, List.of(unlabelled), 1, 1, workspace))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("has none");
  }

  @Test
  void realPairsAreNearlyPerfect() {
    List<EvaluationDomain> domains =
        List.of(
            domain(digits("a", "mnist", 1000, 1400)),
            domain(digits("b", "mnist:negative", 1000, 1400)));
    ImagePairs source =
        ImagePairs.real(
            List.of(digits("a", "mnist", 1400, 1800), digits("b", "mnist:negative", 1400, 1800)));
    Evaluation e = Evaluation.measure(source, 400, 5, domains, KERNELS, (what, done, of) -> {});
    PairReport pair = e.pairs().get(0);
    assertThat(pair.pixels().model().binarised()).isOne();
    assertThat(pair.pixels().chance().binarised()).isBetween(0.78, 0.88);
    assertThat(pair.labels().agreement()).isGreaterThan(0.7);
    assertThat(pair.labels().chance()).isBetween(0.08, 0.2);
    // These pairs are what the operator makes.
    assertThat(pair.labels().perfect()).isEqualTo(pair.labels().agreement());
    for (DomainReport report : e.domains()) {
      assertThat(report.accuracy()).isGreaterThan(0.8);
      assertThat(report.cover().recall()).isGreaterThan(0.7);
      assertThat(report.cover().precision()).isGreaterThan(0.7);
      assertThat(report.diversity()).isBetween(0.9, 1.1);
      assertThat(report.histogram().total()).isEqualTo(400);
      assertThat(report.notes()).isEmpty();
    }
    assertThat(e.toJson().toString()).contains("few digits", "real_split=test", "seed=5");
  }

  @Test
  void wrongPartnersOfGoodDrawingsAreToldFromBadDrawings() {
    List<EvaluationDomain> domains =
        List.of(
            domain(digits("a", "mnist:negative", 1000, 1400)),
            domain(digits("b", "mnist", 1000, 1400)));
    ImagePairs unrelated =
        ImagePairs.real(
            List.of(digits("a", "mnist:negative", 1400, 1800), digits("b", "mnist", 1000, 1400)));
    Evaluation e = Evaluation.measure(unrelated, 400, 5, domains, KERNELS, (what, done, of) -> {});
    PairLabels labels = e.pairs().get(0).labels();
    assertThat(labels.agreement()).isLessThan(0.3);
    assertThat(labels.perfect()).isBetween(0.7, 1.0);
    assertThat(e.toJson().toString()).contains("perfect_coupling=" + labels.perfect());
  }

  @Test
  void blankPairsAgreeButAreFoundOut() {
    List<EvaluationDomain> domains =
        List.of(
            domain(digits("a", "mnist", 1000, 1400)),
            domain(digits("b", "mnist:edge", 1000, 1400)));
    ImagePairs blank = n -> List.of(Tensor.zeros(n, 1, 28, 28), Tensor.zeros(n, 1, 28, 28));
    Evaluation e = Evaluation.measure(blank, 100, 5, domains, KERNELS, (what, done, of) -> {});
    assertThat(e.pairs().get(0).pixels().model().binarised()).isOne();
    assertThat(e.domains().get(0).cover().recall()).isZero();
    assertThat(e.domains().get(0).diversity()).isZero();
    assertThat(e.domains().get(0).histogram().largest()).isOne();
  }

  @Test
  void tooFewImagesAreRefusedBeforeAnyIsDrawn() {
    List<EvaluationDomain> domains =
        List.of(domain(digits("a", "mnist", 1000, 1009)), domain(digits("b", "mnist", 1000, 1400)));
    ImagePairs none =
        n -> {
          throw new AssertionError("drawn");
        };
    assertThatThrownBy(
            () -> Evaluation.measure(none, 400, 5, domains, KERNELS, (what, done, of) -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("domain a")
        .hasMessageContaining("at least 10 real images, got 9");
    assertThatThrownBy(
            () -> Evaluation.measure(none, 9, 5, domains, KERNELS, (what, done, of) -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected at least 10 images per domain, got 9");
  }

  @Test
  void operatorsBetweenDomains() {
    Tensor digit = RealImages.inOrder(digits("a", "mnist", 0, 3), 0, 3);
    var all = List.of("identity", "edge", "negative", "rotate90");
    for (String first : all) {
      for (String second : all) {
        var a = ImageTransforms.named(first).orElseThrow();
        var b = ImageTransforms.named(second).orElseThrow();
        PairOperator operator = PairOperator.between(a, b).orElse(null);
        if (operator == null) {
          assertThat(first + second).isEqualTo("edgeedge");
          continue;
        }
        Tensor from = operator.from() == 0 ? a.apply(digit) : b.apply(digit);
        Tensor to = operator.from() == 0 ? b.apply(digit) : a.apply(digit);
        assertThat(operator.operator().apply(from).toArray())
            .as(first + " " + second + ": " + operator.name())
            .containsExactly(to.toArray(), within(1e-6f));
      }
    }
  }
}
