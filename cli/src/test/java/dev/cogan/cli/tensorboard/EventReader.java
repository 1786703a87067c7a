package dev.cogan.cli.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.util.Event;

/** Reads event files with TensorFlow's own messages, and with a CRC-32C taken bit by bit. */
public final class EventReader {
  private EventReader() {}

  public static List<Event> read(Path file) throws IOException {
    List<Event> events = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.mark();
      final long size = in.getLong();
      in.reset();
      in.get(length);
      assertThat(unmasked(in.getInt())).as("crc of a length").isEqualTo(crc(length));
      byte[] message = new byte[Math.toIntExact(size)];
      in.get(message);
      assertThat(unmasked(in.getInt())).as("crc of a message").isEqualTo(crc(message));
      events.add(Event.parseFrom(message));
    }
    return events;
  }

  private static int unmasked(int masked) {
    int rotated = masked - 0xa282ead8;
    return rotated >>> 17 | rotated << 15;
  }

  /** Castagnoli's polynomial, reflected. */
  static int crc(byte[] bytes) {
    int crc = -1;
    for (byte b : bytes) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x82f63b78;
      }
    }
    return ~crc;
  }
}
