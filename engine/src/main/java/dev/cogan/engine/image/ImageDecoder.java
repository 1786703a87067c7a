package dev.cogan.engine.image;

import dev.cogan.engine.io.InputException;

/**
 * Turns a file's bytes into a picture. The engine reads PNG by itself; JPEG needs a decoder from
 * outside ({@code java.desktop} has one), given to {@link #withJpeg}.
 */
@FunctionalInterface
public interface ImageDecoder {

  /** Files larger than this are not looked into. */
  int MAX_FILE_BYTES = 64 << 20;

  /**
   * Decodes a file.
   *
   * @param file all its bytes
   * @param name what messages call it
   * @throws InputException if it is not a picture that can be read; the message says why
   */
  RawImage decode(byte[] file, String name);

  /** PNG only; a JPEG is refused with what would be needed. */
  static ImageDecoder pngOnly() {
    return withJpeg(
        (file, name) -> {
          throw new MissingDecoderException(
              name + ": is a JPEG, and no decoder for JPEG was given", null);
        });
  }

  /**
   * PNG, and JPEG by the given decoder. What it gets has been checked: a sensible number of pixels
   * and of scans, and no segments but those that a decoder needs, so no profiles and no comments.
   * What it returns is then turned and mirrored as the camera noted in EXIF.
   *
   * @param jpeg decodes JPEG; what it throws becomes an {@link InputException}
   */
  static ImageDecoder withJpeg(ImageDecoder jpeg) {
    return (file, name) -> {
      switch (ImageFormat.of(file)) {
        case PNG:
          return PngReader.decode(file, name);
        case JPEG:
          JpegFile checked = JpegFile.read(file, name);
          RawImage image = jpeg.decode(checked.bytes(), name);
          if (image.height() != checked.height() || image.width() != checked.width()) {
            throw new InputException(name + ": decoded to another size than its header's");
          }
          return ExifOrientation.upright(image, checked.orientation());
        default:
          throw new InputException(
              name + ": neither PNG nor JPEG: " + ImageFormat.describeStart(file));
      }
    };
  }
}
