package dev.cogan.cli.export;

import dev.cogan.engine.io.Json;
import dev.cogan.engine.model.CoupledDiscriminators;
import dev.cogan.engine.model.CoupledGenerators;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Checkpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A checkpoint's networks as ONNX models for inference: batch norm with running statistics, no
 * dropout, the weights that sampling uses. Any batch size.
 */
public final class OnnxExport {
  private final Checkpoint checkpoint;
  private final ModelConfig config;
  private final String version;

  /**
   * @param version of this program, for the file
   */
  public OnnxExport(Checkpoint checkpoint, String version) {
    this.checkpoint = checkpoint;
    this.config = checkpoint.config();
    this.version = version;
  }

  private String domain(int index) {
    return config.domains().get(index).name();
  }

  /** From {@code z [N, latent]} to one output per domain, {@code a}, {@code b}, ..., in [0, 1]. */
  public byte[] generators() {
    return generators(IntStream.range(0, config.domains().size()).boxed().toList());
  }

  /** From {@code z [N, latent]} to the images of one domain, in [0, 1]. */
  public byte[] generator(int domain) {
    return generators(List.of(domain));
  }

  private byte[] generators(List<Integer> domains) {
    CoupledGenerators generators = checkpoint.loadForSampling(Memory.heap()).generators();
    OnnxGraph graph = new OnnxGraph();
    OnnxLayers layers = new OnnxLayers(graph);
    graph.input(latentName(), Shape.of(config.latent()));
    String shared = null;
    for (int d : domains) {
      String features = shared;
      if (features == null) {
        // A conditional GAN runs its one trunk once per domain, each time with another code.
        boolean coded = config.codes() > 0;
        String suffix = coded ? "@" + domain(d) : "";
        String z = coded ? code(graph, d) : latentName();
        Shape latent = generators.trunk().inputShape();
        String first = latent.rank() == 1 ? z : layers.reshape(z, "z.latent" + suffix, latent);
        features = layers.add(generators.trunk(), first, suffix);
        shared = coded ? null : features;
      }
      String image = layers.add(generators.head(d), features, "");
      graph.node("Identity", domain(d), List.of(image));
      graph.output(domain(d), config.domains().get(d).image());
    }
    return graph.toModel(
        "generators", "Images of corresponding content, [0, 1]", version, metadata());
  }

  /** A graph has no two values of one name, and an output is called as its domain. */
  private String latentName() {
    return config.domains().stream().anyMatch(domain -> domain.name().equals("z")) ? "Z" : "z";
  }

  /** Zeros for the code behind z, then the code's one. */
  private String code(OnnxGraph graph, int domain) {
    int width = config.latent() + config.codes();
    String padded =
        graph.node(
            "Pad",
            "padded@" + domain(domain),
            List.of(latentName(), graph.longs("z.pads", 0, 0, 0, config.codes())));
    Tensor code = Tensor.zeros(1, width);
    if (domain > 0) {
      code.set(config.latent() + domain - 1, 1f);
    }
    String name = graph.floats("code@" + domain(domain), code, code.shape());
    return graph.node("Add", "coded@" + domain(domain), List.of(padded, name));
  }

  /**
   * From {@code images [N, channels, height, width]} in [0, 1] to {@code logits}: one, above 0 for
   * "real", or in a conditional GAN one per class, "generated" first.
   */
  public byte[] discriminator(int domain) {
    CoupledDiscriminators discriminators = checkpoint.loadDiscriminators(Memory.heap());
    OnnxGraph graph = new OnnxGraph();
    OnnxLayers layers = new OnnxLayers(graph);
    graph.input("images", config.domains().get(domain).image());
    String features = layers.add(discriminators.front(domain), "images", "");
    String logits = layers.add(discriminators.tail(), features, "");
    graph.node("Identity", "logits", List.of(logits));
    graph.output("logits", Shape.of(config.logits()));
    return graph.toModel(
        "discriminator_" + domain(domain), "Logits, above 0 for real", version, metadata());
  }

  private Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("cogan.model", Json.write(config.toJson()));
    metadata.put("cogan.training", Json.write(checkpoint.options().toJson()));
    metadata.put("cogan.step", Long.toString(checkpoint.step()));
    metadata.put("cogan.noise", checkpoint.options().noise().label());
    metadata.put("cogan.weights", checkpoint.averages() ? "averaged" : "trained");
    metadata.put("cogan.provenance", Json.write(checkpoint.provenance()));
    return metadata;
  }
}
