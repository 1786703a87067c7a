package dev.cogan.cli.export;

import dev.cogan.cli.export.OnnxGraph.Attribute;
import dev.cogan.engine.nn.BatchNorm2d;
import dev.cogan.engine.nn.Conv2d;
import dev.cogan.engine.nn.ConvTranspose2d;
import dev.cogan.engine.nn.Dropout;
import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.LeakyRelu;
import dev.cogan.engine.nn.Linear;
import dev.cogan.engine.nn.MaxPool2d;
import dev.cogan.engine.nn.PRelu;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.nn.Rescale;
import dev.cogan.engine.nn.Reshape;
import dev.cogan.engine.nn.Sequential;
import dev.cogan.engine.nn.Sigmoid;
import dev.cogan.engine.nn.Tanh;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** One layer after the other as ONNX nodes that compute what {@code Mode.INFERENCE} does. */
final class OnnxLayers {
  private final OnnxGraph graph;

  OnnxLayers(OnnxGraph graph) {
    this.graph = graph;
  }

  /**
   * Adds the layers of a network.
   *
   * @param input name of what goes in
   * @param suffix makes the names of values differ where a network stands twice in a graph
   * @return name of what comes out
   */
  String add(Sequential network, String input, String suffix) {
    String value = input;
    Shape shape = network.inputShape();
    for (Layer layer : network.layers()) {
      Shape out = layer.outputShape(shape);
      value = add(layer, value, layer.path() + suffix, shape, out);
      shape = out;
    }
    return value;
  }

  private String add(Layer layer, String in, String name, Shape shape, Shape out) {
    if (layer instanceof Conv2d conv) {
      return convolution("Conv", conv.weight(), conv.bias(), conv.stride(), conv.pad(), in, name);
    }
    if (layer instanceof ConvTranspose2d conv) {
      return convolution(
          "ConvTranspose", conv.weight(), conv.bias(), conv.stride(), conv.pad(), in, name);
    }
    if (layer instanceof Linear linear) {
      return graph.node(
          "Gemm", name, inputs(in, linear.weight(), linear.bias()), Attribute.of("transB", 1L));
    }
    if (layer instanceof BatchNorm2d norm) {
      return batchNorm(norm, in, name);
    }
    if (layer instanceof PRelu prelu) {
      Parameter slope = prelu.parameters().get(0);
      // A slope per channel must line up with the channels, which are not the last dimension.
      Shape slopes =
          shape.rank() == 3 && slope.count() > 1 ? Shape.of(slope.count(), 1, 1) : slope.shape();
      return graph.node(
          "PRelu", name, List.of(in, graph.floats(slope.name(), slope.value(), slopes)));
    }
    if (layer instanceof LeakyRelu leaky) {
      return graph.node("LeakyRelu", name, List.of(in), Attribute.of("alpha", leaky.slope()));
    }
    if (layer instanceof Rescale rescale) {
      String scaled =
          graph.node(
              "Mul", name + ".scaled", List.of(in, constant(name + ".scale", rescale.scale())));
      return graph.node("Add", name, List.of(scaled, constant(name + ".shift", rescale.shift())));
    }
    if (layer instanceof MaxPool2d pool) {
      return graph.node(
          "MaxPool",
          name,
          List.of(in),
          Attribute.of("kernel_shape", pool.size(), pool.size()),
          Attribute.of("strides", pool.size(), pool.size()));
    }
    if (layer instanceof Reshape) {
      return reshape(in, name, out);
    }
    if (layer instanceof Sigmoid || layer instanceof Tanh) {
      return graph.node(layer instanceof Tanh ? "Tanh" : "Sigmoid", name, List.of(in));
    }
    if (layer instanceof Dropout) {
      return in; // Nothing in inference.
    }
    throw new IllegalStateException("no ONNX form for " + layer);
  }

  /** {@code [N, out...]} of as many elements. */
  String reshape(String in, String name, Shape out) {
    long[] sizes = new long[out.rank() + 1];
    sizes[0] = -1; // The batch: whatever is left.
    for (int i = 0; i < out.rank(); i++) {
      sizes[i + 1] = out.size(i);
    }
    return graph.node("Reshape", name, List.of(in, graph.longs(name + ".shape", sizes)));
  }

  private String convolution(
      String operator,
      Parameter weight,
      Parameter bias,
      int stride,
      int pad,
      String in,
      String name) {
    int kernel = weight.shape().size(2);
    return graph.node(
        operator,
        name,
        inputs(in, weight, bias),
        Attribute.of("kernel_shape", kernel, kernel),
        Attribute.of("strides", stride, stride),
        Attribute.of("pads", pad, pad, pad, pad));
  }

  private List<String> inputs(String in, Parameter weight, Parameter bias) {
    List<String> inputs = new ArrayList<>(List.of(in));
    inputs.add(graph.floats(weight.name(), weight.value(), weight.shape()));
    if (bias != null) {
      inputs.add(graph.floats(bias.name(), bias.value(), bias.shape()));
    }
    return inputs;
  }

  private String batchNorm(BatchNorm2d norm, String in, String name) {
    Shape channels = Shape.of(norm.channels());
    String scale =
        norm.weight() == null
            ? graph.floats(norm.path() + ".ones", filled(channels, 1), channels)
            : graph.floats(norm.weight().name(), norm.weight().value(), channels);
    String shift =
        norm.bias() == null
            ? graph.floats(norm.path() + ".zeros", filled(channels, 0), channels)
            : graph.floats(norm.bias().name(), norm.bias().value(), channels);
    String mean = graph.floats(norm.path() + ".running_mean", norm.runningMean(), channels);
    String var = graph.floats(norm.path() + ".running_var", norm.runningVar(), channels);
    return graph.node(
        "BatchNormalization",
        name,
        List.of(in, scale, shift, mean, var),
        Attribute.of("epsilon", BatchNorm2d.EPS));
  }

  private String constant(String name, float value) {
    return graph.floats(name, filled(Shape.of(1), value), Shape.of(1));
  }

  private static Tensor filled(Shape shape, float value) {
    Tensor tensor = Tensor.zeros(shape);
    tensor.fill(value);
    return tensor;
  }
}
