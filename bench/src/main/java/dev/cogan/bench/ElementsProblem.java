package dev.cogan.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes of an activation, {@code n} images of {@code c} channels of {@code s} pixels.
 *
 * @param n images
 * @param c channels
 * @param s pixels
 */
record ElementsProblem(int n, int c, int s) {
  private static final Pattern TEXT =
      Pattern.compile("([1-9]\\d{0,5})x([1-9]\\d{0,5})x([1-9]\\d{0,5})");

  /**
   * From text such as {@code 64x1024x16}.
   *
   * @throws IllegalArgumentException if the text is not n x c x s, or so much does not fit into an
   *     array
   */
  static ElementsProblem parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "shape: expected images x channels x pixels such as 64x1024x16, got '" + text + "'");
    }
    int n = Integer.parseInt(matcher.group(1));
    int c = Integer.parseInt(matcher.group(2));
    int s = Integer.parseInt(matcher.group(3));
    Sizes.requireArray("shape", text, (long) n * c * s);
    return new ElementsProblem(n, c, s);
  }

  int count() {
    return Math.multiplyExact(Math.multiplyExact(n, c), s);
  }
}
