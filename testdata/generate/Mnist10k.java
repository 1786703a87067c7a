import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Makes the 10,000 digits that the command line's jar carries: of each class the first 1,000 images
 * of the MNIST training set, in the order of the training set.
 *
 * <p>Run in the project's folder: {@code java testdata/generate/Mnist10k.java}. The uncompressed
 * bytes are the same on every machine; the compressed ones may differ with the zlib of the JDK.
 */
public final class Mnist10k {
  private static final int PER_CLASS = 1000;
  private static final int CLASSES = 10;

  private Mnist10k() {}

  /** Reads {@code testdata/mnist}, writes the resources of {@code cli}. */
  public static void main(String[] args) throws IOException {
    Path from = Path.of("testdata", "mnist");
    Path to = Path.of("cli", "src", "main", "resources", "dev", "cogan", "cli", "mnist10k");
    byte[][] parts =
        select(
            unzip(from.resolve("train-images-idx3-ubyte.gz")),
            unzip(from.resolve("train-labels-idx1-ubyte.gz")));
    Files.createDirectories(to);
    zip(to.resolve("images-idx3-ubyte.gz"), parts[0]);
    zip(to.resolve("labels-idx1-ubyte.gz"), parts[1]);
  }

  /** From the training set's images and labels in IDX format to those of the part. */
  static byte[][] select(byte[] images, byte[] labels) throws IOException {
    ByteBuffer header = ByteBuffer.wrap(images);
    int count = header.getInt(4);
    int rows = header.getInt(8);
    int columns = header.getInt(12);
    ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    ByteArrayOutputStream classes = new ByteArrayOutputStream();
    int[] taken = new int[CLASSES];
    for (int i = 0; i < count; i++) {
      int label = labels[8 + i];
      if (taken[label] < PER_CLASS) {
        taken[label]++;
        pixels.write(images, 16 + i * rows * columns, rows * columns);
        classes.write(label);
      }
    }
    return new byte[][] {
      idx(0x00000803, pixels.toByteArray(), classes.size(), rows, columns),
      idx(0x00000801, classes.toByteArray(), classes.size())
    };
  }

  private static byte[] idx(int magic, byte[] data, int... sizes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(magic);
    for (int size : sizes) {
      out.writeInt(size);
    }
    out.write(data);
    return bytes.toByteArray();
  }

  private static byte[] unzip(Path path) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(path))) {
      return in.readAllBytes();
    }
  }

  private static void zip(Path path, byte[] bytes) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out =
        new GZIPOutputStream(zipped) {
          {
            def.setLevel(9);
          }
        }) {
      out.write(bytes);
    }
    Files.write(path, zipped.toByteArray());
  }
}
