package dev.cogan.engine.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * JSON (RFC 8259), strict and small. Objects are {@code Map<String, Object>} in the order of the
 * text, arrays {@code List<Object>}, then {@code String}, {@code Long} (a number without fraction
 * and exponent), {@code Double}, {@code Boolean} and {@code null}.
 *
 * <p>Refused with the exact position: anything that RFC 8259 does not allow, an object that names a
 * key twice, unpaired surrogates, integers beyond 64 bits, numbers beyond double, values nested
 * deeper than {@value #MAX_DEPTH}, more than {@value #MAX_VALUES} values.
 */
public final class Json {
  /** Deepest nesting that is read. */
  public static final int MAX_DEPTH = 64;

  /** Most values (objects, arrays and all they hold, counted together) that are read. */
  public static final int MAX_VALUES = 1_000_000;

  /** Largest text that is read, in bytes. */
  public static final int MAX_BYTES = 100_000_000;

  private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private Json() {}

  /**
   * Reads a text.
   *
   * @param name what error messages call it, for example the file
   * @throws InputException such as {@code model.json: line 3, column 7: expected ':', found '}'}
   */
  public static Object parse(String text, String name) {
    return new JsonParser(text, name).parse();
  }

  /**
   * Reads a text in UTF-8.
   *
   * @throws InputException if it is not UTF-8 or not JSON
   */
  public static Object parse(byte[] utf8, String name) {
    if (utf8.length > MAX_BYTES) {
      throw new InputException(name + ": longer than " + MAX_BYTES + " bytes");
    }
    try {
      // A new decoder reports malformed bytes; String's constructor would replace them.
      return parse(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString(), name);
    } catch (CharacterCodingException e) {
      throw new InputException(name + ": not a text in UTF-8", e);
    }
  }

  /**
   * Reads a file in UTF-8. A byte order mark in front, as Windows's editors write it, is passed
   * over.
   *
   * @throws InputException if it cannot be read, is not UTF-8 or not JSON
   */
  public static Object read(Path path) {
    if (Files.isDirectory(path)) {
      throw new InputException(path + ": is a directory, expected a JSON file");
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      boolean marked = bytes.length > 2 && Arrays.equals(bytes, 0, 3, MARK, 0, 3);
      return parse(marked ? Arrays.copyOfRange(bytes, 3, bytes.length) : bytes, path.toString());
    } catch (IOException e) {
      throw InputException.cannotRead(path, e);
    }
  }

  /**
   * One line without spaces. Takes maps with string keys (in their order), iterables, character
   * sequences, booleans, {@code null} and numbers. Numbers that are not finite become {@code null};
   * floats and doubles are written with the fewest digits that read back as the same value, the
   * same on every JDK.
   *
   * @throws IllegalArgumentException for a value of another class
   */
  public static String write(Object value) {
    return new JsonWriter(false).write(value);
  }

  /** As {@link #write(Object)}, with two spaces per level and a line break at the end. */
  public static String writePretty(Object value) {
    return new JsonWriter(true).write(value) + "\n";
  }

  /** Writes a file, whole or not at all, in the form of {@link #writePretty(Object)}. */
  public static void write(Path path, Object value) {
    AtomicFile.write(path, writePretty(value).getBytes(StandardCharsets.UTF_8));
  }
}
