package dev.cogan.engine.io;

import dev.cogan.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The header of an {@code .npy} file: a Python dictionary literal with exactly the keys descr,
 * fortran_order and shape.
 *
 * @param elementBytes 4 for {@code <f4}, 8 for {@code <f8}
 * @param shape sizes, row-major
 */
record NpyHeader(int elementBytes, Shape shape) {
  private static final int MAX_RANK = 32;

  static NpyHeader parse(String text, String name) {
    return new Parser(text, name).parse();
  }

  private static final class Parser {
    private final String text;
    private final String name;
    private int at;

    Parser(String text, String name) {
      this.text = text;
      this.name = name;
    }

    NpyHeader parse() {
      int elementBytes = 0;
      Shape shape = null;
      Set<String> seen = new HashSet<>();
      expect('{');
      while (!take('}')) {
        String key = string();
        if (!seen.add(key)) {
          throw error("key '" + key + "' stands twice");
        }
        expect(':');
        switch (key) {
          case "descr" -> elementBytes = elementBytes();
          case "fortran_order" -> order();
          case "shape" -> shape = shape();
          default -> throw error("unknown key '" + key + "'");
        }
        if (!take(',')) {
          expect('}');
          break;
        }
      }
      space();
      if (at < text.length()) {
        throw error("expected its end at character " + (at + 1));
      }
      if (seen.size() < 3) {
        throw error("expected descr, fortran_order and shape, found only " + seen);
      }
      return new NpyHeader(elementBytes, shape);
    }

    private int elementBytes() {
      space();
      if (at < text.length() && text.charAt(at) == '[') {
        throw error("structured arrays are not supported, expected type <f4 or <f8");
      }
      String type = string();
      if (!type.equals("<f4") && !type.equals("<f8")) {
        throw error("type '" + type + "' is not supported, expected <f4 or <f8");
      }
      return type.charAt(2) - '0';
    }

    private void order() {
      space();
      if (text.startsWith("True", at)) {
        throw error("Fortran order is not supported, save numpy.ascontiguousarray(x)");
      }
      if (!text.startsWith("False", at)) {
        throw error("fortran_order is neither True nor False");
      }
      at += "False".length();
    }

    private Shape shape() {
      List<Integer> sizes = new ArrayList<>();
      boolean comma = true;
      expect('(');
      while (!take(')')) {
        if (!comma || sizes.size() == MAX_RANK) {
          throw error("shape is not a tuple of at most " + MAX_RANK + " sizes");
        }
        sizes.add(size());
        comma = take(',');
      }
      if (sizes.size() == 1 && !comma) {
        throw error("shape is not a tuple"); // (3) is a number, (3,) a tuple.
      }
      try {
        return Shape.of(sizes.stream().mapToInt(Integer::intValue).toArray());
      } catch (IllegalArgumentException e) {
        throw error(e.getMessage());
      }
    }

    private int size() {
      space();
      int start = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      try {
        return Integer.parseInt(text.substring(start, at));
      } catch (NumberFormatException e) {
        throw error("shape is not made of sizes from 0 to 2^31 - 1");
      }
    }

    private String string() {
      space();
      char quote = at < text.length() ? text.charAt(at) : 0;
      int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
      if (end < 0 || end - at > 100) {
        throw error("expected a text in quotes at character " + (at + 1));
      }
      String result = text.substring(at + 1, end);
      at = end + 1;
      return result;
    }

    private void space() {
      while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
        at++;
      }
    }

    private boolean take(char c) {
      space();
      if (at < text.length() && text.charAt(at) == c) {
        at++;
        return true;
      }
      return false;
    }

    private void expect(char c) {
      if (!take(c)) {
        throw error("expected '" + c + "' at character " + (at + 1));
      }
    }

    private InputException error(String what) {
      return new InputException(name + ": .npy header: " + what);
    }
  }
}
