package dev.cogan.engine.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  @TempDir Path dir;

  @Test
  void comesBackAsItWas() {
    float[] big = new float[50_000];
    Random random = new Random(1);
    for (int i = 0; i < big.length; i++) {
      big[i] = Float.intBitsToFloat(random.nextInt());
    }
    Path path = dir.resolve("a.safetensors");
    new SafetensorsWriter()
        .metadata("format", "1")
        .metadata("quote\"", "\u00e9\n")
        .add("bytes", new byte[] {9, 1, -1, 3}, 1, Shape.of(3))
        .add("big", big, 3, Shape.of(7, 7, 1020))
        .add("state", new long[] {Long.MIN_VALUE, -1, 5})
        .add("counter", new int[] {Integer.MAX_VALUE})
        .add("scalar", new float[] {2.5f}, 0, Shape.of())
        .add("empty", Tensor.zeros(0, 4))
        .write(path);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.metadata().toString()).isEqualTo("{format=1, quote\"=\u00e9\n}");
      assertThat(file.entries().keySet())
          .containsExactly("bytes", "big", "state", "counter", "scalar", "empty");
      float[] dest = new float[49_985];
      file.readFloats("big", Shape.of(7, 7, 1020), dest, 5);
      for (int i = 0; i < 7 * 7 * 1020; i++) {
        assertThat(Float.floatToRawIntBits(dest[5 + i]))
            .isEqualTo(Float.floatToRawIntBits(big[3 + i]));
      }
      assertThat(file.readBytes("bytes")).containsExactly(1, -1, 3);
      assertThat(file.readLongs("state")).containsExactly(Long.MIN_VALUE, -1, 5);
      assertThat(file.readInts("counter")).containsExactly(Integer.MAX_VALUE);
      assertThat(file.readTensor("scalar").get(0)).isEqualTo(2.5f);
      assertThat(file.readTensor("empty").shape()).isEqualTo(Shape.of(0, 4));
    }
  }

  @Test
  void interruptsNeitherEndAReadNorGetLost() {
    float[] big = new float[50_000];
    big[49_999] = 7;
    Path path = dir.resolve("a.safetensors");
    Thread.currentThread().interrupt();
    try {
      new SafetensorsWriter().add("big", big, 0, Shape.of(50_000)).write(path);
      assertThat(Thread.currentThread().isInterrupted()).as("after writing").isTrue();
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        assertThat(Thread.currentThread().isInterrupted()).as("after opening").isTrue();
        assertThat(file.readTensor("big").toArray()).isEqualTo(big);
        assertThat(Thread.interrupted()).as("after reading").isTrue();
        assertThat(file.readTensor("big").toArray()).isEqualTo(big);
      }
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void aClosedFileSaysSo() {
    Path path = dir.resolve("a.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter().add("x", new long[] {1});
    writer.write(path);
    for (SafetensorsFile file :
        List.of(
            SafetensorsFile.open(path), SafetensorsFile.of(writer.toBytes(), "a.safetensors"))) {
      file.close();
      file.close();
      assertThat(file.entries()).containsKey("x");
      assertThatThrownBy(() -> file.readLongs("x"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(file.path() + ": tensor 'x' cannot be read, the file has been closed");
    }
  }

  @Test
  void filesInZipFilesAreReadAsWell() throws IOException {
    byte[] bytes = new SafetensorsWriter().add("x", new long[] {5}).toBytes();
    try (FileSystem zip =
        FileSystems.newFileSystem(dir.resolve("a.zip"), Map.of("create", "true"))) {
      Path path = Files.write(zip.getPath("x.safetensors"), bytes);
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        assertThat(file.readLongs("x")).containsExactly(5);
      }
    }
  }

  @Test
  void permissionsAreNamed() throws IOException {
    Path path = Files.write(dir.resolve("a.safetensors"), new byte[9]);
    assumeTrue(path.toFile().setReadable(false), "no file can be made unreadable here");
    assumeFalse(Files.isReadable(path), "this user may read everything");
    assertThatThrownBy(() -> SafetensorsFile.open(path))
        .isInstanceOf(InputException.class)
        .hasMessage(path + ": cannot read: permission denied");
  }

  @Test
  void aFileInMemoryIsTheSame() {
    float[] big = new float[50_000];
    for (int i = 0; i < big.length; i++) {
      big[i] = i;
    }
    SafetensorsWriter writer =
        new SafetensorsWriter().metadata("k", "v").add("big", big, 0, Shape.of(50_000));
    try (SafetensorsFile file = SafetensorsFile.of(writer.toBytes(), "resource")) {
      assertThat(file.metadata()).containsEntry("k", "v");
      assertThat(file.readTensor("big").toArray()).isEqualTo(big);
    }
    byte[] cut = java.util.Arrays.copyOf(writer.toBytes(), 400);
    assertThatThrownBy(() -> SafetensorsFile.of(cut, "resource"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("resource: ");
    assertThatThrownBy(() -> SafetensorsFile.of(new byte[3], "resource"))
        .isInstanceOf(InputException.class)
        .hasMessage("resource: 3 bytes, a safetensors file has at least 8");
  }

  @Test
  void theBytesAreThese() {
    byte[] bytes =
        new SafetensorsWriter()
            .metadata("k", "v")
            .add("a", new byte[] {7}, 0, Shape.of(1))
            .add("b", new long[] {1})
            .toBytes();
    String header =
        "{\"__metadata__\":{\"k\":\"v\"},"
            + "\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[8,9]},"
            + "\"b\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}";
    int padded = (header.length() + 7) / 8 * 8;
    assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong()).isEqualTo(padded);
    assertThat(new String(bytes, 8, padded, StandardCharsets.UTF_8))
        .isEqualTo(header + " ".repeat(padded - header.length()));
    assertThat(bytes).hasSize(8 + padded + 9).endsWith(1, 0, 0, 0, 0, 0, 0, 0, 7);
  }

  @Test
  void everyTensorIsAlignedToItsElements() throws IOException {
    Path path = dir.resolve("a.safetensors");
    new SafetensorsWriter()
        .add("u", new byte[3], 0, Shape.of(3))
        .add("f", Tensor.zeros(3))
        .add("l", new long[1])
        .write(path);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      for (SafetensorsFile.Entry entry : file.entries().values()) {
        assertThat(entry.begin() % entry.type().bytes()).as(entry.name()).isZero();
      }
    }
  }

  @Test
  void theWriterRefusesWhatCannotBeRead() {
    SafetensorsWriter writer = new SafetensorsWriter().add("a", new int[1]);
    assertThatThrownBy(() -> writer.add("a", new int[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two tensors with the name a");
    assertThatThrownBy(() -> writer.add("__metadata__", new int[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> writer.add("b", new float[3], 1, Shape.of(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not fit");
  }

  @Test
  void namesWhatDoesNotFitTheReader() {
    Path path = dir.resolve("a.safetensors");
    new SafetensorsWriter().add("w", Tensor.zeros(2, 3)).write(path);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThatThrownBy(() -> file.readTensor("v"))
          .isInstanceOf(InputException.class)
          .hasMessage(path + ": has no tensor 'v'");
      assertThatThrownBy(() -> file.readLongs("w"))
          .isInstanceOf(InputException.class)
          .hasMessage(path + ": tensor 'w': expected I64, found F32");
      assertThatThrownBy(() -> file.readFloats("w", Shape.of(3, 2), new float[6], 0))
          .isInstanceOf(InputException.class)
          .hasMessage(path + ": tensor 'w': expected shape [3, 2], found [2, 3]");
      assertThatThrownBy(() -> file.readFloats("w", new float[6], 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void refusesWrongHeaders() throws IOException {
    String two = "\"dtype\":\"F32\",\"shape\":[2]";
    refused("[1]", 0, "does not start with '{'");
    refused("{\"a\":1", 0, "line 1, column 7: expected '}'");
    refused("{\"a\":1}", 0, "'a': expected exactly dtype, shape and data_offsets");
    refused("{\"a\":{" + two + "}}", 8, "expected exactly");
    refused("{\"a\":{" + two + ",\"data_offsets\":[0,8],\"x\":1}}", 8, "expected exactly");
    refused("{\"a\":{" + two + ",\"data_offsets\":[0]}}", 8, "not two integers");
    refused("{\"a\":{" + two + ",\"data_offsets\":[0,8.0]}}", 8, "not two integers");
    refused("{\"a\":{" + two + ",\"data_offsets\":[-8,0]}}", 8, "outside the file's 8 bytes");
    refused("{\"a\":{" + two + ",\"data_offsets\":[0,8]}}", 7, "outside the file's 7 bytes");
    refused("{\"a\":{" + two + ",\"data_offsets\":[8,0]}}", 8, "outside the file's 8 bytes");
    refused("{\"a\":{" + two + ",\"data_offsets\":[0,4]}}", 4, "needs 8 bytes");
    refused("{\"a\":{" + two + ",\"data_offsets\":[0,8]}}", 9, "1 bytes at the end");
    refused("{\"a\":{" + two + ",\"data_offsets\":[4,12]}}", 12, "behind a gap");
    String a = "\"a\":{" + two + ",\"data_offsets\":[0,8]}";
    refused("{" + a + ",\"b\":{" + two + ",\"data_offsets\":[4,12]}}", 12, "inside the tensor");
    refused("{" + a + "," + a + "}", 8, "key \"a\" stands twice");
    refused(
        "{\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "dtype F16 is not");
    refused("{" + shape("1,1,1,1,1,1,1,1,1", 4) + "}", 4, "9 dimensions, at most 8");
    refused("{" + shape("-1", 4) + "}", 4, "not made of sizes");
    refused("{" + shape("2147483648", 4) + "}", 4, "not made of sizes");
    refused("{" + shape("1.0", 4) + "}", 4, "not made of sizes");
    refused("{" + shape("65536,65536", 0) + "}", 0, "more than 2^31 - 1 elements");
    refused("{" + shape("2147483647,2147483647,2147483647,8", 0) + "}", 0, "more than 2^31");
    refused("{\"__metadata__\":[]}", 0, "__metadata__ is not a JSON object");
    refused("{\"__metadata__\":{\"a\":1}}", 0, "entry 'a' is not a string");
    refused("{\"" + "n".repeat(1025) + "\":{}}", 0, "longer than 1024 characters");
    refused("{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}", 0, "nested deeper");
  }

  @Test
  void refusesWrongLengths() throws IOException {
    for (long length : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 3, 1L << 40}) {
      byte[] file =
          ByteBuffer.allocate(10)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(length)
              .put(new byte[] {'{', '}'})
              .array();
      assertThatThrownBy(() -> read(file))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("header of " + Long.toUnsignedString(length) + " bytes in a file");
    }
    assertThatThrownBy(() -> SafetensorsFile.open(dir))
        .isInstanceOf(InputException.class)
        .hasMessage(dir + ": is a directory, expected a safetensors file");
    assertThatThrownBy(() -> SafetensorsFile.open(dir.resolve("x")))
        .isInstanceOf(InputException.class)
        .hasMessage(dir.resolve("x") + ": cannot read: no such file");
  }

  @Test
  void readsAHeaderThatAnotherProgramWrote() throws IOException {
    // Sorted by name, data in another order, spaces inside, no metadata.
    String header =
        "{\"a\": {\"data_offsets\": [4, 8], \"dtype\": \"I32\", \"shape\": [1]}, "
            + "\"b\": {\"data_offsets\": [0, 4], \"dtype\": \"F32\", \"shape\": []}}";
    Path path = Files.write(dir.resolve("a"), file(header, 8));
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.readInts("a")).containsExactly(0);
      assertThat(file.readTensor("b").shape().rank()).isZero();
    }
  }

  @Test
  void damageIsAnInputException() {
    byte[] valid =
        new SafetensorsWriter()
            .metadata("format", "1")
            .add("w", Tensor.zeros(2, 2))
            .add("n", new long[] {3})
            .toBytes();
    Damage.truncate(valid, this::read);
    Damage.flip(valid, 5000, this::read);
  }

  @Test
  void aFileThatShrinksWhileOpenIsNoticed() throws IOException {
    Path path = dir.resolve("a.safetensors");
    new SafetensorsWriter().add("w", Tensor.zeros(100)).write(path);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      Files.write(path, new byte[200]);
      assertThatThrownBy(() -> file.readTensor("w"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("it was longer when opened");
    }
  }

  private void refused(String header, int dataBytes, String message) throws IOException {
    assertThatThrownBy(() -> read(file(header, dataBytes)))
        .as(header)
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(dir.toString())
        .hasMessageContaining(message);
  }

  private static String shape(String sizes, int end) {
    return "\"a\":{\"dtype\":\"F32\",\"shape\":[" + sizes + "],\"data_offsets\":[0," + end + "]}";
  }

  private static byte[] file(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private void read(byte[] bytes) {
    Path path = dir.resolve("damaged.safetensors");
    try {
      Files.write(path, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      for (SafetensorsFile.Entry entry : List.copyOf(file.entries().values())) {
        switch (entry.type()) {
          case F32 -> file.readTensor(entry.name());
          case I64 -> file.readLongs(entry.name());
          case I32 -> file.readInts(entry.name());
          case U8 -> file.readBytes(entry.name());
        }
      }
    }
  }
}
