package dev.cogan.engine.data;

import dev.cogan.engine.io.InputException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a domain consists of, as one text: {@code SOURCE} or {@code SOURCE:TRANSFORM}. Sources are
 * {@code mnist} and {@code idx:FILE}; the transforms are {@link ImageTransforms}, none being {@code
 * identity}. For example {@code mnist:edge}, {@code idx:usps.idx}, {@code
 * idx:C:/data/usps.idx:negative}.
 *
 * <p>The part of an {@code idx} spec behind its last colon is read as a transform, unless it
 * contains a dot or a slash of either kind, or only a drive letter stands before it. A file whose
 * name ends otherwise after a colon can be given with {@code :identity} behind it.
 *
 * @param text the spec as it was given
 * @param source where the images come from
 * @param transform what is done to them
 */
public record DomainSpec(String text, DomainSource source, ImageTransform transform) {

  /**
   * Reads a spec.
   *
   * @throws InputException if it is not one; the message lists what is known
   */
  public static DomainSpec parse(String text) {
    int colon = text.indexOf(':');
    String kind = colon < 0 ? text : text.substring(0, colon);
    String rest = colon < 0 ? null : text.substring(colon + 1);
    return switch (kind) {
      case DomainSource.MNIST ->
          new DomainSpec(
              text,
              new DomainSource(kind, ""),
              rest == null ? ImageTransforms.IDENTITY : transform(text, rest));
      case DomainSource.IDX -> idx(text, rest);
      default -> throw unknownSource(text, kind);
    };
  }

  private static DomainSpec idx(String text, String rest) {
    if (rest == null || rest.isEmpty()) {
      throw new InputException("domain '" + text + "': expected idx:FILE or idx:FILE:TRANSFORM");
    }
    String file = rest;
    ImageTransform transform = ImageTransforms.IDENTITY;
    int colon = rest.lastIndexOf(':');
    if (colon >= 0) {
      String last = rest.substring(colon + 1);
      boolean known = ImageTransforms.named(last).isPresent();
      boolean drive = colon == 1 && Character.isLetter(rest.charAt(0));
      boolean path = last.matches(".*[./\\\\].*");
      if (known || !drive && !path) {
        transform = transform(text, last);
        file = rest.substring(0, colon);
      }
    }
    if (file.isEmpty()) {
      throw new InputException("domain '" + text + "': expected idx:FILE or idx:FILE:TRANSFORM");
    }
    try {
      String location = Path.of(file).toAbsolutePath().normalize().toString();
      return new DomainSpec(text, new DomainSource(DomainSource.IDX, location), transform);
    } catch (InvalidPathException e) {
      throw new InputException("domain '" + text + "': not the name of a file: " + file, e);
    }
  }

  private static ImageTransform transform(String text, String name) {
    return ImageTransforms.named(name)
        .orElseThrow(
            () ->
                new InputException(
                    "domain '"
                        + text
                        + "': "
                        + (name.isEmpty()
                            ? "no transform behind the colon"
                            : "no transform '" + name + "'")
                        + ", known: "
                        + String.join(", ", ImageTransforms.names())
                        + didYouMean(name, ImageTransforms.names())));
  }

  private static InputException unknownSource(String text, String kind) {
    List<String> known = List.of(DomainSource.MNIST, DomainSource.IDX);
    return new InputException(
        "domain '"
            + text
            + "': no source '"
            + kind
            + "', known: mnist, mnist:TRANSFORM, idx:FILE, idx:FILE:TRANSFORM with TRANSFORM one of"
            + " "
            + String.join(", ", ImageTransforms.names())
            + didYouMean(kind, known));
  }

  /** A hint for near misses, or nothing. */
  private static String didYouMean(String given, List<String> known) {
    String lower = given.toLowerCase(Locale.ROOT).strip();
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String candidate : known) {
      int distance = distance(lower, candidate);
      if (lower.length() >= 3 && (candidate.startsWith(lower) || lower.startsWith(candidate))) {
        distance = Math.min(distance, 1);
      }
      if (distance <= Math.max(1, candidate.length() / 3) && distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best == null ? "" : "; did you mean " + best + "?";
  }

  /** Edit distance with swapped neighbours (optimal string alignment); long texts are far. */
  private static int distance(String a, String b) {
    if (a.length() > 2 * b.length() + 2) {
      return a.length();
    }
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        d[i][j] =
            Math.min(d[i - 1][j - 1] + (same ? 0 : 1), Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
