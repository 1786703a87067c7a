package dev.cogan.engine.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Typed access to a JSON object from a file. Asking for a field that is missing or of another type
 * throws a {@link ConfigException}, which names the object and the field.
 */
public final class JsonFields {
  private static final int LARGEST_SIZE = 1 << 20;

  private final String what;
  private final Map<?, ?> fields;
  private final Set<String> asked = new HashSet<>();
  private final List<JsonFields> parts = new ArrayList<>();

  /**
   * @param what the object, for messages
   * @param value what should be a JSON object
   * @throws ConfigException if it is not one
   */
  public JsonFields(String what, Object value) {
    this.what = what;
    if (!(value instanceof Map<?, ?> map)) {
      throw new ConfigException(what + ": expected a JSON object, found " + brief(value));
    }
    this.fields = map;
  }

  private Object get(String name, String type) {
    asked.add(name);
    Object value = fields.get(name);
    if (value == null) {
      throw new ConfigException(what + ": field \"" + name + "\" (" + type + ") is missing");
    }
    return value;
  }

  private ConfigException wrong(String name, String type, Object value) {
    return new ConfigException(
        what + ": field \"" + name + "\" should be " + type + ", found " + brief(value));
  }

  private static String brief(Object value) {
    String text = String.valueOf(value);
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }

  /** Whether the field is there. */
  public boolean has(String name) {
    asked.add(name);
    return fields.get(name) != null;
  }

  /** A string. */
  public String text(String name) {
    Object value = get(name, "a text");
    if (value instanceof String text) {
      return text;
    }
    throw wrong(name, "a text", value);
  }

  /** A finite number. */
  public double number(String name) {
    Object value = get(name, "a number");
    if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    throw wrong(name, "a number", value);
  }

  /** A whole number. */
  public long longInteger(String name) {
    Object value = get(name, "a whole number");
    if (value instanceof Long || value instanceof Integer) {
      return ((Number) value).longValue();
    }
    throw wrong(name, "a whole number", value);
  }

  /** A whole number of 32 bits. */
  public int integer(String name) {
    long value = longInteger(name);
    if (value != (int) value) {
      throw wrong(name, "a whole number of 32 bits", value);
    }
    return (int) value;
  }

  /** A size: 1 to about a million. */
  public int size(String name) {
    int value = integer(name);
    if (value < 1 || value > LARGEST_SIZE) {
      throw wrong(name, "1 to " + LARGEST_SIZE, value);
    }
    return value;
  }

  /** A true or false. */
  public boolean flag(String name) {
    Object value = get(name, "true or false");
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong(name, "true or false", value);
  }

  /** A list. */
  public List<?> list(String name) {
    Object value = get(name, "a list");
    if (value instanceof List<?> list && list.size() <= LARGEST_SIZE) {
      return list;
    }
    throw wrong(name, "a list", value);
  }

  /** A list of sizes. */
  public List<Integer> sizes(String name) {
    List<Integer> sizes = new ArrayList<>();
    for (Object item : list(name)) {
      if (!(item instanceof Long || item instanceof Integer)
          || ((Number) item).longValue() < 1
          || ((Number) item).longValue() > LARGEST_SIZE) {
        throw wrong(name, "a list of sizes from 1 to " + LARGEST_SIZE, item);
      }
      sizes.add(((Number) item).intValue());
    }
    return sizes;
  }

  /** An object. */
  public JsonFields object(String name) {
    return part(what + "." + name, get(name, "an object"));
  }

  /**
   * A list of objects.
   *
   * @param each what one of them is called in messages
   */
  public List<JsonFields> objects(String name, String each) {
    return list(name).stream().map(item -> part(each, item)).toList();
  }

  private JsonFields part(String called, Object value) {
    JsonFields part = new JsonFields(called, value);
    parts.add(part);
    return part;
  }

  /**
   * Refuses fields that nobody has asked for, here and in the objects within: for files that people
   * change, where a mistyped name would change nothing. Call it when all is read.
   *
   * @throws ConfigException that names the field and those that were asked for
   */
  public void requireNoOthers() {
    for (Object key : fields.keySet()) {
      if (!asked.contains(String.valueOf(key))) {
        throw new ConfigException(
            what
                + ": unknown field \""
                + brief(key)
                + "\"; known are "
                + String.join(", ", new TreeSet<>(asked)));
      }
    }
    parts.forEach(JsonFields::requireNoOthers);
  }
}
