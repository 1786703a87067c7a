package dev.cogan.engine.io;

import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Lays out images in rows and columns as one picture. A sample has one image per domain; the images
 * of one sample stand side by side with a thin line between them, samples are set apart by a wider
 * gap.
 *
 * <pre>
 *   a0 b0   a1 b1   a2 b2
 *   a3 b3   a4 b4
 * </pre>
 *
 * <p>Domains may differ in size and in channels: each image is centred in a cell of the largest
 * height and width; the picture is grey if all domains have one channel, otherwise RGB.
 */
public final class ImageGrid {
  private static final byte BACKGROUND = (byte) 128;
  private static final int MAX_PIXELS = 10_000;

  /** Twice a buffer that doubles as it fills, and what is taken out of it. */
  private static final int COPIES_OF_FILE = 5;

  private final List<Tensor> domains;
  private final List<Shape> shapes;
  private final int samples;
  private float low;
  private float high = 1;
  private int columns;
  private int scale = 1;
  private int padding = 1;
  private int gap = 4;

  private ImageGrid(List<Tensor> domains, List<Shape> shapes, int samples) {
    this.domains = domains;
    this.shapes = shapes;
    this.samples = samples;
    for (Shape shape : shapes) {
      if (shape.size(0) != 1 && shape.size(0) != 3) {
        throw new IllegalArgumentException(
            "cannot show images with channels other than 1 or 3: " + shape.prepend(samples));
      }
    }
    // About as wide as high.
    this.columns = Math.max(1, (int) Math.round(Math.sqrt((double) samples / shapes.size())));
  }

  /**
   * One domain: images {@code [n, c, h, w]}, c 1 or 3. The tensor is read when the picture is made.
   */
  public static ImageGrid of(Tensor images) {
    return ofDomains(List.of(images));
  }

  /** Domains with the same number of images; image i of each belongs to sample i. */
  public static ImageGrid ofDomains(List<Tensor> domains) {
    if (domains.isEmpty()) {
      throw new IllegalArgumentException("a picture needs at least one domain");
    }
    for (Tensor domain : domains) {
      Shape shape = domain.shape();
      if (shape.rank() != 4 || shape.count() == 0 || shape.size(0) != domains.get(0).size(0)) {
        throw new IllegalArgumentException(
            "expected images [n, c, h, w], the same n for all domains, got " + domains);
      }
    }
    return new ImageGrid(
        List.copyOf(domains),
        domains.stream().map(domain -> domain.shape().dropFirst()).toList(),
        domains.get(0).size(0));
  }

  /**
   * A grid of images that are yet to be made: what memory its picture will take is all that it
   * knows.
   *
   * @param samples how many there will be, 1 or more
   * @param images {@code [c, h, w]} of each domain
   */
  public static ImageGrid planned(int samples, List<Shape> images) {
    if (samples < 1 || images.isEmpty()) {
      throw new IllegalArgumentException(
          "a picture needs samples and domains, got " + samples + " of " + images);
    }
    return new ImageGrid(null, List.copyOf(images), samples);
  }

  /** The values that become black and white; others are clamped, NaN is black. Default 0 and 1. */
  public ImageGrid range(float black, float white) {
    if (!(black < white)) {
      throw new IllegalArgumentException("not a range: " + black + " to " + white);
    }
    low = black;
    high = white;
    return this;
  }

  /** Samples per row, 1 to 10,000. Default: as many as make the picture about square. */
  public ImageGrid columns(int samplesPerRow) {
    columns = within(1, samplesPerRow, "columns");
    return this;
  }

  /** Each pixel becomes a square of this many, 1 to 10,000. Default 1. */
  public ImageGrid scale(int factor) {
    scale = within(1, factor, "scale");
    return this;
  }

  /** Pixels between the images of one sample, and around the picture. Default 1. */
  public ImageGrid padding(int pixels) {
    padding = within(0, pixels, "padding");
    return this;
  }

  /** Pixels between samples; rows have this gap too. Default 4. */
  public ImageGrid gap(int pixels) {
    gap = within(0, pixels, "gap");
    return this;
  }

  /** Sizes of the picture and of what is in it, in pixels. */
  private record Layout(
      int cellHeight, int cellWidth, int channels, int across, long height, long width) {
    long bytes() {
      return channels * height * width;
    }
  }

  private Layout layout() {
    int cellHeight = 0;
    int cellWidth = 0;
    int channels = 1;
    for (Shape image : shapes) {
      channels = Math.max(channels, image.size(0));
      cellHeight = Math.max(cellHeight, image.size(1));
      cellWidth = Math.max(cellWidth, image.size(2));
    }
    int across = Math.min(columns, samples);
    int rows = (samples + across - 1) / across;
    int n = shapes.size();
    long sampleWidth = n * ((long) cellWidth * scale) + (n - 1L) * padding;
    long width = across * sampleWidth + (across - 1L) * gap + 2L * padding;
    long height = rows * ((long) cellHeight * scale) + (rows - 1L) * gap + 2L * padding;
    if ((double) channels * width * height > Integer.MAX_VALUE - 64) {
      throw new InputException(
          "a picture of "
              + width
              + " x "
              + height
              + " pixels is too large: fewer samples or a smaller scale");
    }
    return new Layout(cellHeight, cellWidth, channels, across, height, width);
  }

  /**
   * Bytes of memory that {@link #toPicture} takes.
   *
   * @throws InputException if they are 2^31 or more
   */
  public long pictureBytes() {
    return layout().bytes();
  }

  /**
   * Bytes of memory that {@link #write} takes at most: the picture, and copies of the compressed
   * one, to which pixels side by side that are equal add little.
   *
   * @throws InputException if the picture would have 2^31 or more samples
   */
  public long writingBytes() {
    long picture = pictureBytes();
    return picture + COPIES_OF_FILE * picture / scale;
  }

  /**
   * Makes the picture.
   *
   * @throws InputException if it would have 2^31 or more samples
   */
  public Picture toPicture() {
    if (domains == null) {
      throw new IllegalStateException("a planned picture has no images");
    }
    Layout layout = layout();
    int n = domains.size();
    long imageWidth = (long) layout.cellWidth * scale;
    long imageHeight = (long) layout.cellHeight * scale;
    long sampleWidth = n * imageWidth + (n - 1L) * padding;
    Picture picture = new Picture(layout.channels, (int) layout.height, (int) layout.width);
    for (int sample = 0; sample < samples; sample++) {
      long left = padding + sample % layout.across * (sampleWidth + gap);
      long top = padding + sample / layout.across * (imageHeight + gap);
      for (int d = 0; d < n; d++) {
        Tensor domain = domains.get(d);
        int x =
            (int) (left + d * (imageWidth + padding))
                + (layout.cellWidth - domain.size(3)) / 2 * scale;
        int y = (int) top + (layout.cellHeight - domain.size(2)) / 2 * scale;
        paint(domain, sample, picture, y, x);
      }
    }
    return picture;
  }

  /** Makes the picture and writes it as PNG; see {@link AtomicFile} for what can go wrong. */
  public void write(Path path) {
    Picture picture = toPicture();
    Png.write(path, picture.planes, picture.channels, picture.height, picture.width);
  }

  private void paint(Tensor domain, int sample, Picture picture, int top, int left) {
    int channels = domain.size(1);
    int height = domain.size(2);
    int width = domain.size(3);
    float[] pixels = domain.data();
    for (int c = 0; c < picture.channels; c++) {
      int from = domain.offset() + (sample * channels + Math.min(c, channels - 1)) * height * width;
      for (int y = 0; y < height; y++) {
        int row = (c * picture.height + top + y * scale) * picture.width + left;
        for (int x = 0; x < width; x++) {
          byte value = level(pixels[from + y * width + x]);
          for (int copy = 0; copy < scale; copy++) {
            picture.planes[row + x * scale + copy] = value;
          }
        }
        for (int copy = 1; copy < scale; copy++) {
          System.arraycopy(
              picture.planes, row, picture.planes, row + copy * picture.width, width * scale);
        }
      }
    }
  }

  private byte level(float value) {
    // Compared, not by Math.min and max: most pictures are painted before those are compiled.
    float unit = (value - low) / (high - low);
    float clamped = unit > 0 ? unit < 1 ? unit : 1 : 0; // NaN becomes 0.
    return (byte) (clamped * 255 + 0.5); // In double, which is exact.
  }

  /** The upper bound keeps the sizes of a picture within a long; no sensible picture is near. */
  private static int within(int least, int value, String what) {
    if (value < least || value > MAX_PIXELS) {
      throw new InputException(
          what + " must be from " + least + " to " + MAX_PIXELS + ", not " + value);
    }
    return value;
  }

  /** A picture with 8 bits per sample, on a grey background. */
  public static final class Picture {
    private final int channels;
    private final int height;
    private final int width;
    private final byte[] planes;

    private Picture(int channels, int height, int width) {
      this.channels = channels;
      this.height = height;
      this.width = width;
      this.planes = new byte[channels * height * width];
      Arrays.fill(planes, BACKGROUND);
    }

    /** 1 (grey) or 3 (red, green, blue). */
    public int channels() {
      return channels;
    }

    /** Rows of pixels. */
    public int height() {
      return height;
    }

    /** Columns of pixels. */
    public int width() {
      return width;
    }

    /** The value of one sample, 0 to 255. */
    public int level(int channel, int y, int x) {
      return planes[(channel * height + y) * width + x] & 0xff;
    }

    /** The file's bytes. */
    public byte[] toPng() {
      return Png.encode(planes, channels, height, width);
    }

    /** {@code [channels, height, width]}, the picture's own memory. */
    byte[] planes() {
      return planes;
    }
  }
}
