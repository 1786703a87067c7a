package dev.cogan.engine.data;

import dev.cogan.engine.io.InputException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * CelebA's list of attributes, {@code list_attr_celeba.txt}: a line with the number of images, a
 * line with the attributes' names, then per image its file name and 1 or -1 per attribute. The same
 * as CSV, whose first line is {@code image_id,5_o_Clock_Shadow,...}, is read too (0 counts as -1).
 */
public final class CelebaAttributes {
  private static final int MAX_LINE = 8192;
  private static final int MAX_LINES = 2_000_000;
  private static final int MAX_NAMES = 512;

  private final String name;
  private final List<String> attributes;
  private final Map<String, BitSet> images;

  private CelebaAttributes(String name, List<String> attributes, Map<String, BitSet> images) {
    this.name = name;
    this.attributes = attributes;
    this.images = images;
  }

  /**
   * Reads the list from a stream, which is read to its end and not closed.
   *
   * @param name what messages call it
   * @throws InputException if it is not such a list; the message names the line
   */
  public static CelebaAttributes read(InputStream in, String name) {
    try {
      Lines lines = new Lines(new BufferedInputStream(in, 1 << 16), name);
      String first = lines.next();
      if (first == null) {
        throw new InputException(name + ": empty, expected CelebA's list of attributes");
      }
      long promised = -1;
      String header = first;
      if (first.strip().matches("[0-9]{1,9}")) {
        promised = Long.parseLong(first.strip());
        header = lines.next();
      }
      List<String> attributes = new ArrayList<>();
      for (String word : words(header == null ? "" : header)) {
        if (!word.equals("image_id")) {
          attributes.add(word);
        }
      }
      requireNames(name, attributes);
      Map<String, BitSet> images = new LinkedHashMap<>();
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (!line.isBlank()) {
          row(words(line), attributes.size(), images, name, lines.number());
        }
      }
      if (promised >= 0 && promised != images.size()) {
        throw new InputException(
            name + ": its first line says " + promised + " images, found " + images.size());
      }
      return new CelebaAttributes(name, List.copyOf(attributes), images);
    } catch (IOException e) {
      throw InputException.cannotRead(name, e);
    }
  }

  private static void requireNames(String name, List<String> attributes) {
    if (attributes.isEmpty() || attributes.size() > MAX_NAMES) {
      throw new InputException(
          name + ": expected a line with 1 to 512 names of attributes, got " + attributes.size());
    }
    if (attributes.stream().distinct().count() != attributes.size()) {
      throw new InputException(name + ": an attribute is named twice");
    }
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    int from = -1;
    for (int i = 0; i <= line.length(); i++) {
      boolean gap = i == line.length() || line.charAt(i) <= ' ' || line.charAt(i) == ',';
      if (gap && from >= 0) {
        words.add(line.substring(from, i));
        from = -1;
      } else if (!gap && from < 0) {
        from = i;
      }
    }
    return words;
  }

  private static void row(
      List<String> words, int expected, Map<String, BitSet> images, String name, int line) {
    if (words.size() != expected + 1) {
      throw new InputException(
          name
              + ": line "
              + line
              + ": expected a file and "
              + expected
              + " values, found "
              + (words.size() - 1)
              + " values");
    }
    BitSet set = new BitSet(expected);
    for (int i = 0; i < expected; i++) {
      String value = words.get(i + 1);
      if (value.equals("1") || value.equals("+1")) {
        set.set(i);
      } else if (!value.equals("-1") && !value.equals("0")) {
        throw new InputException(
            name + ": line " + line + ": expected 1 or -1, found '" + shortened(value) + "'");
      }
    }
    if (images.put(words.get(0), set) != null) {
      throw new InputException(
          name + ": line " + line + ": image " + shortened(words.get(0)) + " occurs twice");
    }
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }

  /** Names of the attributes, in the file's order. */
  public List<String> attributes() {
    return attributes;
  }

  /** Names of the image files, in the file's order. */
  public List<String> images() {
    return List.copyOf(images.keySet());
  }

  /**
   * Whether an image has, respectively lacks, all attributes of a selection.
   *
   * @param selection for example {@code [+Smiling, -Male]}
   */
  public boolean matches(String image, List<String> selection) {
    BitSet set = images.get(image);
    for (String wanted : selection) {
      if (set == null || set.get(index(wanted)) != wanted.startsWith("+")) {
        return false;
      }
    }
    return true;
  }

  private int index(String wanted) {
    int index = attributes.indexOf(wanted.substring(1));
    if (index < 0) {
      String word = wanted.substring(1);
      throw new InputException(
          name + ": no attribute '" + word + "'" + Suggestion.didYouMean(word, attributes));
    }
    return index;
  }

  /**
   * Checks the names of a selection.
   *
   * @throws InputException if there is no such attribute, with the nearest that there is
   */
  public void require(List<String> selection) {
    selection.forEach(this::index);
  }

  /** Lines of bounded length; a line of gigabytes is not collected first. */
  private static final class Lines {
    private final InputStream in;
    private final String name;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int number;

    Lines(InputStream in, String name) {
      this.in = in;
      this.name = name;
    }

    int number() {
      return number;
    }

    String next() throws IOException {
      line.reset();
      int b = in.read();
      if (b < 0) {
        return null;
      }
      number++;
      if (number > MAX_LINES) {
        throw new InputException(name + ": more than " + MAX_LINES + " lines");
      }
      for (; b >= 0 && b != '\n'; b = in.read()) {
        if (line.size() == MAX_LINE) {
          throw new InputException(
              name + ": line " + number + " is longer than " + MAX_LINE + " bytes");
        }
        line.write(b);
      }
      String text = line.toString(StandardCharsets.UTF_8);
      // Editors on Windows mark UTF-8 with three bytes in front.
      return number == 1 && text.startsWith("\ufeff") ? text.substring(1) : text;
    }
  }
}
