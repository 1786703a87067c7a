package dev.cogan.engine.io;

import dev.cogan.engine.io.ImageGrid.Picture;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes animated PNG (third edition of the PNG standard, chunks acTL, fcTL and fdAT), which all
 * browsers show; programs that do not know it show the first frame. Lossless, 8 bits per sample,
 * grey or RGB.
 */
public final class AnimatedPng {
  private static final int MAX_FRAMES = 10_000;

  private AnimatedPng() {}

  /**
   * Writes an animation, whole or not at all; see {@link AtomicFile}.
   *
   * @param frames one or more, all of one size and number of channels
   * @param milliseconds how long each frame is shown, 1 to 60,000
   * @param plays how often the animation runs, 0 for ever
   * @throws IllegalArgumentException if there are no frames or they differ
   */
  public static void write(Path path, List<Picture> frames, int milliseconds, int plays) {
    require(frames, milliseconds, plays);
    AtomicFile.write(path, out -> encode(new DataOutputStream(out), frames, milliseconds, plays));
  }

  private static void require(List<Picture> frames, int milliseconds, int plays) {
    if (frames.isEmpty() || frames.size() > MAX_FRAMES) {
      throw new IllegalArgumentException("1 to " + MAX_FRAMES + " frames, not " + frames.size());
    }
    if (milliseconds < 1 || milliseconds > 60_000 || plays < 0) {
      throw new IllegalArgumentException(
          milliseconds + " milliseconds a frame, played " + plays + " times");
    }
    Picture first = frames.get(0);
    for (Picture frame : frames) {
      if (frame.channels() != first.channels()
          || frame.height() != first.height()
          || frame.width() != first.width()) {
        throw new IllegalArgumentException(
            "frames differ: " + describe(first) + " and " + describe(frame));
      }
    }
  }

  private static String describe(Picture picture) {
    return "[" + picture.channels() + ", " + picture.height() + ", " + picture.width() + "]";
  }

  private static void encode(
      DataOutputStream out, List<Picture> frames, int milliseconds, int plays) throws IOException {
    Picture first = frames.get(0);
    out.write(Png.SIGNATURE);
    Png.chunk(out, "IHDR", Png.header(first.channels(), first.height(), first.width()));
    Fields control = new Fields();
    control.out.writeInt(frames.size());
    control.out.writeInt(plays);
    Png.chunk(out, "acTL", control.bytes());
    int sequence = 0;
    for (int i = 0; i < frames.size(); i++) {
      Picture frame = frames.get(i);
      Png.chunk(out, "fcTL", frameControl(sequence++, frame, milliseconds));
      byte[] data = Png.compress(frame.planes(), frame.channels(), frame.height(), frame.width());
      if (i == 0) {
        Png.chunk(out, "IDAT", data);
        continue;
      }
      Fields numbered = new Fields();
      numbered.out.writeInt(sequence++);
      numbered.out.write(data);
      Png.chunk(out, "fdAT", numbered.bytes());
    }
    Png.chunk(out, "IEND", new byte[0]);
  }

  /** The whole picture, shown for its time, replacing what was there. */
  private static byte[] frameControl(int sequence, Picture frame, int milliseconds)
      throws IOException {
    Fields fields = new Fields();
    fields.out.writeInt(sequence);
    fields.out.writeInt(frame.width());
    fields.out.writeInt(frame.height());
    fields.out.writeInt(0);
    fields.out.writeInt(0);
    fields.out.writeShort(milliseconds);
    fields.out.writeShort(1000);
    fields.out.writeByte(0);
    fields.out.writeByte(0);
    return fields.bytes();
  }

  private static final class Fields {
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    final DataOutputStream out = new DataOutputStream(buffer);

    byte[] bytes() {
      return buffer.toByteArray();
    }
  }
}
