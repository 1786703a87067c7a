package dev.cogan.engine.data;

import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;

/**
 * Images of one shape {@code [channels, height, width]}, numbered from 0, that never change.
 * Pictures with 8 bits per sample are held as bytes (the 60,000 MNIST digits need 47 MB) and read
 * as {@code value / 255f}; others as floats. Labels, one class from 0 to 255 per image, are
 * optional.
 */
public final class ImageSet {
  /** Bytes per block of images: small enough to be allocated before the data are known to exist. */
  private static final int BLOCK = 1 << 20;

  private static final float ROUNDING = 1e-4f;

  private static final float[] UNIT = new float[256];

  static {
    for (int i = 0; i < UNIT.length; i++) {
      UNIT[i] = i / 255f;
    }
  }

  private final Shape shape;
  private final int count;
  private final byte[][] blocks;
  private final float[] floats;
  private final byte[] labels;

  private ImageSet(Shape shape, int count, byte[][] blocks, float[] floats, byte[] labels) {
    if (labels != null && labels.length != count) {
      throw new IllegalArgumentException(count + " images, but " + labels.length + " labels");
    }
    this.shape = shape;
    this.count = count;
    this.blocks = blocks;
    this.floats = floats;
    this.labels = labels;
  }

  /**
   * Images from 8-bit values, which are copied.
   *
   * @param shape of one image, {@code [c, h, w]}
   * @param pixels {@code [n, c, h, w]}, unsigned
   */
  public static ImageSet ofBytes(Shape shape, byte[] pixels) {
    int count = count(shape, pixels.length);
    byte[][] blocks = new byte[blockCount(shape, count)][];
    int from = 0;
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = new byte[blockBytes(shape, count, i)];
      System.arraycopy(pixels, from, blocks[i], 0, blocks[i].length);
      from += blocks[i].length;
    }
    return new ImageSet(shape, count, blocks, null, null);
  }

  /**
   * Images from floats, which are copied.
   *
   * @param shape of one image, {@code [c, h, w]}
   * @param values {@code [n, c, h, w]}, in [0, 1]
   * @throws IllegalArgumentException if a value is outside; the message names image and value
   */
  public static ImageSet ofFloats(Shape shape, float[] values) {
    int count = count(shape, values.length);
    float[] copy = values.clone();
    requireUnit(new Tensor(copy, 0, shape.prepend(count)));
    return new ImageSet(shape, count, null, copy, null);
  }

  /**
   * Refuses images with values that are not finite or not in [0, 1], such as bytes that were not
   * divided by 255. What rounding may add, 0.0001, is allowed: a resized picture's white can be a
   * little more than 1.
   *
   * @param images {@code [n, channels, height, width]}
   * @throws IllegalArgumentException naming the first such image, counted from 0, and the value
   */
  public static void requireUnit(Tensor images) {
    int size = images.count() / Math.max(1, images.size(0));
    for (int image = 0; image < images.size(0); image++) {
      requireUnit(images.data(), images.offset() + image * size, size, image);
    }
  }

  private static void requireUnit(float[] values, int offset, int count, int image) {
    for (int i = offset; i < offset + count; i++) {
      // Written so that NaN is refused, too.
      if (!(values[i] >= -ROUNDING && values[i] <= 1 + ROUNDING)) {
        throw new IllegalArgumentException(
            "image " + image + ": expected values in [0, 1], got " + values[i]);
      }
    }
  }

  /** The blocks are kept, not copied; block i has {@link #blockBytes} bytes. */
  static ImageSet ofBlocks(Shape shape, int count, byte[][] blocks) {
    return new ImageSet(shape, count, blocks, null, null);
  }

  /**
   * Images from one array each, which are taken out of the list as they are copied. One with a
   * single plane where the shape has more is grey: its plane is repeated.
   */
  static ImageSet ofImages(Shape shape, List<byte[]> images) {
    int count = images.size();
    byte[][] blocks = new byte[blockCount(shape, count)][];
    int perBlock = perBlock(shape);
    for (int i = 0; i < count; i++) {
      byte[] image = images.set(i, null);
      if (i % perBlock == 0) {
        blocks[i / perBlock] = new byte[blockBytes(shape, count, i / perBlock)];
      }
      int to = i % perBlock * shape.count();
      for (int done = 0; done < shape.count(); done += image.length) {
        System.arraycopy(image, 0, blocks[i / perBlock], to + done, image.length);
      }
    }
    return new ImageSet(shape, count, blocks, null, null);
  }

  /** Images in each block but the last. */
  private static int perBlock(Shape shape) {
    return Math.max(1, BLOCK / shape.count());
  }

  static int blockCount(Shape shape, int count) {
    return (count - 1) / perBlock(shape) + 1;
  }

  static int blockBytes(Shape shape, int count, int block) {
    int images = Math.min(perBlock(shape), count - block * perBlock(shape));
    return images * shape.count();
  }

  private static int count(Shape shape, int values) {
    if (shape.rank() != 3 || shape.count() == 0 || values == 0 || values % shape.count() != 0) {
      throw new IllegalArgumentException(
          values + " values are not one or more images of shape " + shape);
    }
    return values / shape.count();
  }

  /**
   * The same images with labels, which are copied.
   *
   * @throws IllegalArgumentException unless there is one label per image
   */
  public ImageSet withLabels(byte[] classes) {
    return new ImageSet(shape, count, blocks, floats, classes.clone());
  }

  /** Shape of one image, {@code [channels, height, width]}. */
  public Shape shape() {
    return shape;
  }

  /** Number of images, at least 1. */
  public int count() {
    return count;
  }

  /** Whether the images are held with 8 bits per sample. */
  public boolean isBytes() {
    return blocks != null;
  }

  /** Whether there are labels. */
  public boolean hasLabels() {
    return labels != null;
  }

  /**
   * The label of an image, 0 to 255.
   *
   * @throws IllegalStateException if there are none
   */
  public int label(int index) {
    if (labels == null) {
      throw new IllegalStateException("these images have no labels");
    }
    return labels[index] & 0xff;
  }

  /**
   * Copies image {@code index} to {@code dest} from {@code offset} on: {@code shape().count()}
   * values in [0, 1].
   */
  public void copyTo(int index, float[] dest, int offset) {
    Objects.checkIndex(index, count);
    int size = shape.count();
    if (blocks == null) {
      System.arraycopy(floats, index * size, dest, offset, size);
      return;
    }
    int perBlock = perBlock(shape);
    byte[] block = blocks[index / perBlock];
    int from = index % perBlock * size;
    for (int i = 0; i < size; i++) {
      dest[offset + i] = UNIT[block[from + i] & 0xff];
    }
  }

  /**
   * As {@link #copyTo}, but only a rectangle of each channel, mirrored or not.
   *
   * @param top first row
   * @param left first column
   * @param window {@code [channels, rows, columns]}: what is copied
   * @param mirror whether left and right change places
   */
  void copyWindow(
      int index, float[] dest, int offset, int top, int left, Shape window, boolean mirror) {
    Objects.checkIndex(index, count);
    int size = shape.count();
    int rows = window.size(1);
    int columns = window.size(2);
    byte[] block = blocks == null ? null : blocks[index / perBlock(shape)];
    int base = blocks == null ? index * size : index % perBlock(shape) * size;
    int to = offset;
    for (int c = 0; c < shape.size(0); c++) {
      for (int y = 0; y < rows; y++) {
        int from = base + (c * shape.size(1) + top + y) * shape.size(2) + left;
        for (int x = 0; x < columns; x++) {
          int at = from + (mirror ? columns - 1 - x : x);
          dest[to++] = block == null ? floats[at] : UNIT[block[at] & 0xff];
        }
      }
    }
  }

  /** Adds the values of image {@code index} to a checksum, as they are held. */
  void addTo(CRC32 checksum, int index) {
    Objects.checkIndex(index, count);
    int size = shape.count();
    if (blocks != null) {
      int perBlock = perBlock(shape);
      checksum.update(blocks[index / perBlock], index % perBlock * size, size);
      return;
    }
    ByteBuffer bytes = ByteBuffer.allocate(size * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(floats, index * size, size);
    checksum.update(bytes);
  }

  /**
   * A CRC-32 of the images, their shape and their labels: the same wherever and however the files
   * are stored, another for other data.
   */
  public long checksum() {
    CRC32 sum = new CRC32();
    ByteBuffer header = ByteBuffer.allocate(4 * (2 + shape.rank()));
    header.putInt(count).putInt(blocks == null ? 4 : 1);
    for (int i = 0; i < shape.rank(); i++) {
      header.putInt(shape.size(i));
    }
    sum.update(header.flip());
    for (int i = 0; i < count; i++) {
      addTo(sum, i);
    }
    if (labels != null) {
      sum.update(labels);
    }
    return sum.getValue();
  }

  /** Bytes of memory that the images take. */
  public long bytes() {
    return (long) count * shape.count() * (blocks == null ? 4 : 1);
  }

  /**
   * Some of the images, in the given order, each changed by {@code transform}. If the images are
   * bytes and the transform {@linkplain ImageTransform#keepsBytes keeps them so}, the result is
   * held as bytes too, and nothing is lost: each result k / 255 is stored as k.
   *
   * @throws IllegalArgumentException as {@link #requireUnit} does, if the transform leaves [0, 1]
   */
  public ImageSet transformed(ImageTransform transform, int[] indices) {
    Shape after = transform.outputShape(shape);
    int n = indices.length;
    if (n == 0) {
      throw new IllegalArgumentException("expected the index of at least one image");
    }
    boolean bytes = isBytes() && transform.keepsBytes();
    float[] in = new float[shape.count()];
    float[] values = bytes ? new float[after.count()] : new float[after.prepend(n).count()];
    byte[][] result = bytes ? new byte[blockCount(after, n)][] : null;
    byte[] classes = labels == null ? null : new byte[n];
    for (int i = 0; i < n; i++) {
      copyTo(indices[i], in, 0);
      int at = bytes ? 0 : i * after.count();
      transform.apply(in, 0, shape, values, at);
      requireUnit(values, at, after.count(), indices[i]);
      if (bytes) {
        int number = i / perBlock(after);
        int to = i % perBlock(after) * after.count();
        if (to == 0) {
          result[number] = new byte[blockBytes(after, n, number)];
        }
        byte[] block = result[number];
        for (int j = 0; j < values.length; j++) {
          block[to + j] = (byte) (values[j] * 255 + 0.5f);
        }
      }
      if (classes != null) {
        classes[i] = labels[indices[i]];
      }
    }
    return new ImageSet(after, n, result, bytes ? null : values, classes);
  }

  /** For example {@code 60000 images [1, 28, 28]}. */
  @Override
  public String toString() {
    return count + " images " + shape;
  }
}
