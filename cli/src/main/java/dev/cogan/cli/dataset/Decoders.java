package dev.cogan.cli.dataset;

import dev.cogan.engine.image.ImageDecoder;
import dev.cogan.engine.image.MissingDecoderException;
import dev.cogan.engine.image.RawImage;

/** The picture formats that this Java runtime can read. */
public final class Decoders {
  private Decoders() {}

  /** PNG always; JPEG where the runtime has {@code java.desktop}, else a message that says so. */
  public static ImageDecoder available() {
    return ImageDecoder.withJpeg(new Lazily());
  }

  /** Loads the JDK's imaging only when a JPEG comes: digits need none of it. */
  private static final class Lazily implements ImageDecoder {
    private ImageDecoder jpeg;

    @Override
    public RawImage decode(byte[] file, String name) {
      return jpeg().decode(file, name);
    }

    private synchronized ImageDecoder jpeg() {
      if (jpeg == null) {
        try {
          jpeg = new JpegDecoder();
        } catch (LinkageError e) {
          throw new MissingDecoderException(
              "reading JPEG needs the Java module java.desktop, which this Java runtime lacks;"
                  + " use a full JDK, or convert the pictures to PNG",
              e);
        }
      }
      return jpeg;
    }
  }
}
