package dev.cogan.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLinesTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("results.jsonl");
  }

  private JsonLines open() {
    return new JsonLines(file, line -> line.containsKey("id"), "expected an object with an \"id\"");
  }

  @Test
  void linesAreAppended() throws IOException {
    file = folder.resolve("new/results.jsonl");
    JsonLines lines = open();
    assertThat(lines.lines()).isEmpty();
    lines.append(Map.of("id", "a"));
    lines.append(Map.of("id", "b"));
    assertThat(lines.lines()).hasSize(2);
    assertThat(file).hasContent("{\"id\": \"a\"}\n{\"id\": \"b\"}\n".replace(": ", ":"));
    assertThat(open().lines()).isEqualTo(lines.lines());
  }

  /** Cut anywhere, in the middle of a letter of two bytes too. */
  @Test
  void aLineThatWasCutOffIsDroppedWhenTheNextIsAppended() throws IOException {
    JsonLines whole = open();
    whole.append(Map.of("id", "a"));
    final long first = Files.size(file);
    whole.append(Map.of("id", "\u00e9\u00e9\u00e9\u00e9"));
    byte[] bytes = Files.readAllBytes(file);
    for (int end = (int) first + 1; end < bytes.length - 1; end++) {
      byte[] cut = java.util.Arrays.copyOf(bytes, end);
      Files.write(file, cut);
      JsonLines lines = open();
      assertThat(lines.lines()).as("cut at %d", end).hasSize(1);
      assertThat(Files.readAllBytes(file)).as("reading changes nothing").isEqualTo(cut);
      lines.append(Map.of("id", "c"));
      assertThat(Files.readAllLines(file)).as("cut at %d", end).hasSize(2);
      assertThat(open().lines()).isEqualTo(lines.lines());
    }
  }

  @Test
  void aWholeLineWithoutItsEndCounts() throws IOException {
    Files.writeString(file, "{\"id\":\"a\"}\n\n{\"id\":\"b\"}");
    JsonLines lines = open();
    assertThat(lines.lines()).hasSize(2);
    lines.append(Map.of("id", "c"));
    assertThat(Files.readAllLines(file))
        .containsExactly("{\"id\":\"a\"}", "", "{\"id\":\"b\"}", "{\"id\":\"c\"}");
  }

  /** As an editor on Windows saves it, or two such files put together. */
  @Test
  void byteOrderMarksArePassedOver() throws IOException {
    Files.writeString(file, "\ufeff{\"id\":\"a\"}\r\n\ufeff{\"id\":\"b\"}\r\n\ufeff{\"id\":");
    JsonLines lines = open();
    assertThat(lines.lines()).hasSize(2);
    lines.append(Map.of("id", "c"));
    assertThat(open().lines()).hasSize(3);
  }

  /** Somebody's file, named by mistake: no line of it is dropped as cut off. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "notes",
        "{\"a\":1}",
        "{\"a\":1}\n",
        "[1]\n{\"id\":",
        "{\n",
        "{\"id\":\n{}\n",
        "\0"
      })
  void whatIsSomethingElseIsRefused(String text) throws IOException {
    Files.writeString(file, text);
    assertThatThrownBy(this::open)
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + ", line 1: ");
    assertThat(Files.readString(file)).isEqualTo(text);
  }

  @Test
  void placesThatAreNoFilesAreRefused() {
    file = folder;
    assertThatThrownBy(this::open)
        .isInstanceOf(InputException.class)
        .hasMessage(folder + ": is a folder, expected a file to write");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskIsNoWrongInput() throws IOException {
    Files.createSymbolicLink(file, folder.resolve("later"));
    JsonLines lines = open();
    Files.createSymbolicLink(folder.resolve("later"), Path.of("/dev/full"));
    assertThatThrownBy(() -> lines.append(Map.of("id", "a")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(file + ": cannot write: No space left on device");
  }
}
