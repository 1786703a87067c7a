package dev.cogan.engine.golden;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the JSON of a safetensors header: objects, arrays, strings without escapes, whole numbers.
 */
final class GoldenHeader {
  private final String text;
  private int at;

  GoldenHeader(String text) {
    this.text = text;
  }

  /** The whole header. */
  Map<String, Object> read() {
    Map<String, Object> object = object();
    if (peek() != 0) {
      throw error("nothing more");
    }
    return object;
  }

  private Object value() {
    return switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      default -> number();
    };
  }

  private Map<String, Object> object() {
    Map<String, Object> object = new LinkedHashMap<>();
    expect('{');
    while (peek() != '}') {
      if (!object.isEmpty()) {
        expect(',');
      }
      String key = string();
      expect(':');
      if (object.put(key, value()) != null) {
        throw new IllegalArgumentException("key given twice: " + key);
      }
    }
    expect('}');
    return object;
  }

  private List<Object> array() {
    List<Object> array = new ArrayList<>();
    expect('[');
    while (peek() != ']') {
      if (!array.isEmpty()) {
        expect(',');
      }
      array.add(value());
    }
    expect(']');
    return array;
  }

  private String string() {
    expect('"');
    int end = text.indexOf('"', at);
    if (end < 0 || text.substring(at, end).contains("\\")) {
      throw error("a string without escapes");
    }
    String string = text.substring(at, end);
    at = end + 1;
    return string;
  }

  private Long number() {
    int start = at;
    while (at < text.length() && Character.isDigit(text.charAt(at))) {
      at++;
    }
    if (start == at) {
      throw error("a value");
    }
    return Long.valueOf(text.substring(start, at));
  }

  /** The next character that is not white space, or 0 at the end. */
  private char peek() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private void expect(char c) {
    if (peek() != c) {
      throw error("'" + c + "'");
    }
    at++;
  }

  private IllegalArgumentException error(String expected) {
    return new IllegalArgumentException("header: expected " + expected + " at character " + at);
  }
}
