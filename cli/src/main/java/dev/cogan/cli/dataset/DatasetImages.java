package dev.cogan.cli.dataset;

import dev.cogan.engine.data.BadFile;
import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.DomainLoader;
import dev.cogan.engine.data.DomainSpec;
import dev.cogan.engine.data.IdxFile;
import dev.cogan.engine.data.PictureLoader;
import dev.cogan.engine.image.ImageDecoder;
import dev.cogan.engine.image.RawImage;
import dev.cogan.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All images of one domain, at their final size, with what was seen on the way.
 *
 * @param spec the domain
 * @param data its images
 * @param files names of the files that they come from, in order; empty for mnist and idx
 * @param bad files that were left out
 * @param missing files that CelebA's list names and that are not there
 * @param formats how many files there are of each size, channels and bits
 * @param low depth that became 0; 0 if it is no depth
 * @param high depth that became 1; 255 if it is no depth
 */
public record DatasetImages(
    DomainSpec spec,
    DomainData data,
    List<String> files,
    List<BadFile> bad,
    int missing,
    Map<String, Integer> formats,
    int low,
    int high) {

  /**
   * Loads a domain.
   *
   * @param size side of the images made of pictures
   * @param alpha what becomes of transparency, white if null
   * @param loader for the sources that do not consist of pictures
   */
  public static DatasetImages load(
      DomainSpec spec, int size, RawImage.Alpha alpha, DomainLoader loader) {
    Map<String, Integer> formats = new TreeMap<>();
    if (!spec.source().isPictures()) {
      DomainData data = loader.load(List.of(spec), 0).get(0);
      // Padding, resizing and turning are no matter of the file.
      boolean idx = spec.source().kind().equals("idx");
      Shape shape = idx ? IdxFile.imageShape(spec.source().path()) : data.shape();
      formats.put(describe(shape.size(2), shape.size(1), shape.size(0), 8), data.count());
      return new DatasetImages(spec, data, List.of(), List.of(), 0, formats, 0, 255);
    }
    ImageDecoder decoder = Decoders.available();
    ImageDecoder counting =
        (file, name) -> {
          RawImage image = decoder.decode(file, name);
          String format = describe(image.width(), image.height(), image.channels(), image.bits());
          formats.merge(format, 1, Integer::sum);
          return image;
        };
    PictureLoader pictures =
        new PictureLoader(counting, size, alpha == null ? RawImage.Alpha.WHITE : alpha);
    PictureLoader.Whole whole = pictures.loadWhole(spec);
    return new DatasetImages(
        spec,
        whole.data(),
        whole.files(),
        new ArrayList<>(pictures.bad()),
        whole.missing(),
        formats,
        whole.low(),
        whole.high());
  }

  private static String describe(int width, int height, int channels, int bits) {
    String kind =
        switch (channels) {
          case 1 -> "grey";
          case 2 -> "grey+alpha";
          case 3 -> "RGB";
          default -> "RGB+alpha";
        };
    return width + "x" + height + " " + kind + " " + bits + " bit";
  }

  /** Number of images. */
  public int count() {
    return data.count();
  }

  /** {@code [channels, height, width]}. */
  public Shape shape() {
    return data.shape();
  }

  /** An image as unsigned bytes, {@code [channels, height, width]}. */
  byte[] bytes(int index) {
    float[] values = new float[shape().count()];
    data.fill(values, 0, index);
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(values[i] * 255);
    }
    return bytes;
  }
}
