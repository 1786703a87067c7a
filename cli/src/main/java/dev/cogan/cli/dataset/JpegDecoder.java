package dev.cogan.cli.dataset;

import dev.cogan.engine.image.ImageDecoder;
import dev.cogan.engine.image.RawImage;
import dev.cogan.engine.io.InputException;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads JPEG with the JDK's decoder, which is in the module {@code java.desktop}: in every full
 * JDK, but not in every small runtime. Grey stays grey; YCbCr becomes RGB as JFIF says. Colour
 * profiles are ignored.
 */
final class JpegDecoder implements ImageDecoder {

  /** Fails with a {@link LinkageError} where {@code java.desktop} is missing. */
  JpegDecoder() {
    ImageIO.setUseCache(false);
  }

  @Override
  public RawImage decode(byte[] file, String name) {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
    if (!readers.hasNext()) {
      throw new InputException(name + ": this Java runtime has no JPEG decoder");
    }
    ImageReader reader = readers.next();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(in, true, true);
      return samples(reader.read(0));
    } catch (IOException | RuntimeException e) {
      // The decoder throws whatever comes to it on damaged files.
      throw new InputException(name + ": corrupt JPEG: " + e.getMessage(), e);
    } finally {
      reader.dispose();
    }
  }

  private static RawImage samples(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    int plane = height * width;
    Raster raster = image.getRaster();
    if (raster.getNumBands() == 1) {
      // Not by getRGB, which would change the grey values by its gamma.
      char[] grey = new char[plane];
      int[] row = new int[width];
      for (int y = 0; y < height; y++) {
        raster.getSamples(0, y, width, 1, 0, row);
        for (int x = 0; x < width; x++) {
          grey[y * width + x] = (char) row[x];
        }
      }
      return new RawImage(1, height, width, 8, grey);
    }
    char[] colours = new char[3 * plane];
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        colours[at] = (char) (row[x] >> 16 & 0xff);
        colours[plane + at] = (char) (row[x] >> 8 & 0xff);
        colours[2 * plane + at] = (char) (row[x] & 0xff);
      }
    }
    return new RawImage(3, height, width, 8, colours);
  }
}
