package dev.cogan.engine.data;

import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the MNIST digits are: what the source {@code mnist} of a domain's spec stands for. */
@FunctionalInterface
public interface MnistSource {

  /**
   * Reads the images, with their labels if there are any.
   *
   * @throws InputException if they are not there or not right
   */
  ImageSet load();

  /** Opens a stream, for example a resource of a jar. */
  @FunctionalInterface
  interface Opener {
    /** A new stream, which the caller closes; {@code null} if there is none. */
    InputStream open() throws IOException;
  }

  /**
   * The training set in a folder: {@code train-images-idx3-ubyte} or the same with {@code .gz}, and
   * {@code train-labels-idx1-ubyte} if it is there.
   */
  static MnistSource folder(Path folder) {
    return () -> load(folder, "train");
  }

  /** The test set in a folder: as {@link #folder}, with names that start with {@code t10k}. */
  static MnistSource testFolder(Path folder) {
    return () -> load(folder, "t10k");
  }

  /**
   * Images and labels in IDX format, plain or gzip, from streams.
   *
   * @param name what error messages call them
   */
  static MnistSource streams(String name, Opener images, Opener labels) {
    return () -> {
      try (InputStream in = images.open();
          InputStream classes = labels.open()) {
        if (in == null) {
          throw new InputException(name + ": no images there");
        }
        ImageSet set = IdxFile.readImages(in, name + ": images");
        return classes == null
            ? set
            : withLabels(set, IdxFile.readLabels(classes, name + ": labels"), name);
      } catch (IOException e) {
        throw InputException.cannotRead(name, e);
      }
    };
  }

  private static ImageSet load(Path folder, String prefix) {
    if (!Files.isDirectory(folder)) {
      throw new InputException(folder + ": no such folder, expected one with the MNIST files");
    }
    Path images = find(folder, prefix + "-images-idx3-ubyte");
    Path labels = find(folder, prefix + "-labels-idx1-ubyte");
    if (images == null) {
      throw new InputException(
          folder + ": holds neither " + prefix + "-images-idx3-ubyte nor the same with .gz");
    }
    ImageSet set = IdxFile.readImages(images);
    return labels == null ? set : withLabels(set, IdxFile.readLabels(labels), labels.toString());
  }

  private static Path find(Path folder, String name) {
    for (String ending : new String[] {"", ".gz"}) {
      Path path = folder.resolve(name + ending);
      if (Files.exists(path)) {
        return path;
      }
    }
    return null;
  }

  private static ImageSet withLabels(ImageSet set, byte[] labels, String name) {
    if (labels.length != set.count()) {
      throw new InputException(
          name + ": " + labels.length + " labels for " + set.count() + " images");
    }
    return set.withLabels(labels);
  }
}
