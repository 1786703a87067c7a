package dev.cogan.cli.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.model.Algorithm;
import dev.cogan.engine.model.CoupledDiscriminators;
import dev.cogan.engine.model.DiscriminatorPass;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Mode;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Checkpoint;
import dev.cogan.engine.train.Preset;
import dev.cogan.engine.train.Sampler;
import dev.cogan.engine.train.TrainOptions;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What ONNX Runtime computes from an exported file against what this program computes. */
class OnnxExportTest {
  private static final double TOLERANCE = 2e-5;
  private static OrtEnvironment runtime;

  @TempDir Path folder;

  private record Case(String name, ModelConfig config, TrainOptions options) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void load() {
    try {
      runtime = OrtEnvironment.getEnvironment();
    } catch (LinkageError | IllegalStateException e) {
      assumeTrue(false, "the native library of ONNX Runtime does not load here: " + e);
    }
  }

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Preset preset : Preset.all()) {
      cases.add(new Case(preset.label(), SmallModels.narrow(preset), preset.training(1)));
    }
    Preset digits = Preset.DIGITS;
    ModelConfig config = SmallModels.narrow(digits);
    for (Algorithm algorithm : List.of(Algorithm.CGAN, Algorithm.GAN)) {
      cases.add(
          new Case(
              "digits, " + algorithm.label(), config.withAlgorithm(algorithm), digits.training(1)));
    }
    TrainOptions averaged =
        digits.training(1).withRemedies(digits.training(1).remedies().withEma(0.9f));
    cases.add(new Case("digits, averaged", config, averaged));
    List<DomainShape> three = new ArrayList<>(config.domains());
    three.add(new DomainShape("c", Shape.of(1, 28, 28)));
    cases.add(
        new Case(
            "digits, 3 domains, cgan",
            config.withDomains(three).withAlgorithm(Algorithm.CGAN),
            digits.training(1)));
    for (Algorithm algorithm : List.of(Algorithm.COGAN, Algorithm.CGAN)) {
      // Names that something else in the graph might have.
      List<DomainShape> named = new ArrayList<>();
      for (String name : List.of("z", "latent", "pads", "images", "logits")) {
        named.add(new DomainShape(name, Shape.of(1, 28, 28)));
      }
      ModelConfig five = config.withDomains(named).withAlgorithm(algorithm);
      cases.add(new Case("digits, names, " + algorithm.label(), five, digits.training(1)));
    }
    cases.add(new Case("digits, k=0 l=0", config.withSharing(0, 0), digits.training(1)));
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theSameAsOnnxRuntime(Case c) throws OrtException {
    Path file = folder.resolve("checkpoint.safetensors");
    SmallModels.write(file, c.config(), c.options());
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      OnnxExport onnx = new OnnxExport(checkpoint, "test");
      Tensor z = Sampler.latents(c.options().noise(), c.config().latent(), 1, 2, 3);
      List<Tensor> images = sample(checkpoint, z);
      byte[] together = onnx.generators();
      String in = c.name().contains("names") ? "Z" : "z";
      double generators = 0;
      double discriminators = 0;
      for (int d = 0; d < images.size(); d++) {
        String name = c.config().domains().get(d).name();
        generators = Math.max(generators, difference(together, in, z, name, images.get(d)));
        generators =
            Math.max(generators, difference(onnx.generator(d), in, z, name, images.get(d)));
        Tensor given = random(images.get(d).shape());
        Tensor logits = judge(checkpoint, d, given);
        discriminators =
            Math.max(
                discriminators,
                difference(onnx.discriminator(d), "images", given, "logits", logits));
      }
      System.out.printf(
          Locale.ROOT,
          "%-26s largest difference from ONNX Runtime: images %.1e, logits %.1e%n",
          c,
          generators,
          discriminators);
      assertThat(generators).isLessThan(TOLERANCE);
      assertThat(discriminators).isLessThan(TOLERANCE);
    }
  }

  private static Tensor random(Shape shape) {
    Random random = new Random(9);
    Tensor tensor = Tensor.zeros(shape);
    for (int i = 0; i < tensor.count(); i++) {
      tensor.set(i, random.nextFloat());
    }
    return tensor;
  }

  private static List<Tensor> sample(Checkpoint checkpoint, Tensor z) {
    Workspace workspace = Workspace.inference(new ScalarKernels());
    var generators = checkpoint.loadForSampling(workspace.memory()).generators();
    return new Sampler(generators, 2, workspace).sample(z);
  }

  private static Tensor judge(Checkpoint checkpoint, int domain, Tensor images) {
    Workspace workspace = Workspace.inference(new ScalarKernels());
    CoupledDiscriminators judges = checkpoint.loadDiscriminators(Memory.heap());
    DiscriminatorPass pass =
        new DiscriminatorPass(judges, domain, images.size(0), false, workspace);
    return judges.forward(pass, images, Mode.INFERENCE);
  }

  /** Largest difference, relative to the largest number where that is above 1. */
  private static double difference(
      byte[] model, String input, Tensor in, String output, Tensor expected) throws OrtException {
    long[] shape = new long[in.shape().rank()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = in.size(i);
    }
    try (OrtSession session = runtime.createSession(model);
        OnnxTensor tensor =
            OnnxTensor.createTensor(runtime, FloatBuffer.wrap(in.toArray()), shape);
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      assertThat(session.getMetadata().getCustomMetadata())
          .containsKeys("cogan.model", "cogan.provenance", "cogan.training");
      OnnxValue value = result.get(output).orElseThrow();
      float[] found = new float[expected.count()];
      FloatBuffer buffer = ((OnnxTensor) value).getFloatBuffer();
      assertThat(buffer.remaining()).isEqualTo(found.length);
      buffer.get(found);
      double worst = 0;
      double largest = 1;
      for (int i = 0; i < found.length; i++) {
        worst = Math.max(worst, Math.abs(found[i] - expected.get(i)));
        largest = Math.max(largest, Math.abs(expected.get(i)));
      }
      return worst / largest;
    }
  }
}
