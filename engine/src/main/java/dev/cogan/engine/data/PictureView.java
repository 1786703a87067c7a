package dev.cogan.engine.data;

import dev.cogan.engine.io.InputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which pictures of a folder a domain consists of, and how they become images.
 *
 * @param attributes CelebA's, for example {@code [+Smiling, -Male]}; empty for all pictures
 * @param depth whether the pictures are depth maps, the folder {@code depth} of an rgbd source
 * @param channels 1 or 3, or 0 for 3 unless all pictures are grey
 * @param crop whether training draws random crops
 * @param mirror whether training mirrors half of the images
 * @param low depth that becomes 0, or -1 for the first percentile of the domain
 * @param high depth that becomes 1, or -1 for the 99th percentile of the domain
 */
public record PictureView(
    List<String> attributes,
    boolean depth,
    int channels,
    boolean crop,
    boolean mirror,
    int low,
    int high) {

  /** What can be added to a spec beside a transform. */
  static final List<String> WORDS =
      List.of("grey", "rgb", "crop", "mirror", "plain", "range=LOW-HIGH");

  /** Copies the list. */
  public PictureView {
    attributes = List.copyOf(attributes);
  }

  /** By hand, as that of {@link DomainSource}. */
  @Override
  public boolean equals(Object other) {
    return other instanceof PictureView v
        && attributes.equals(v.attributes)
        && depth == v.depth
        && channels == v.channels
        && crop == v.crop
        && mirror == v.mirror
        && low == v.low
        && high == v.high;
  }

  @Override
  public int hashCode() {
    int bits = (depth ? 1 : 0) + (crop ? 2 : 0) + (mirror ? 4 : 0);
    return ((attributes.hashCode() * 31 + bits) * 31 + channels) * 31 + (low * 31 + high);
  }

  /** A view and the transform that goes with it. */
  record Parsed(PictureView view, ImageTransform transform) {}

  /** The view before anything is added. */
  static PictureView of(List<String> attributes, boolean depth, boolean augmented) {
    return new PictureView(attributes, depth, depth ? 1 : 0, augmented, augmented, -1, -1);
  }

  /** Whether a word is a transform or one of the additions. */
  static boolean isWord(String word) {
    return ImageTransforms.named(word).isPresent()
        || WORDS.contains(word) && !word.startsWith("range")
        || word.startsWith("range=");
  }

  /**
   * Adds words such as {@code grey,mirror,edge}.
   *
   * @param text the spec, for messages
   * @throws InputException if there is no such word, with the nearest that there is, or if two
   *     words say what only one can
   */
  Parsed with(String text, String words) {
    PictureView view = this;
    ImageTransform transform = ImageTransforms.IDENTITY;
    Map<String, String> said = new HashMap<>();
    for (String word : words.split(",", -1)) {
      String other = said.putIfAbsent(subject(word), word);
      if (other != null) {
        throw new InputException(
            "domain '"
                + text
                + "': "
                + (other.equals(word)
                    ? "'" + word + "' is there twice"
                    : "'" + other + "' and '" + word + "' exclude each other"));
      }
      if (word.equals("plain") && (said.containsKey("crop") || said.containsKey("mirror"))) {
        String earlier = said.containsKey("crop") ? "crop" : "mirror";
        throw new InputException(
            "domain '"
                + text
                + "': '"
                + earlier
                + "' and 'plain' exclude each other; 'plain,"
                + earlier
                + "' does this alone");
      }
      if (ImageTransforms.named(word).isPresent()) {
        transform = ImageTransforms.named(word).get();
        continue;
      }
      view =
          switch (word) {
            case "grey" -> view.withChannels(1);
            case "rgb" -> view.withChannels(3);
            case "crop" -> view.withAugmentation(true, view.mirror);
            case "mirror" -> view.withAugmentation(view.crop, true);
            case "plain" -> view.withAugmentation(false, false);
            default -> view.withRange(text, word);
          };
    }
    if (view.depth && view.channels != 1) {
      throw new InputException("domain '" + text + "': depth has one channel");
    }
    return new Parsed(view, transform);
  }

  /** What a word decides, where a second word would take the first one back. */
  private static String subject(String word) {
    if (ImageTransforms.named(word).isPresent()) {
      return "transform";
    }
    return switch (word) {
      case "grey", "rgb" -> "channels";
      default -> word.startsWith("range=") ? "range" : word;
    };
  }

  private PictureView withRange(String text, String word) {
    if (!word.startsWith("range=")) {
      List<String> known = new ArrayList<>(ImageTransforms.names());
      known.addAll(WORDS);
      throw new InputException(
          "domain '"
              + text
              + "': no "
              + (word.isEmpty() ? "word between or behind the commas" : "'" + word + "'")
              + ", known: "
              + String.join(", ", known)
              + Suggestion.didYouMean(word, known));
    }
    String range = word.substring("range=".length());
    if (!range.matches("[0-9]{1,5}-[0-9]{1,5}")) {
      throw new InputException(
          "domain '" + text + "': expected range=LOW-HIGH in whole numbers, got '" + word + "'");
    }
    int dash = range.indexOf('-');
    int from = Integer.parseInt(range.substring(0, dash));
    int to = Integer.parseInt(range.substring(dash + 1));
    if (!depth || from >= to || to > 65535) {
      throw new InputException(
          "domain '"
              + text
              + "': "
              + (depth ? "range needs LOW < HIGH <= 65535" : "range is for rgbd:DIR:depth only"));
    }
    return new PictureView(attributes, depth, channels, crop, mirror, from, to);
  }

  /** The same without anything drawn by chance. */
  PictureView plain() {
    return withAugmentation(false, false);
  }

  private PictureView withChannels(int value) {
    return new PictureView(attributes, depth, value, crop, mirror, low, high);
  }

  private PictureView withAugmentation(boolean crops, boolean mirrors) {
    return new PictureView(attributes, depth, channels, crops, mirrors, low, high);
  }
}
