package dev.cogan.cli.tensorboard;

import dev.cogan.cli.protobuf.ProtoWriter;
import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * A file that TensorBoard reads: records of TensorFlow's {@code Event} message, each framed as its
 * length, a masked CRC-32C of the length, the message, and a masked CRC-32C of the message. The
 * file is open only while a record is appended, and a record is one write.
 *
 * <p>Fields written: of {@code Event} wall_time (1), step (2), file_version (3), summary (5),
 * session_log (7); of {@code SessionLog} status (1); of {@code Summary.Value} tag (1), simple_value
 * (2), image (4); of {@code Summary.Image} height (1), width (2), colorspace (3),
 * encoded_image_string (4).
 */
public final class EventFile {
  private static final int MASK_DELTA = 0xa282ead8;
  private static final String PREFIX = "events.out.tfevents.";
  private static final int PNG_HEADER = 26;
  private static final int SESSION_START = 1;

  private final Path path;
  private final boolean continued;

  /**
   * Begins a new file; TensorBoard takes all files of a folder together.
   *
   * @param folder is made if it is not there
   * @param epochSeconds the time, part of the file's name; a later one where the folder has a file
   *     of this time or of a later one
   */
  public EventFile(Path folder, long epochSeconds) {
    try {
      Files.createDirectories(folder);
      long newest;
      try (Stream<Path> files = Files.list(folder)) {
        newest = files.mapToLong(file -> time(file.getFileName().toString())).max().orElse(-1);
      }
      continued = newest >= 0;
      // TensorBoard goes from file to file by the order of their names, whatever the clock says.
      long time = Math.max(epochSeconds, newest + 1);
      path = folder.resolve(String.format(Locale.ROOT, PREFIX + "%010d.cogan.0", time));
    } catch (IOException e) {
      throw InputException.cannotWrite(folder, e);
    }
    append(new ProtoWriter().float64(1, epochSeconds).text(3, "brain.Event:2"));
  }

  /** The time in a file's name, or -1 if it is no such file. */
  private static long time(String name) {
    if (!name.startsWith(PREFIX)) {
      return -1;
    }
    String digits = name.substring(PREFIX.length()).replaceFirst("\\D.*", "");
    return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : 0;
  }

  /** Whether the folder had other files, of the same training before it was stopped. */
  public boolean continued() {
    return continued;
  }

  /**
   * Says that a training goes on with this step: TensorBoard hides what files from before have of
   * this step and of later ones, which a stopped or abandoned course has left.
   */
  public void restart(long step, double epochSeconds) {
    ProtoWriter session = new ProtoWriter().int64(1, SESSION_START);
    append(new ProtoWriter().float64(1, epochSeconds).int64(2, step).message(7, session));
  }

  /** Numbers of one step. */
  public void scalars(long step, double epochSeconds, Map<String, ? extends Number> values) {
    ProtoWriter summary = new ProtoWriter();
    values.forEach(
        (tag, value) ->
            summary.message(1, new ProtoWriter().text(1, tag).float32(2, value.floatValue())));
    append(new ProtoWriter().float64(1, epochSeconds).int64(2, step).message(5, summary));
  }

  /**
   * A picture of one step.
   *
   * @param png of 8 bits per channel, grey or RGB
   */
  public void image(long step, double epochSeconds, String tag, byte[] png) {
    if (png.length < PNG_HEADER) {
      throw new IllegalArgumentException("not a PNG file: " + png.length + " bytes");
    }
    ByteBuffer header = ByteBuffer.wrap(png);
    int channels = png[25] == 0 ? 1 : 3; // colour type 0 is grey
    ProtoWriter image =
        new ProtoWriter()
            .int64(1, header.getInt(20))
            .int64(2, header.getInt(16))
            .int64(3, channels)
            .bytes(4, png);
    ProtoWriter summary =
        new ProtoWriter().message(1, new ProtoWriter().text(1, tag).message(4, image));
    append(new ProtoWriter().float64(1, epochSeconds).int64(2, step).message(5, summary));
  }

  /** The file. */
  public Path path() {
    return path;
  }

  private void append(ProtoWriter event) {
    byte[] message = event.toByteArray();
    ByteBuffer record = ByteBuffer.allocate(16 + message.length).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(message.length);
    record.putInt(maskedCrc(record.array(), 8));
    record.put(message);
    record.putInt(maskedCrc(message, message.length));
    try (OutputStream out =
        Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      out.write(record.array());
    } catch (IOException e) {
      throw InputException.cannotWrite(path, e);
    }
  }

  /** Rotated and shifted, so that the CRC of data that holds CRCs is not weak. */
  static int maskedCrc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    int value = (int) crc.getValue();
    return (value >>> 15 | value << 17) + MASK_DELTA;
  }
}
