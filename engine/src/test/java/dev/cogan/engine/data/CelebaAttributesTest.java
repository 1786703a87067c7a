package dev.cogan.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.io.InputException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CelebaAttributesTest {

  private static CelebaAttributes read(String text) {
    return CelebaAttributes.read(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "list");
  }

  private static void refused(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("list: ")
        .hasMessageContaining(message);
  }

  @Test
  void officialFormAndCsv() {
    for (String text :
        List.of(
            "2\r\nMale Smiling \r\na.jpg  1 -1\r\nb.jpg -1  1\r\n",
            "\ufeff2\nMale Smiling\na.jpg 1 -1\nb.jpg -1 1\n",
            "image_id,Male,Smiling\na.jpg,1,-1\nb.jpg,0,1\n")) {
      CelebaAttributes list = read(text);
      assertThat(list.attributes()).containsExactly("Male", "Smiling");
      assertThat(list.images()).containsExactly("a.jpg", "b.jpg");
      assertThat(list.matches("a.jpg", List.of("+Male"))).isTrue();
      assertThat(list.matches("a.jpg", List.of("+Male", "+Smiling"))).isFalse();
      assertThat(list.matches("b.jpg", List.of("-Male", "+Smiling"))).isTrue();
      assertThat(list.matches("c.jpg", List.of("-Male"))).isFalse();
    }
  }

  @Test
  void unknownAttribute() {
    assertThatThrownBy(() -> read("1\nMale Eyeglasses\na 1 1\n").require(List.of("+Eyeglases")))
        .isInstanceOf(InputException.class)
        .hasMessage("list: no attribute 'Eyeglases'; did you mean Eyeglasses?");
  }

  @Test
  void wrongLists() {
    refused("", "empty");
    refused("3\n", "1 to 512 names");
    refused("1\nA A\nx 1 1\n", "named twice");
    refused("2\nA\nx 1\n", "says 2 images, found 1");
    refused("1\nA B\nx 1\n", "line 3: expected a file and 2 values, found 1 values");
    refused("1\nA\nx 2\n", "line 3: expected 1 or -1, found '2'");
    refused("2\nA\nx 1\nx 1\n", "line 4: image x occurs twice");
    refused("1\n" + "A".repeat(9000), "line 2 is longer than 8192 bytes");
  }

  @Test
  void anEndlessLineIsNotCollected() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'a';
          }
        };
    assertThatThrownBy(() -> CelebaAttributes.read(endless, "list"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("longer than");
  }
}
