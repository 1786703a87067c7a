package dev.cogan.golden;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** The first images of an MNIST file {@code *-images-idx3-ubyte.gz}, values from 0 to 1. */
final class MnistImages {
  static final int SIDE = 28;

  private final float[][] images;

  private MnistImages(float[][] images) {
    this.images = images;
  }

  static MnistImages read(Path file, int count) throws IOException {
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file))))) {
      int magic = in.readInt();
      int available = in.readInt();
      int rows = in.readInt();
      int columns = in.readInt();
      if (magic != 2051 || available < count || rows != SIDE || columns != SIDE) {
        throw new IOException(file + ": expected at least " + count + " images of 28x28");
      }
      float[][] images = new float[count][SIDE * SIDE];
      for (float[] image : images) {
        for (int i = 0; i < image.length; i++) {
          image[i] = in.readUnsignedByte() / 255f;
        }
      }
      return new MnistImages(images);
    }
  }

  /** {@code count} images from {@code first} on, {@code [count, 1, 28, 28]} flat. */
  float[] batch(int first, int count) {
    float[] batch = new float[count * SIDE * SIDE];
    for (int i = 0; i < count; i++) {
      System.arraycopy(images[first + i], 0, batch, i * SIDE * SIDE, SIDE * SIDE);
    }
    return batch;
  }

  /** The same, inner 24x24 pixels averaged over 3x3: {@code [count, 1, 8, 8]} flat. */
  float[] smallBatch(int first, int count) {
    float[] batch = new float[count * 64];
    for (int i = 0; i < batch.length; i++) {
      float[] image = images[first + i / 64];
      int y = i / 8 % 8 * 3 + 2;
      int x = i % 8 * 3 + 2;
      float sum = 0;
      for (int k = 0; k < 9; k++) {
        sum += image[(y + k / 3) * SIDE + x + k % 3];
      }
      batch[i] = sum / 9;
    }
    return batch;
  }
}
