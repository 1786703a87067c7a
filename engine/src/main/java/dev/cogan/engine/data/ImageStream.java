package dev.cogan.engine.data;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.random.RandomStream;
import java.util.Arrays;

/**
 * An endless stream of batches of one domain's images. Each epoch goes once through all images, in
 * a fresh random order; a batch may begin in one epoch and end in the next, so no image is dropped,
 * and a batch may be larger than the domain.
 *
 * <p>Where the domain wants its images cut or mirrored by chance, that is drawn from a second
 * random stream.
 *
 * <p>The state is four numbers, five with that stream, from which the stream goes on with the same
 * images. Not for use by several threads at once.
 */
public final class ImageStream {
  private static final int STATE = 4;

  private final DomainData data;
  private final RandomStream random;
  private final RandomStream variation;
  private final int[] order;
  private long epochStart;
  private long epoch;
  private int position;

  /**
   * A stream from its start.
   *
   * @param random gives the orders; used by this stream alone
   */
  public ImageStream(DomainData data, RandomStream random) {
    this.data = data;
    this.random = random;
    this.variation =
        data.isAugmented() ? RandomStream.ofState(RandomStream.mix(random.state())) : null;
    this.order = new int[data.count()];
    shuffle();
  }

  /** The stream of a domain for a seed: with the random stream {@code "data.<name>"}. */
  public static ImageStream of(DomainData data, long seed) {
    return new ImageStream(data, RandomStream.of(seed, "data." + data.name()));
  }

  /** The domain. */
  public DomainData data() {
    return data;
  }

  /** How many times all images have been drawn. */
  public long epoch() {
    return epoch;
  }

  /**
   * Writes the next {@code n} images, {@code [n, channels, height, width]}, to {@code dest} from
   * {@code offset} on. Allocates nothing.
   */
  public void next(float[] dest, int offset, int n) {
    int size = data.shape().count();
    for (int i = 0; i < n; i++) {
      data.fillRandom(dest, offset + i * size, nextIndex(), variation);
    }
  }

  /**
   * As the other method, and also writes the label of image i to {@code labels[labelOffset + i]}.
   *
   * @throws IllegalStateException if the domain has no labels
   */
  public void next(float[] dest, int offset, int[] labels, int labelOffset, int n) {
    int size = data.shape().count();
    for (int i = 0; i < n; i++) {
      int index = nextIndex();
      data.fillRandom(dest, offset + i * size, index, variation);
      labels[labelOffset + i] = data.label(index);
    }
  }

  /**
   * The state: of the random stream at the start of the epoch, number of the epoch, images drawn in
   * it, images of the domain, and of the stream that varies the images if there is one.
   */
  public long[] state() {
    return variation == null
        ? new long[] {epochStart, epoch, position, order.length}
        : new long[] {epochStart, epoch, position, order.length, variation.state()};
  }

  /**
   * Goes on from a state that {@link #state()} returned.
   *
   * @throws InputException if the state cannot be one of this domain
   */
  public void restore(long[] state) {
    if (state.length != STATE + (variation == null ? 0 : 1)
        || state[1] < 0
        || state[3] != order.length
        || state[2] < 0
        || state[2] > order.length) {
      throw new InputException(
          "domain "
              + data.name()
              + ": the saved order of images does not belong to these "
              + order.length
              + " images (state "
              + Arrays.toString(state)
              + ")");
    }
    random.restore(state[0]);
    shuffle();
    epoch = state[1];
    position = (int) state[2];
    if (variation != null) {
      variation.restore(state[STATE]);
    }
  }

  private int nextIndex() {
    if (position == order.length) {
      epoch++;
      shuffle();
    }
    return order[position++];
  }

  /** Always from the sorted order: so an order depends on nothing but the random stream's state. */
  private void shuffle() {
    epochStart = random.state();
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    random.shuffle(order);
    position = 0;
  }
}
