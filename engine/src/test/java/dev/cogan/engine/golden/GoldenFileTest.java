package dev.cogan.engine.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reader of golden values, and that the committed files hold what they promise. */
class GoldenFileTest {
  @TempDir private Path folder;

  @Test
  void readsTensorsAndMetadata() throws IOException {
    GoldenFile file =
        GoldenFile.read(
            write(
                "{\"__metadata__\":{\"a\":\"stride=2 pad=1\"},"
                    + "\"a/x\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
                    + "\"a/y\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}  ",
                1,
                -2,
                3));
    assertThat(file.names()).containsExactly("a/x", "a/y");
    assertThat(file.floats("a/x")).containsExactly(1, -2);
    assertThat(file.shape("a/x")).containsExactly(2, 1);
    assertThat(file.floats("a/y")).containsExactly(3);
    assertThat(file.cases("a")).containsExactly("a");
    assertThat(file.integer("a", "pad")).isEqualTo(1);
    assertThat(file.has("a/z")).isFalse();
    assertThatThrownBy(() -> file.floats("a/z")).hasMessageContaining("no tensor a/z");
    assertThatThrownBy(() -> file.setting("a", "padding")).hasMessageContaining("padding of a");
    assertThatThrownBy(() -> file.cases("b")).hasMessageContaining("no case b");
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> GoldenFile.read(write("{"))).hasMessageContaining("expected");
    assertThatThrownBy(
            () ->
                GoldenFile.read(
                    write("{\"x\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 0)))
        .hasMessageContaining("x: expected F32, got F64");
    assertThatThrownBy(
            () ->
                GoldenFile.read(
                    write("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 0)))
        .hasMessageContaining("x: shape and data_offsets do not fit");
    assertThatThrownBy(() -> GoldenFile.read(Files.write(folder.resolve("short"), new byte[5])))
        .hasMessageContaining("not a safetensors file");
  }

  @Test
  void relativeErrorIsOfNorms() {
    assertThat(GoldenFile.relativeError(new float[] {3, 4.5f}, new float[] {3, 4}))
        .isEqualTo(0.1, within(1e-12));
    assertThat(GoldenFile.relativeError(new float[] {0, 2}, new float[2])).isEqualTo(2);
    assertThat(GoldenFile.relativeError(new float[] {Float.NaN}, new float[] {1})).isNaN();
    assertThatThrownBy(() -> GoldenFile.relativeError(new float[1], new float[2]))
        .hasMessage("expected 2 values, got 1");
  }

  @Test
  void smallCoganHoldsWholeTrainings() {
    for (String name : new String[] {"cogan-small", "digits-mlp-small"}) {
      GoldenFile file = GoldenFile.open(name + ".safetensors");
      int iterations = Integer.parseInt(file.metadata().get("iterations"));
      assertThat(file.shape("lossD")).containsExactly(iterations);
      assertThat(file.shape("lossG")).containsExactly(iterations);
      for (int t = 0; t < iterations; t++) {
        assertThat(file.shape("z/" + t)).containsExactly(6, 10);
        assertThat(file.shape("real.a/" + t)).isEqualTo(file.shape("fake.a"));
        assertThat(file.shape("real.b/" + t)).isEqualTo(file.shape("fake.b"));
      }
      for (String init : file.names().stream().filter(n -> n.startsWith("init/")).toList()) {
        String path = init.substring("init/".length());
        assertThat(file.shape("grad0/" + path)).as(path).isEqualTo(file.shape(init));
        assertThat(file.shape("final/" + path)).as(path).isEqualTo(file.shape(init));
        assertThat(file.floats("final/" + path)).as(path).isNotEqualTo(file.floats(init));
      }
      assertThat(file.has("final/generators.shared.1.running_mean")).isTrue();
      assertThat(file.has("final/generators.shared.1.running_var")).isTrue();
    }
  }

  private Path write(String header, float... values) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + 4 * values.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return Files.write(folder.resolve("file"), bytes.array());
  }
}
