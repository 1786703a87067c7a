package dev.cogan.engine.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NpyTest {
  @TempDir Path dir;

  @Test
  void comesBackAsItWas() {
    Tensor tensor = Tensor.zeros(3, 1, 200, 100);
    Random random = new Random(1);
    for (int i = 0; i < tensor.count(); i++) {
      tensor.set(i, random.nextFloat());
    }
    Path path = dir.resolve("a.npy");
    Npy.write(path, tensor.slice(1, 2));
    Tensor read = Npy.read(path);
    assertThat(read.shape()).isEqualTo(Shape.of(2, 1, 200, 100));
    assertThat(read.data()).isEqualTo(tensor.slice(1, 2).toArray());
  }

  /** The bytes that numpy.save writes, up to the padding of the header. */
  @ParameterizedTest
  @CsvSource({"'', ()", "'3', '(3,)'", "'2,3', '(2, 3)'", "'1,2,3', '(1, 2, 3)'"})
  void writesWhatNumpyWrites(String sizes, String tuple) {
    int[] shape =
        sizes.isEmpty()
            ? new int[0]
            : Arrays.stream(sizes.split(",")).mapToInt(Integer::parseInt).toArray();
    Tensor tensor = Tensor.zeros(shape);
    tensor.fill(1);
    byte[] bytes = Npy.encode(tensor);
    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + tuple + ", }";
    assertThat(new String(bytes, 0, 128, StandardCharsets.ISO_8859_1))
        .isEqualTo("\u0093NUMPY\u0001\0v\0" + header + " ".repeat(117 - header.length()) + "\n");
    assertThat(bytes).hasSize(128 + 4 * tensor.count());
    assertThat(Npy.parse(bytes, "a").shape()).isEqualTo(tensor.shape());
  }

  @Test
  void readsDoublesAndVersion2() {
    byte[] data =
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putDouble(0.1).putDouble(-3).array();
    String header = "{\"shape\": (2, 1), 'fortran_order': False, 'descr': '<f8'}\n";
    Tensor tensor = Npy.parse(file(2, header, data), "a");
    assertThat(tensor.shape()).isEqualTo(Shape.of(2, 1));
    assertThat(tensor.data()).containsExactly(0.1f, -3f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "{'descr': '<f4', 'fortran_order': True, 'shape': (2,)}~Fortran order is not supported",
        "{'descr': '>f4', 'fortran_order': False, 'shape': (2,)}~type '>f4' is not supported",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2,)}~expected <f4 or <f8",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}~structured arrays",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}~neither True nor False",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2)}~shape is not a tuple",
        "{'descr': '<f4', 'fortran_order': False, 'shape': 2}~expected '('",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}~not made of sizes",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,)}~not made of sizes",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536)}~more than 2^31",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647,)}~truncated: [2147483647]",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}~needs 12 bytes of data, the file",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}~trailing bytes: [1] needs 4",
        "{'descr': '<f4', 'fortran_order': False}~expected descr, fortran_order and shape",
        "{'descr': '<f4', 'descr': '<f4'}~key 'descr' stands twice",
        "{'x': 1}~unknown key 'x'",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} x~expected its end",
        "['descr']~expected '{' at character 1",
      })
  void refusesWrongHeaders(String header, String message) {
    assertThatThrownBy(() -> Npy.parse(file(1, header, new byte[8]), "a.npy"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("a.npy: ")
        .hasMessageContaining(message);
  }

  @Test
  void refusesOtherFiles() throws IOException {
    assertThatThrownBy(() -> Npy.read(dir))
        .isInstanceOf(InputException.class)
        .hasMessage(dir + ": is a directory, expected an .npy file");
    assertThatThrownBy(() -> Npy.read(dir.resolve("x.npy")))
        .isInstanceOf(InputException.class)
        .hasMessage(dir.resolve("x.npy") + ": cannot read: no such file");
    Path text = Files.writeString(dir.resolve("text"), "hello, world");
    assertThatThrownBy(() -> Npy.read(text))
        .isInstanceOf(InputException.class)
        .hasMessage(text + ": not an .npy file, it does not start with \\x93NUMPY");
    byte[] three = Npy.encode(Tensor.zeros(1));
    three[6] = 3;
    assertThatThrownBy(() -> Npy.parse(three, "a"))
        .isInstanceOf(InputException.class)
        .hasMessage("a: .npy version 3.0, expected 1.0 or 2.0");
    byte[] huge = file(2, "", new byte[0]);
    huge[11] = (byte) 0xff;
    assertThatThrownBy(() -> Npy.parse(huge, "a"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("header of 4278190080 bytes, at most 65536");
  }

  @Test
  void damageIsAnInputException() {
    byte[] valid = Npy.encode(Tensor.zeros(2, 3));
    Damage.truncate(valid, bytes -> Npy.parse(bytes, "a"));
    Damage.flip(valid, 20_000, bytes -> Npy.parse(bytes, "a"));
  }

  private static byte[] file(int version, String header, byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    out.write(header.length());
    out.write(header.length() >> 8);
    if (version > 1) {
      out.writeBytes(new byte[2]);
    }
    out.writeBytes(header.getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(data);
    return out.toByteArray();
  }
}
