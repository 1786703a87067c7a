package dev.cogan.engine.io;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.Map;

/** The writer behind {@link Json}. */
final class JsonWriter {
  /**
   * Deeper than what is read, since that may stand within what is written, as a checkpoint's
   * provenance does in a report. The limit is for maps that hold themselves.
   */
  private static final int MAX_DEPTH = 2 * Json.MAX_DEPTH;

  private final boolean pretty;
  private final StringBuilder out = new StringBuilder();

  JsonWriter(boolean pretty) {
    this.pretty = pretty;
  }

  String write(Object value) {
    append(value, 0);
    return out.toString();
  }

  private void append(Object value, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("JSON nested deeper than " + MAX_DEPTH);
    }
    if (value == null || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof CharSequence string) {
      appendString(string);
    } else if (value instanceof Float f) {
      out.append(Float.isFinite(f) ? shortest(f, true) : "null");
    } else if (value instanceof Double d) {
      out.append(Double.isFinite(d) ? shortest(d, false) : "null");
    } else if (value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte) {
      out.append(value);
    } else if (value instanceof Map<?, ?> map) {
      appendObject(map, depth);
    } else if (value instanceof Iterable<?> items) {
      appendArray(items, depth);
    } else {
      throw new IllegalArgumentException("no JSON form for " + value.getClass().getName());
    }
  }

  private void appendObject(Map<?, ?> map, int depth) {
    out.append('{');
    String separator = "";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.append(separator);
      separator = ",";
      newLine(depth + 1);
      if (!(entry.getKey() instanceof CharSequence key)) {
        throw new IllegalArgumentException("JSON key is not a string: " + entry.getKey());
      }
      appendString(key);
      out.append(pretty ? ": " : ":");
      append(entry.getValue(), depth + 1);
    }
    if (!map.isEmpty()) {
      newLine(depth);
    }
    out.append('}');
  }

  private void appendArray(Iterable<?> items, int depth) {
    out.append('[');
    Iterator<?> iterator = items.iterator();
    boolean empty = !iterator.hasNext();
    String separator = "";
    while (iterator.hasNext()) {
      out.append(separator);
      separator = ",";
      newLine(depth + 1);
      append(iterator.next(), depth + 1);
    }
    if (!empty) {
      newLine(depth);
    }
    out.append(']');
  }

  private void newLine(int depth) {
    if (pretty) {
      out.append('\n').append("  ".repeat(depth));
    }
  }

  private void appendString(CharSequence string) {
    out.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ' || c == 0x7f || isUnpaired(string, i)) {
            appendEscape(isUnpaired(string, i) ? '\ufffd' : c);
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private void appendEscape(char c) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(Character.forDigit(c >> shift & 15, 16));
    }
  }

  /** Half a surrogate pair has no UTF-8 form; it is written as the replacement character. */
  private static boolean isUnpaired(CharSequence s, int i) {
    char c = s.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == s.length() || !Character.isLowSurrogate(s.charAt(i + 1));
    }
    return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(s.charAt(i - 1)));
  }

  /**
   * Fewest digits that read back as the same value. Not {@code toString}: before JDK 19 it gave a
   * digit too many for some values, and the same run should write the same bytes on every JDK.
   */
  private static String shortest(double value, boolean isFloat) {
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; ; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      String text = rounded.toString();
      boolean same =
          isFloat ? Float.parseFloat(text) == (float) value : Double.parseDouble(text) == value;
      if (same) {
        return format(rounded.stripTrailingZeros());
      }
    }
  }

  /** Plain between 1e-5 and 1e16, otherwise with an exponent; always readable as a double. */
  private static String format(BigDecimal value) {
    int exponent = value.precision() - value.scale() - 1;
    if (exponent >= -5 && exponent < 16) {
      String plain = value.toPlainString();
      return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }
    String digits = value.unscaledValue().abs().toString();
    return (value.signum() < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + "e"
        + exponent;
  }
}
