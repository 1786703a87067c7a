package dev.cogan.engine.image;

import dev.cogan.engine.io.InputException;

/**
 * How the camera of a picture was held, for an image that belongs to the picture and is stored as
 * the sensor saw it: a depth map is to be turned as its photo is.
 *
 * @param height rows of the picture before turning
 * @param width columns before turning
 * @param orientation 1 upright, 2 to 8 as EXIF counts
 */
public record CameraNote(int height, int width, int orientation) {
  private static final CameraNote NONE = new CameraNote(1, 1, ExifOrientation.UPRIGHT);

  /** What a picture's file says; upright if it is no JPEG, or none that can be read. */
  public static CameraNote of(byte[] picture, String name) {
    if (ImageFormat.of(picture) != ImageFormat.JPEG) {
      return NONE;
    }
    try {
      JpegFile jpeg = JpegFile.read(picture, name);
      return new CameraNote(jpeg.height(), jpeg.width(), jpeg.orientation());
    } catch (InputException e) {
      return NONE; // A picture's damage is said where the picture is read.
    }
  }

  /**
   * An image turned and mirrored as the picture is.
   *
   * @param name of the image, for messages
   * @throws InputException if it lies the other way than the picture does before turning
   */
  public RawImage turn(RawImage image, String name) {
    boolean swaps = orientation > 4;
    if (swaps && Integer.signum(height - width) * (image.height() - image.width()) < 0) {
      throw new InputException(
          name
              + ": is "
              + image.width()
              + "x"
              + image.height()
              + ", its picture "
              + width
              + "x"
              + height
              + " before it is turned as its camera noted; expected both to lie the same way");
    }
    return ExifOrientation.upright(image, orientation);
  }
}
