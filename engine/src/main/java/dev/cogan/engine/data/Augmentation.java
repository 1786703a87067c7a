package dev.cogan.engine.data;

/**
 * How training varies the images of a domain: each is cut out of a slightly larger stored one, and
 * may be mirrored. Where nothing is drawn (for pictures of the data, and for evaluation), the cut
 * is in the middle.
 *
 * @param height rows of the image
 * @param width columns of the image
 * @param crop whether training cuts anywhere, rather than in the middle
 * @param mirror whether training turns left and right for half of the images
 */
public record Augmentation(int height, int width, boolean crop, boolean mirror) {

  /** Whether anything is drawn. */
  public boolean isRandom() {
    return crop || mirror;
  }
}
