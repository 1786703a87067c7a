package dev.cogan.engine.data;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.tensor.Shape;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads the IDX format of MNIST, plain or gzip (told apart by content, not by name): unsigned bytes
 * in three dimensions for grey images (magic number 0x00000803: count, rows, columns) and in one
 * for labels (0x00000801: count), all numbers big-endian.
 *
 * <p>The header is not believed: memory is taken block by block as data arrive, at most three
 * quarters of the heap, and a file that is shorter or longer than its header says is refused.
 */
public final class IdxFile {
  private static final int IMAGES = 0x00000803;
  private static final int LABELS = 0x00000801;
  private static final int MAX_SIDE = 4096;
  private static final int BUFFER = 1 << 16;

  private IdxFile() {}

  /**
   * Reads images.
   *
   * @return images of shape {@code [1, rows, columns]}, without labels
   * @throws InputException if the file cannot be read or is not right; the message says what is
   *     wrong
   */
  public static ImageSet readImages(Path path) {
    return open(path, IdxFile::readImages);
  }

  /**
   * The shape of a file's images, {@code [1, rows, columns]}, of which only the header is read.
   *
   * @throws InputException if the file cannot be read or does not begin as one of images
   */
  public static Shape imageShape(Path path) {
    return open(path, (in, name) -> decode(in, name, IdxFile::header)).shape();
  }

  /**
   * Reads images from a stream, which is read to its end and not closed.
   *
   * @param name what error messages call it
   */
  public static ImageSet readImages(InputStream in, String name) {
    return decode(in, name, IdxFile::images);
  }

  /**
   * Reads labels, one byte each.
   *
   * @throws InputException if the file cannot be read or is not right
   */
  public static byte[] readLabels(Path path) {
    return open(path, IdxFile::readLabels);
  }

  /**
   * Reads labels from a stream, which is read to its end and not closed.
   *
   * @param name what error messages call it
   */
  public static byte[] readLabels(InputStream in, String name) {
    return decode(in, name, IdxFile::labels);
  }

  private interface Reader<T> {
    T read(InputStream in, String name) throws IOException;
  }

  private static <T> T open(Path path, Reader<T> reader) {
    if (Files.isDirectory(path)) {
      throw new InputException(path + ": is a directory, expected an IDX file");
    }
    try (InputStream in = Files.newInputStream(path)) {
      return reader.read(in, path.toString());
    } catch (IOException e) {
      throw InputException.cannotRead(path, e);
    }
  }

  private static <T> T decode(InputStream raw, String name, Reader<T> reader) {
    boolean gzip = false;
    try {
      InputStream in = new BufferedInputStream(raw, BUFFER);
      in.mark(2);
      gzip = in.read() == 0x1f && in.read() == 0x8b;
      in.reset();
      return reader.read(gzip ? new GZIPInputStream(in, BUFFER) : in, name);
    } catch (EOFException e) {
      throw new InputException(name + ": truncated gzip data", e);
    } catch (ZipException e) {
      throw new InputException(name + ": corrupt gzip data: " + e.getMessage(), e);
    } catch (IOException e) {
      throw InputException.cannotRead(name, e);
    }
  }

  /** How many images of which shape the first bytes of a file promise. */
  private record Header(long count, Shape shape) {
    @Override
    public String toString() {
      return count + " images of " + shape.size(1) + " x " + shape.size(2) + " pixels";
    }
  }

  private static Header header(InputStream in, String name) throws IOException {
    checkMagic(in, name, IMAGES);
    long count = unsigned(in, name);
    long rows = unsigned(in, name);
    long columns = unsigned(in, name);
    if (count == 0) {
      throw new InputException(name + ": holds no images");
    }
    if (rows < 1 || rows > MAX_SIDE || columns < 1 || columns > MAX_SIDE) {
      throw new InputException(
          name
              + ": images of "
              + rows
              + " x "
              + columns
              + " pixels, expected 1 to "
              + MAX_SIDE
              + " each");
    }
    return new Header(count, Shape.of(1, (int) rows, (int) columns));
  }

  private static ImageSet images(InputStream in, String name) throws IOException {
    Header header = header(in, name);
    String promised = header.toString();
    Shape shape = header.shape();
    checkHeap(name, promised, (double) header.count() * shape.count());
    if (header.count() > Integer.MAX_VALUE) {
      throw new InputException(name + ": " + promised + ", at most 2^31 - 1 can be read");
    }
    int n = (int) header.count();
    byte[][] blocks = new byte[0][];
    int blockCount = ImageSet.blockCount(shape, n);
    long done = 0;
    for (int i = 0; i < blockCount; i++) {
      byte[] block = new byte[ImageSet.blockBytes(shape, n, i)];
      int got = in.readNBytes(block, 0, block.length);
      done += got;
      if (got < block.length) {
        throw new InputException(
            name + ": truncated: the header says " + promised + ", found " + done + " bytes");
      }
      if (i == blocks.length) { // Grows with the data, as the blocks do.
        blocks = Arrays.copyOf(blocks, Math.min(blockCount, 2 * i + 16));
      }
      blocks[i] = block;
    }
    checkEnd(in, name, promised);
    return ImageSet.ofBlocks(shape, n, blocks);
  }

  private static byte[] labels(InputStream in, String name) throws IOException {
    checkMagic(in, name, LABELS);
    long count = unsigned(in, name);
    if (count == 0) {
      throw new InputException(name + ": holds no labels");
    }
    String promised = count + " labels";
    checkHeap(name, promised, count * 2.0); // Reading holds the bytes twice for a moment.
    if (count > Integer.MAX_VALUE - 64) {
      throw new InputException(name + ": " + promised + ", at most 2^31 - 65 can be read");
    }
    byte[] labels = in.readNBytes((int) count); // Allocates as data arrive.
    if (labels.length < count) {
      throw new InputException(
          name + ": truncated: the header says " + promised + ", found " + labels.length);
    }
    checkEnd(in, name, promised);
    return labels;
  }

  private static void checkMagic(InputStream in, String name, int expected) throws IOException {
    byte[] magic = in.readNBytes(4);
    if (magic.length == 0) {
      throw new InputException(name + ": empty, expected an IDX file");
    }
    if (magic.length < 4) {
      throw new InputException(name + ": truncated in its header, not an IDX file");
    }
    int found = ByteBuffer.wrap(magic).getInt();
    if (found != expected) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: starts with 0x%08x%s, expected 0x%08x (IDX %s)",
              name,
              found,
              found == IMAGES ? " (images)" : found == LABELS ? " (labels)" : "",
              expected,
              expected == IMAGES ? "images of unsigned bytes" : "labels of unsigned bytes"));
    }
  }

  private static long unsigned(InputStream in, String name) throws IOException {
    byte[] bytes = in.readNBytes(4);
    if (bytes.length < 4) {
      throw new InputException(name + ": truncated in its header");
    }
    return ByteBuffer.wrap(bytes).getInt() & 0xffffffffL;
  }

  private static void checkHeap(String name, String promised, double bytes) {
    long heap = Runtime.getRuntime().maxMemory();
    if (bytes > 0.75 * heap) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: %s need %.0f MB, more than three quarters of the heap of %d MB",
              name,
              promised,
              bytes / (1 << 20),
              heap >> 20));
    }
  }

  private static void checkEnd(InputStream in, String name, String promised) throws IOException {
    // For gzip this also makes the stream check its checksum.
    if (in.read() >= 0) {
      throw new InputException(name + ": longer than the " + promised + " of its header");
    }
  }
}
