package dev.cogan.engine.image;

import dev.cogan.engine.io.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The compressed rows of a PNG: never more is inflated than the rows that the header asks for, so a
 * file that would unfold to gigabytes costs nothing.
 */
final class PngData implements AutoCloseable {
  private final byte[] file;
  private final String name;
  private final Inflater inflater = new Inflater();
  private final List<int[]> pieces = new ArrayList<>();
  private final byte[] filter = new byte[1];
  private int next;

  PngData(byte[] file, String name) {
    this.file = file;
    this.name = name;
  }

  void add(int from, int size) {
    if (size > 0) {
      pieces.add(new int[] {from, size});
    }
  }

  private void read(byte[] dest) {
    int at = 0;
    try {
      while (at < dest.length) {
        int got = inflater.inflate(dest, at, dest.length - at);
        at += got;
        if (got == 0) {
          if (inflater.finished() || inflater.needsDictionary() || next == pieces.size()) {
            throw new InputException(name + ": truncated PNG: pixels are missing");
          }
          int[] piece = pieces.get(next++);
          inflater.setInput(file, piece[0], piece[1]);
        }
      }
    } catch (DataFormatException e) {
      throw new InputException(name + ": corrupt PNG: " + e.getMessage(), e);
    }
  }

  /** Reads a row and takes its filter off. */
  void row(byte[] row, byte[] above, int pixel) {
    read(filter);
    read(row);
    switch (filter[0]) {
      case 0 -> {}
      case 1 -> {
        for (int i = pixel; i < row.length; i++) {
          row[i] += row[i - pixel];
        }
      }
      case 2 -> {
        for (int i = 0; i < row.length; i++) {
          row[i] += above[i];
        }
      }
      case 3 -> {
        for (int i = 0; i < row.length; i++) {
          int left = i < pixel ? 0 : row[i - pixel] & 0xff;
          row[i] += (byte) ((left + (above[i] & 0xff)) / 2);
        }
      }
      case 4 -> {
        for (int i = 0; i < row.length; i++) {
          int left = i < pixel ? 0 : row[i - pixel] & 0xff;
          int up = above[i] & 0xff;
          int upLeft = i < pixel ? 0 : above[i - pixel] & 0xff;
          row[i] += (byte) paeth(left, up, upLeft);
        }
      }
      default -> throw new InputException(name + ": corrupt PNG: filter " + filter[0]);
    }
  }

  private static int paeth(int left, int up, int upLeft) {
    int p = left + up - upLeft;
    int a = Math.abs(p - left);
    int b = Math.abs(p - up);
    int c = Math.abs(p - upLeft);
    return a <= b && a <= c ? left : b <= c ? up : upLeft;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
