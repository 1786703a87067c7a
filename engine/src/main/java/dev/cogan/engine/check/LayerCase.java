package dev.cogan.engine.check;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.nn.BatchNorm2d;
import dev.cogan.engine.nn.Conv2d;
import dev.cogan.engine.nn.ConvTranspose2d;
import dev.cogan.engine.nn.Dropout;
import dev.cogan.engine.nn.Flatten;
import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.LeakyRelu;
import dev.cogan.engine.nn.Linear;
import dev.cogan.engine.nn.MaxPool2d;
import dev.cogan.engine.nn.PRelu;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.nn.Relu;
import dev.cogan.engine.nn.Rescale;
import dev.cogan.engine.nn.Reshape;
import dev.cogan.engine.nn.Sigmoid;
import dev.cogan.engine.nn.Tanh;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A layer as the gradient check runs it. Every concrete layer of the engine has at least one case
 * here; a test says when one has not.
 *
 * @param name for messages
 * @param maker makes the layer
 * @param values makes the input
 * @param input shape of the input with the batch
 */
public record LayerCase(
    String name,
    Function<ParameterStore, Layer> maker,
    BiFunction<Random, Shape, Tensor> values,
    Shape input) {

  private static final String PATH = "generators.shared.3";

  /** Every layer, most of them in several sizes. */
  public static final List<LayerCase> ALL =
      List.of(
          smooth("linear", s -> new Linear(s, PATH, 7, 5, true), 4, 7),
          smooth("linear without bias", s -> new Linear(s, PATH, 6, 3, false), 5, 6),
          smooth("linear to one", s -> new Linear(s, PATH, 9, 1, true), 3, 9),
          smooth("conv k5", s -> new Conv2d(s, PATH, 2, 3, 5, 1, 0, true), 2, 2, 8, 7),
          smooth("conv k3 s2 p1", s -> new Conv2d(s, PATH, 3, 2, 3, 2, 1, true), 2, 3, 7, 5),
          smooth("conv k3 s2 p1 even", s -> new Conv2d(s, PATH, 2, 4, 3, 2, 1, false), 2, 2, 6, 8),
          smooth("conv k4 s2 p1", s -> new Conv2d(s, PATH, 2, 3, 4, 2, 1, false), 2, 2, 6, 8),
          smooth("conv k4 s2 p1 odd", s -> new Conv2d(s, PATH, 1, 2, 4, 2, 1, true), 2, 1, 7, 9),
          smooth("conv k1", s -> new Conv2d(s, PATH, 3, 4, 1, 1, 0, true), 2, 3, 3, 2),
          smooth(
              "transposed conv from 1x1",
              s -> new ConvTranspose2d(s, PATH, 5, 3, 4, 1, 0, false),
              3,
              5,
              1,
              1),
          smooth(
              "transposed conv k3 s2 p1",
              s -> new ConvTranspose2d(s, PATH, 3, 2, 3, 2, 1, false),
              2,
              3,
              4,
              3),
          smooth(
              "transposed conv k3 s2 p1 with bias",
              s -> new ConvTranspose2d(s, PATH, 2, 3, 3, 2, 1, true),
              2,
              2,
              3,
              5),
          smooth(
              "transposed conv k6 s1 p1",
              s -> new ConvTranspose2d(s, PATH, 2, 1, 6, 1, 1, true),
              2,
              2,
              5,
              4),
          smooth(
              "transposed conv k4 s2 p1",
              s -> new ConvTranspose2d(s, PATH, 3, 2, 4, 2, 1, false),
              2,
              3,
              3,
              4),
          smooth("batch norm, images", s -> new BatchNorm2d(s, PATH, 3, false), 4, 3, 3, 5),
          smooth("batch norm, images, affine", s -> new BatchNorm2d(s, PATH, 3, true), 4, 3, 3, 5),
          smooth("batch norm, features", s -> new BatchNorm2d(s, PATH, 6, false), 7, 6),
          smooth("batch norm, features, affine", s -> new BatchNorm2d(s, PATH, 6, true), 7, 6),
          kinked("prelu, images", s -> new PRelu(s, PATH, 1), 2, 3, 4, 5),
          kinked("prelu, images, channels", s -> new PRelu(s, PATH, 3), 2, 3, 4, 5),
          kinked("prelu, features", s -> new PRelu(s, PATH, 1), 4, 7),
          kinked("prelu, features, channels", s -> new PRelu(s, PATH, 7), 4, 7),
          kinked("leaky relu", s -> new LeakyRelu(PATH, 0.2f), 3, 2, 3, 4),
          kinked("relu", s -> new Relu(PATH), 5, 11),
          smooth("sigmoid", s -> new Sigmoid(PATH), 3, 2, 4, 3),
          smooth("tanh", s -> new Tanh(PATH), 4, 13),
          smooth("rescale", s -> new Rescale(PATH, -1.5f, 0.3f), 3, 2, 3, 5),
          new LayerCase(
              "max pool even",
              s -> new MaxPool2d(PATH, 2),
              RandomTensors::apart,
              Shape.of(2, 3, 6, 4)),
          new LayerCase(
              "max pool odd",
              s -> new MaxPool2d(PATH, 2),
              RandomTensors::apart,
              Shape.of(2, 2, 7, 5)),
          new LayerCase(
              "max pool of 3",
              s -> new MaxPool2d(PATH, 3),
              RandomTensors::apart,
              Shape.of(2, 1, 8, 6)),
          smooth("dropout", s -> new Dropout(PATH, 0.4f), 3, 4, 5, 2),
          smooth("dropout of nothing", s -> new Dropout(PATH, 0f), 3, 8),
          smooth("flatten", s -> new Flatten(PATH), 2, 3, 4, 2),
          smooth("reshape", s -> new Reshape(PATH, Shape.of(2, 3, 4)), 3, 24));

  private static LayerCase smooth(
      String name, Function<ParameterStore, Layer> maker, int... input) {
    return new LayerCase(name, maker, RandomTensors::normal, Shape.of(input));
  }

  private static LayerCase kinked(
      String name, Function<ParameterStore, Layer> maker, int... input) {
    return new LayerCase(name, maker, RandomTensors::awayFromZero, Shape.of(input));
  }

  /** The layer on given kernels. */
  public LayerRun run(Kernels kernels) {
    return new LayerRun(kernels, maker, values.apply(new Random(name.hashCode()), input));
  }

  /** The layer on the reference kernels. */
  public LayerRun run() {
    return new LayerRun(maker, values.apply(new Random(name.hashCode()), input));
  }

  @Override
  public String toString() {
    return name;
  }
}
