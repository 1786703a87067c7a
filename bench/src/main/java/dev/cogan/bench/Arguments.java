package dev.cogan.bench;

import dev.cogan.engine.model.ConfigException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The arguments of a {@link Program}: options, each with a value, and the others in their order.
 */
final class Arguments {
  private final Map<String, String> options = new HashMap<>();
  private final List<String> others = new ArrayList<>();

  /**
   * @param usage stands in the messages
   * @param known options
   * @param least number of other arguments
   * @param most number of other arguments
   * @throws ConfigException if an option is unknown or has no value, or the number is another one
   */
  Arguments(String[] typed, String usage, List<String> known, int least, int most) {
    for (int i = 0; i < typed.length; i++) {
      if (!typed[i].startsWith("-")) {
        others.add(typed[i]);
      } else if (!known.contains(typed[i])) {
        throw new ConfigException("unknown option '" + typed[i] + "'; " + usage);
      } else if (i + 1 == typed.length) {
        throw new ConfigException(typed[i] + ": expected a value, got none; " + usage);
      } else {
        options.put(typed[i], typed[++i]);
      }
    }
    if (others.size() < least) {
      throw new ConfigException("too few arguments; " + usage);
    }
    if (others.size() > most) {
      throw new ConfigException("too many arguments: '" + others.get(most) + "'; " + usage);
    }
  }

  /** How many arguments are no options. */
  int count() {
    return others.size();
  }

  /** An argument that is no option. */
  String text(int index, String otherwise) {
    return index < others.size() ? others.get(index) : otherwise;
  }

  /** A number in place of an option's name. */
  double number(int index, String what, double otherwise, double least, double most) {
    return number(what, text(index, null), otherwise, least, most);
  }

  /** As {@link #number(int, String, double, double, double)}. */
  int whole(int index, String what, int otherwise, int least, int most) {
    return whole(what, text(index, null), otherwise, least, most);
  }

  /** An option's value. */
  double number(String option, double otherwise, double least, double most) {
    return number(option, options.get(option), otherwise, least, most);
  }

  /** As {@link #number(String, double, double, double)}. */
  int whole(String option, int otherwise, int least, int most) {
    return whole(option, options.get(option), otherwise, least, most);
  }

  private static int whole(String what, String text, int otherwise, int least, int most) {
    double value = number(what, text, otherwise, least, most);
    if (value != Math.rint(value)) {
      throw new ConfigException(what + ": expected a whole number, got '" + text + "'");
    }
    return (int) value;
  }

  private static double number(
      String what, String text, double otherwise, double least, double most) {
    if (text == null) {
      return otherwise;
    }
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    if (!(value >= least && value <= most)) {
      throw new ConfigException(
          String.format(
              Locale.ROOT,
              "%s: expected a number from %s to %s, got '%s'",
              what,
              plain(least),
              plain(most),
              text));
    }
    return value;
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
