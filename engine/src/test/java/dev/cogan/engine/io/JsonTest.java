package dev.cogan.engine.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
  @TempDir Path dir;

  @Test
  void readsEveryKindOfValue() {
    Object value =
        Json.parse(
            " {\"a\": [1, -2.5, 1e3, true, false, null, \"x\\n"
                + "\\u00e9\\ud83d\\ude00\\/\"],\r\n"
                + "\t\"b\": {}, \"c\":[]} ",
            "t");
    assertThat(value)
        .isEqualTo(
            Map.of(
                "a",
                Arrays.asList(1L, -2.5, 1000.0, true, false, null, "x\n\u00e9\ud83d\ude00/"),
                "b",
                Map.of(),
                "c",
                List.of()));
  }

  @Test
  void keepsTheOrderOfKeys() {
    Map<?, ?> map = (Map<?, ?>) Json.parse("{\"z\":1,\"a\":2,\"m\":3}", "t");
    assertThat(map.keySet().toString()).isEqualTo("[z, a, m]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "``~line 1, column 1: expected a value, found the end of the text",
        "{\"a\" 1}~line 1, column 6: expected ':', found '1'",
        "{\"a\":1,}~line 1, column 8: expected a key in quotes, found '}'",
        "[1,]~line 1, column 4: expected a value, found ']'",
        "[1 2]~line 1, column 4: expected ']', found '2'",
        "{\"a\":1,\"a\":2}~line 1, column 8: key \"a\" stands twice in one object",
        "{\"a\":1,\"\\u0061\":2}~line 1, column 8: key \"a\" stands twice in one object",
        "01~line 1, column 1: number with a leading zero",
        "-~line 1, column 1: expected a value, found '-'",
        "+1~line 1, column 1: expected a value, found '+'",
        ".5~line 1, column 1: expected a value, found '.'",
        "1.~line 1, column 3: expected a digit, found the end of the text",
        "1e+~line 1, column 4: expected a digit, found the end of the text",
        "1e999~line 1, column 1: number beyond the range of double",
        "9223372036854775808~line 1, column 1: integer beyond 64 bits",
        "NaN~line 1, column 1: expected a value, found 'N'",
        "nul~line 1, column 1: expected a value, found 'n'",
        "'a'~line 1, column 1: expected a value, found '''",
        "\"abc~line 1, column 1: string without an end",
        "\"\\x\"~line 1, column 2: unknown escape in a string",
        "\"\\u12g4\"~line 1, column 2: expected four hexadecimal digits after \\u",
        "\"\\ud800\"~line 1, column 2: unpaired surrogate in a string",
        "\"\\udc00\"~line 1, column 2: unpaired surrogate in a string",
        "\"a\tb\"~line 1, column 3: control character in a string",
        "{} {}~line 1, column 4: expected the end of the text, found '{'",
        "// c~line 1, column 1: expected a value, found '/'"
      })
  void refusesWithThePosition(String text, String message) {
    assertThatThrownBy(() -> Json.parse(text, "f.json"))
        .isInstanceOf(InputException.class)
        .hasMessage("f.json: " + message);
  }

  @Test
  void countsLines() {
    assertThatThrownBy(() -> Json.parse("{\n  \"a\": 1,\n  \"b\" 2\n}", "f"))
        .hasMessage("f: line 3, column 7: expected ':', found '2'");
  }

  /** A text that can be read can be written as part of another one. */
  @Test
  void writesDeeperThanItReadsButNotWithoutEnd() {
    Object value = Json.parse("[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH), "f");
    for (int i = 0; i < 10; i++) {
      value = List.of(value);
    }
    assertThat(Json.write(value)).startsWith("[".repeat(Json.MAX_DEPTH + 10));
    List<Object> itself = new ArrayList<>();
    itself.add(itself);
    assertThatThrownBy(() -> Json.write(itself))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("JSON nested deeper than 128");
  }

  @Test
  void limitsDepthAndNumberOfValues() {
    String deepest = "[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH);
    assertThat(Json.parse(deepest, "f")).isInstanceOf(List.class);
    assertThatThrownBy(() -> Json.parse("[" + deepest + "]", "f"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("nested deeper than 64");
    assertThatThrownBy(() -> Json.parse("[".repeat(1_000_000), "f"))
        .isInstanceOf(InputException.class);
    String many = "[" + "0,".repeat(Json.MAX_VALUES) + "0]";
    assertThatThrownBy(() -> Json.parse(many, "f"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("more than 1000000 values");
    assertThatThrownBy(() -> Json.parse("9".repeat(1_000_000) + "e1", "f"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("number with more than 400 characters");
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    assertThatThrownBy(() -> Json.parse(new byte[] {'"', (byte) 0xc3, '"'}, "f"))
        .isInstanceOf(InputException.class)
        .hasMessage("f: not a text in UTF-8");
  }

  @Test
  void passesOverTheMarkOfUtf8InFrontOfAFile() throws IOException {
    Path file = Files.writeString(dir.resolve("marked.json"), "\ufeff{\"a\":1}");
    assertThat(Json.read(file)).isEqualTo(Map.of("a", 1L));
    Files.writeString(file, "\ufeff");
    assertThatThrownBy(() -> Json.read(file)).hasMessageContaining("expected a value");
  }

  @Test
  void saysWhatIsWrongWithAFile() {
    Path missing = dir.resolve("none.json");
    assertThatThrownBy(() -> Json.read(missing))
        .isInstanceOf(InputException.class)
        .hasMessage(missing + ": cannot read: no such file");
    assertThatThrownBy(() -> Json.read(dir))
        .isInstanceOf(InputException.class)
        .hasMessage(dir + ": is a directory, expected a JSON file");
  }

  @Test
  void damageIsAnInputException() {
    byte[] valid =
        "{\"name\":\"a\\u00e9\",\"list\":[1,2.5e-3,true,null,{\"x\":-1}],\"long\":\"text\"}"
            .getBytes(StandardCharsets.UTF_8);
    Damage.truncate(valid, bytes -> Json.parse(bytes, "f"));
    Damage.flip(valid, 20_000, bytes -> Json.parse(bytes, "f"));
  }

  @Test
  void writesCompactAndPretty() throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("b", Arrays.asList(1, 2L, null, true));
    map.put("a", Map.of());
    map.put("nan", Float.NaN);
    map.put("inf", Double.NEGATIVE_INFINITY);
    map.put("quote\"\\\n\u0001", "\u00e9\u007f\ud800");
    assertThat(Json.write(map))
        .isEqualTo(
            "{\"b\":[1,2,null,true],\"a\":{},\"nan\":null,\"inf\":null,"
                + "\"quote\\\"\\\\\\n\\u0001\":\"\u00e9\\u007f\\ufffd\"}");
    assertThat(Json.writePretty(Map.of("x", List.of(1, 2))))
        .isEqualTo("{\n  \"x\": [\n    1,\n    2\n  ]\n}\n");
    Path file = dir.resolve("a.json");
    Json.write(file, map);
    assertThat(Files.readString(file)).isEqualTo(Json.writePretty(map));
    assertThat(((Map<?, ?>) Json.read(file)).get("b")).isEqualTo(Arrays.asList(1L, 2L, null, true));
    assertThatThrownBy(() -> Json.write(new Object())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Json.write(Map.of(1, 2))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void numbersAreShortest() {
    assertThat(
            Json.write(
                List.of(
                    0.1f, 2e-4f, 1f, -0.0f, 1e10f, 3.4028235e38f, 1.4e-45f, 16777216f, 0.3333333f)))
        .isEqualTo("[0.1,0.0002,1.0,-0.0,10000000000.0,3.4028235e38,1e-45,16777216.0,0.3333333]");
    // Before JDK 19 Double.toString gave 2.0E23 a digit more, and 4.9E-324 is not the shortest.
    assertThat(Json.write(List.of(0.1, 2e23, 1e16, -5e-6, 4.9e-324, Double.MAX_VALUE)))
        .isEqualTo("[0.1,2e23,1e16,-5e-6,5e-324,1.7976931348623157e308]");
  }

  @Test
  void numbersComeBackBitForBit() {
    Random random = new Random(3);
    for (int i = 0; i < 2000; i++) {
      float f = Float.intBitsToFloat(random.nextInt());
      double d = Double.longBitsToDouble(random.nextLong());
      if (Float.isFinite(f)) {
        assertThat(((Double) Json.parse(Json.write(f), "f")).floatValue()).isEqualTo(f);
      }
      if (Double.isFinite(d)) {
        assertThat(Json.parse(Json.write(d), "d")).isEqualTo(d);
      }
      long l = random.nextLong();
      assertThat(Json.parse(Json.write(l), "l")).isEqualTo(l);
    }
  }
}
