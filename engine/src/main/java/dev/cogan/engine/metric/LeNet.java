package dev.cogan.engine.metric;

import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.nn.Conv2d;
import dev.cogan.engine.nn.Dropout;
import dev.cogan.engine.nn.Flatten;
import dev.cogan.engine.nn.Initializer;
import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.Linear;
import dev.cogan.engine.nn.MaxPool2d;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.ParameterStore;
import dev.cogan.engine.nn.Relu;
import dev.cogan.engine.nn.Sequential;
import dev.cogan.engine.tensor.Shape;
import java.util.List;

/**
 * The classifier whose features measure generated images: LeNet (LeCun et al. 1998) in the widths
 * of Caffe's example, which are also those of the paper's discriminator.
 *
 * <pre>
 *   conv 5x5, 20    max-pool 2    ReLU
 *   conv 5x5, 50    max-pool 2    ReLU
 *   linear 500      ReLU                    the features
 *   dropout 0.4 (in training)
 *   linear          one logit per class
 * </pre>
 *
 * <p>Parameter paths: {@code classifier.<i>.weight}, {@code classifier.<i>.bias}.
 */
public final class LeNet {
  /** Length of a feature vector. */
  public static final int FEATURES = 500;

  private static final int CONV_1 = 20;
  private static final int CONV_2 = 50;
  private static final int KERNEL = 5;
  private static final int POOL = 2;
  private static final int SMALLEST = 16;
  private static final float DROPOUT = 0.4f;
  private static final int MOST_CLASSES = 256;

  private final ParameterStore store = new ParameterStore("classifier");
  private final Sequential network;
  private final Shape image;
  private final int classes;

  /**
   * The network with all parameters zero.
   *
   * @param image {@code [channels, height, width]}, at least 16x16
   * @param classes 2 to 256
   * @param trainable whether there will be gradients
   * @throws ConfigException if the images are too small or the classes too few or too many
   */
  public LeNet(Shape image, int classes, Memory memory, boolean trainable) {
    if (image.rank() != 3 || image.size(1) < SMALLEST || image.size(2) < SMALLEST) {
      throw new ConfigException(
          "a classifier needs images of at least " + SMALLEST + "x" + SMALLEST + ", got " + image);
    }
    if (classes < 2 || classes > MOST_CLASSES) {
      throw new ConfigException(
          "a classifier has 2 to " + MOST_CLASSES + " classes, got " + classes);
    }
    this.image = image;
    this.classes = classes;
    int flat = CONV_2 * afterConvs(image.size(1)) * afterConvs(image.size(2));
    List<Layer> layers =
        List.of(
            new Conv2d(store, path(0), image.size(0), CONV_1, KERNEL, 1, 0, true),
            new MaxPool2d(path(1), POOL),
            new Relu(path(2)),
            new Conv2d(store, path(3), CONV_1, CONV_2, KERNEL, 1, 0, true),
            new MaxPool2d(path(4), POOL),
            new Relu(path(5)),
            new Flatten(path(6)),
            new Linear(store, path(7), flat, FEATURES, true),
            new Relu(path(8)),
            new Dropout(path(9), DROPOUT),
            new Linear(store, path(10), FEATURES, classes, true));
    network = new Sequential("classifier", image, layers);
    store.allocate(memory, trainable);
  }

  private static String path(int layer) {
    return "classifier." + layer;
  }

  private static int afterConvs(int side) {
    return ((side - KERNEL + 1) / POOL - KERNEL + 1) / POOL;
  }

  /** Sets the parameters from a seed. */
  public void initialise(long seed) {
    Initializer.heNormal().apply(store, seed);
  }

  /** All parameters. */
  public ParameterStore store() {
    return store;
  }

  /** The layers. */
  public Sequential network() {
    return network;
  }

  /**
   * Index of the activation that holds the features in inference: the input of the last layer. The
   * one before has the memory of the logits.
   */
  int featureActivation() {
    return network.layers().size() - 1;
  }

  /** Shape of the images. */
  public Shape image() {
    return image;
  }

  /** Number of classes. */
  public int classes() {
    return classes;
  }
}
