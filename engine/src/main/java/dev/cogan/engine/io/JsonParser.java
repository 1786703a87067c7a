package dev.cogan.engine.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The recursive descent parser behind {@link Json}. */
final class JsonParser {
  /** Double.parseDouble takes time that grows with the square of the digits. */
  private static final int MAX_NUMBER = 400;

  private final String text;
  private final String name;
  private int at;
  private int values;

  JsonParser(String text, String name) {
    this.text = text;
    this.name = name;
  }

  Object parse() {
    Object value = value(0);
    space();
    if (at < text.length()) {
      throw error("expected the end of the text, found " + found());
    }
    return value;
  }

  private Object value(int depth) {
    space();
    if (++values > Json.MAX_VALUES) {
      throw error("more than " + Json.MAX_VALUES + " values");
    }
    switch (at < text.length() ? text.charAt(at) : 0) {
      case '{':
        return object(depth + 1);
      case '[':
        return array(depth + 1);
      case '"':
        return string();
      case 't':
        return word("true", Boolean.TRUE);
      case 'f':
        return word("false", Boolean.FALSE);
      case 'n':
        return word("null", null);
      default:
        return number();
    }
  }

  private Map<String, Object> object(int depth) {
    open(depth);
    Map<String, Object> map = new LinkedHashMap<>();
    space();
    if (take('}')) {
      return map;
    }
    do {
      space();
      if (at >= text.length() || text.charAt(at) != '"') {
        throw error("expected a key in quotes, found " + found());
      }
      int start = at;
      String key = string();
      if (map.containsKey(key)) {
        at = start;
        throw error("key \"" + shortened(key) + "\" stands twice in one object");
      }
      space();
      expect(':');
      map.put(key, value(depth));
      space();
    } while (take(','));
    expect('}');
    return map;
  }

  private List<Object> array(int depth) {
    open(depth);
    List<Object> list = new ArrayList<>();
    space();
    if (take(']')) {
      return list;
    }
    do {
      list.add(value(depth));
      space();
    } while (take(','));
    expect(']');
    return list;
  }

  private void open(int depth) {
    if (depth > Json.MAX_DEPTH) {
      throw error("nested deeper than " + Json.MAX_DEPTH);
    }
    at++;
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw error("expected a value, found " + found());
    }
    at += word.length();
    return value;
  }

  private String string() {
    int start = at++;
    StringBuilder result = new StringBuilder();
    while (true) {
      if (at >= text.length()) {
        at = start;
        throw error("string without an end");
      }
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return result.toString();
      }
      if (c < ' ') {
        throw error("control character in a string");
      }
      int position = at++;
      char plain = c == '\\' ? escape(position) : c;
      if (Character.isLowSurrogate(plain)
          && !(result.length() > 0
              && Character.isHighSurrogate(result.charAt(result.length() - 1)))) {
        at = position;
        throw error("unpaired surrogate in a string");
      }
      result.append(plain);
      if (Character.isHighSurrogate(plain) && !lowSurrogateFollows()) {
        at = position;
        throw error("unpaired surrogate in a string");
      }
    }
  }

  private boolean lowSurrogateFollows() {
    if (at >= text.length()) {
      return false;
    }
    if (text.charAt(at) != '\\') {
      return Character.isLowSurrogate(text.charAt(at));
    }
    int back = at++;
    char next = escape(back);
    at = back;
    return Character.isLowSurrogate(next);
  }

  private char escape(int position) {
    char c = at < text.length() ? text.charAt(at++) : 0;
    switch (c) {
      case '"', '\\', '/':
        return c;
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case 'u':
        int code = 0;
        for (int i = 0; i < 4; i++, at++) {
          int digit = at < text.length() ? hexDigit(text.charAt(at)) : -1;
          if (digit < 0) {
            at = position;
            throw error("expected four hexadecimal digits after \\u");
          }
          code = code << 4 | digit;
        }
        return (char) code;
      default:
        at = position;
        throw error("unknown escape in a string");
    }
  }

  /** Character.digit would also take the digits of other scripts. */
  private static int hexDigit(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }

  private Object number() {
    int start = at;
    take('-');
    int first = at;
    if (digits() == 0) {
      at = start;
      throw error("expected a value, found " + found());
    }
    if (text.charAt(first) == '0' && at - first > 1) {
      at = start;
      throw error("number with a leading zero");
    }
    boolean integer = true;
    if (take('.')) {
      integer = false;
      if (digits() == 0) {
        throw error("expected a digit, found " + found());
      }
    }
    if (take('e') || take('E')) {
      integer = false;
      if (!take('+')) {
        take('-');
      }
      if (digits() == 0) {
        throw error("expected a digit, found " + found());
      }
    }
    int end = at;
    at = start;
    if (end - start > MAX_NUMBER) {
      throw error("number with more than " + MAX_NUMBER + " characters");
    }
    String number = text.substring(start, end);
    Object value = integer ? (Object) parseLong(number) : (Object) parseDouble(number);
    at = end;
    return value;
  }

  private Long parseLong(String number) {
    try {
      return Long.valueOf(number);
    } catch (NumberFormatException e) {
      throw error("integer beyond 64 bits");
    }
  }

  private Double parseDouble(String number) {
    Double value = Double.valueOf(number);
    if (value.isInfinite()) {
      throw error("number beyond the range of double");
    }
    return value;
  }

  private int digits() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at - start;
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean take(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!take(c)) {
      throw error("expected '" + c + "', found " + found());
    }
  }

  private String found() {
    if (at >= text.length()) {
      return "the end of the text";
    }
    return "'" + Character.toString(text.codePointAt(at)) + "'";
  }

  private static String shortened(String s) {
    return s.length() > 60 ? s.substring(0, 60) + "..." : s;
  }

  private InputException error(String what) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < at && i < text.length(); i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new InputException(
        name + ": line " + line + ", column " + (at - lineStart + 1) + ": " + what);
  }
}
