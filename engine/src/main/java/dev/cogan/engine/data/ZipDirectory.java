package dev.cogan.engine.data;

import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * The end of a zip file, which says how large its directory is. The JDK loads the directory whole,
 * so its size is checked before (APPNOTE 4.3.14 to 4.3.16).
 */
final class ZipDirectory {
  private static final int END = 0x06054b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int END_64 = 0x06064b50;
  private static final int END_SIZE = 22;
  private static final int LONGEST_COMMENT = 65535;
  private static final long MAX_BYTES = 512L << 20;

  private ZipDirectory() {}

  /**
   * @throws InputException if there is no directory or the heap should not be asked for it
   */
  static void check(Path path) {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      long length = file.length();
      int tail = (int) Math.min(length, END_SIZE + LONGEST_COMMENT);
      byte[] bytes = new byte[tail];
      file.seek(length - tail);
      file.readFully(bytes);
      ByteBuffer end = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      boolean found = false;
      long largest = -1;
      for (int at = tail - END_SIZE; at >= 0; at--) {
        if (end.getInt(at) == END) {
          long size = end.getInt(at + 12) & 0xffffffffL;
          if (at >= 20 && end.getInt(at - 20) == LOCATOR_64) {
            size = Math.max(size == 0xffffffffL ? 0 : size, size64(file, end.getLong(at - 12)));
          }
          // A comment may hold what looks like an end, too: any may be the one the JDK goes by.
          found = true;
          largest = size <= length ? Math.max(largest, size) : largest;
        }
      }
      if (!found) {
        throw new InputException(path + ": neither a folder nor a whole zip file");
      }
      requireSize(path, largest);
    } catch (IOException e) {
      throw InputException.cannotRead(path, e);
    }
  }

  private static long size64(RandomAccessFile file, long at) throws IOException {
    byte[] bytes = new byte[56];
    if (at < 0 || at > file.length() - bytes.length) {
      return 0; // The JDK goes by the other record then.
    }
    file.seek(at);
    file.readFully(bytes);
    ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return record.getInt(0) == END_64 ? record.getLong(40) : 0;
  }

  /**
   * @param size -1 if none would fit into the file
   */
  private static void requireSize(Path path, long size) {
    if (size < 0) {
      throw new InputException(path + ": corrupt zip file: its directory would not fit into it");
    }
    // The names are kept beside the directory itself.
    if (size > MAX_BYTES || size * 4 > Runtime.getRuntime().maxMemory() / 2) {
      throw new InputException(
          path + ": a zip directory of " + (size >> 20) + " MiB is too large for this heap");
    }
  }
}
