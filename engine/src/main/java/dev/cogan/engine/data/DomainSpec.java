package dev.cogan.engine.data;

import dev.cogan.engine.io.InputException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a domain consists of, as one text. Sources are {@code mnist}, {@code idx:FILE}, {@code
 * folder:DIR}, {@code celeba:DIR:+Attribute}, {@code rgbd:DIR:color} and {@code rgbd:DIR:depth},
 * DIR being a folder or a zip file. Behind one more colon may stand a transform of {@link
 * ImageTransforms} (none being {@code identity}), and for the last three a list with commas of a
 * transform and the words of {@link PictureView}; for {@code idx} also {@code pad=N}. For example
 * {@code mnist:edge}, {@code idx:C:/data/usps.idx:negative}, {@code folder:cats:grey,mirror},
 * {@code celeba:celeba.zip:+Smiling,-Male}.
 *
 * <p>The part of an {@code idx} or {@code folder} spec behind its last colon is read as a
 * transform, unless it contains a dot or a slash of either kind, or only a drive letter stands
 * before it. A file whose name ends otherwise after a colon can be given with {@code :identity}
 * behind it.
 *
 * @param text the spec as it was given
 * @param source where the images come from
 * @param transform what is done to them
 * @param view which pictures, and how they become images; null for mnist and idx
 * @param pad black pixels that an idx source's images get on each side before they are resized to
 *     the side asked for; -1 where they keep their size
 */
public record DomainSpec(
    String text, DomainSource source, ImageTransform transform, PictureView view, int pad) {

  private static final String PAD = "pad=";
  private static final int MOST_PAD = 1024;

  private static final Pattern ATTRIBUTES =
      Pattern.compile("(.+?):([+-][^:]*)(?::([^:]*))?", Pattern.DOTALL);
  private static final Pattern COLOUR_OR_DEPTH =
      Pattern.compile("(.+):(color|colour|depth)(?::([^:]*))?", Pattern.DOTALL);
  private static final Pattern ATTRIBUTE = Pattern.compile("[+-][A-Za-z0-9_]{1,100}");

  /** A spec whose images keep their size, or get it from the view. */
  DomainSpec(String text, DomainSource source, ImageTransform transform, PictureView view) {
    this(text, source, transform, view, -1);
  }

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
              rest == null ? ImageTransforms.IDENTITY : transform(text, rest),
              null);
      case DomainSource.IDX -> idx(text, rest);
      case DomainSource.FOLDER -> folder(text, rest);
      case DomainSource.CELEBA -> celeba(text, rest);
      case DomainSource.RGBD -> rgbd(text, rest);
      default -> throw unknownSource(text, kind);
    };
  }

  /** Whether its images are depth maps, which are best shown in false colour. */
  public boolean isDepth() {
    return view != null && view.depth();
  }

  /**
   * Whether its images are those of another domain but for the transforms: the same pictures,
   * looked at in the same way. Not so faces with and without glasses, or colour and depth.
   */
  public boolean showsAs(DomainSpec other) {
    return source.equals(other.source) && Objects.equals(view, other.view) && pad == other.pad;
  }

  private static InputException expected(String text, String form) {
    return new InputException("domain '" + text + "': expected " + form);
  }

  private static DomainSource source(String text, String kind, String file) {
    try {
      return new DomainSource(kind, DomainSource.place(Path.of(file)).toString());
    } catch (InvalidPathException e) {
      throw new InputException("domain '" + text + "': not the name of a file: " + file, e);
    }
  }

  /** Where the part behind the last colon begins, if that is no part of the path; or -1. */
  private static int lastPart(String rest) {
    int colon = rest.lastIndexOf(':');
    if (colon < 0) {
      return -1;
    }
    String last = rest.substring(colon + 1);
    boolean known = !last.isEmpty();
    for (String word : last.split(",", -1)) {
      known &= PictureView.isWord(word);
    }
    boolean drive = colon == 1 && Character.isLetter(rest.charAt(0));
    boolean path = last.matches("(?s).*[./\\\\].*");
    return known || !drive && !path ? colon : -1;
  }

  private static DomainSpec idx(String text, String rest) {
    String form = "idx:FILE, idx:FILE:TRANSFORM or idx:FILE:pad=N";
    if (rest == null || rest.isEmpty()) {
      throw expected(text, form);
    }
    int colon = lastPart(rest);
    String file = colon < 0 ? rest : rest.substring(0, colon);
    if (file.isEmpty()) {
      throw expected(text, form);
    }
    String words = colon < 0 ? "identity" : rest.substring(colon + 1);
    ImageTransform transform = null;
    int pad = -1;
    for (String word : words.split(",", -1)) {
      if (word.startsWith(PAD)) {
        if (pad >= 0) {
          throw new InputException(
              "domain '" + text + "': 'pad=" + pad + "' and '" + word + "' exclude each other");
        }
        pad = pad(text, word.substring(PAD.length()));
      } else {
        transform = transform(text, transform == null ? word : words);
      }
    }
    transform = transform == null ? ImageTransforms.IDENTITY : transform;
    return new DomainSpec(text, source(text, DomainSource.IDX, file), transform, null, pad);
  }

  private static int pad(String text, String number) {
    int value = number.matches("[0-9]{1,4}") ? Integer.parseInt(number) : MOST_PAD + 1;
    if (value > MOST_PAD) {
      throw new InputException(
          "domain '"
              + text
              + "': pad is a number from 0 to "
              + MOST_PAD
              + ", got '"
              + number
              + "'");
    }
    return value;
  }

  private static DomainSpec folder(String text, String rest) {
    String form = "folder:DIR or folder:DIR:WORDS";
    if (rest == null || rest.isEmpty()) {
      throw expected(text, form);
    }
    int colon = lastPart(rest);
    String words = colon < 0 ? null : rest.substring(colon + 1);
    String file = colon < 0 ? rest : rest.substring(0, colon);
    if (file.isEmpty()) {
      throw expected(text, form);
    }
    return pictures(
        text, DomainSource.FOLDER, file, words, PictureView.of(List.of(), false, false));
  }

  private static DomainSpec celeba(String text, String rest) {
    Matcher m = ATTRIBUTES.matcher(rest == null ? "" : rest);
    String form = "celeba:DIR:+Attribute or celeba:DIR:-Attribute";
    if (!m.matches()) {
      throw expected(text, form + ", DIR a folder or a zip file");
    }
    List<String> attributes = List.of(m.group(2).split(",", -1));
    for (String attribute : attributes) {
      if (!ATTRIBUTE.matcher(attribute).matches()) {
        throw expected(text, form + " (several with commas), found '" + attribute + "'");
      }
    }
    PictureView view = PictureView.of(attributes, false, true);
    return pictures(text, DomainSource.CELEBA, m.group(1), m.group(3), view);
  }

  private static DomainSpec rgbd(String text, String rest) {
    Matcher m = COLOUR_OR_DEPTH.matcher(rest == null ? "" : rest);
    if (!m.matches()) {
      throw expected(text, "rgbd:DIR:color or rgbd:DIR:depth, DIR a folder or a zip file");
    }
    PictureView view = PictureView.of(List.of(), m.group(2).equals("depth"), true);
    return pictures(text, DomainSource.RGBD, m.group(1), m.group(3), view);
  }

  private static DomainSpec pictures(
      String text, String kind, String file, String words, PictureView view) {
    PictureView.Parsed parsed =
        words == null
            ? new PictureView.Parsed(view, ImageTransforms.IDENTITY)
            : view.with(text, words);
    return new DomainSpec(text, source(text, kind, file), parsed.transform(), parsed.view());
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
                        + Suggestion.didYouMean(name, ImageTransforms.names())));
  }

  private static InputException unknownSource(String text, String kind) {
    List<String> known =
        List.of(
            DomainSource.MNIST,
            DomainSource.IDX,
            DomainSource.FOLDER,
            DomainSource.CELEBA,
            DomainSource.RGBD);
    return new InputException(
        "domain '"
            + text
            + "': no source '"
            + kind
            + "', known: mnist, mnist:TRANSFORM, idx:FILE, idx:FILE:TRANSFORM, folder:DIR,"
            + " celeba:DIR:+Attribute, rgbd:DIR:color, rgbd:DIR:depth with TRANSFORM one of "
            + String.join(", ", ImageTransforms.names())
            + Suggestion.didYouMean(kind, known));
  }
}
