package dev.cogan.engine.metric;

import dev.cogan.engine.data.ImageTransform;
import dev.cogan.engine.data.ImageTransforms;
import dev.cogan.engine.tensor.Tensor;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The operator that makes the image of one domain from that of another, where both were made from
 * one source and the first one's transform can be undone.
 *
 * @param from 0 if it leads from the first domain to the second, 1 for the other way round
 * @param name for example {@code edge}, or {@code negative, then edge}
 * @param operator on batches {@code [n, channels, height, width]}
 */
public record PairOperator(int from, String name, UnaryOperator<Tensor> operator) {

  /**
   * Finds the operator between two domains of one source.
   *
   * @param first transform that made the first domain
   * @param second transform that made the second
   */
  public static Optional<PairOperator> between(ImageTransform first, ImageTransform second) {
    Optional<PairOperator> forward = leading(0, first, second);
    return forward.isPresent() ? forward : leading(1, second, first);
  }

  private static Optional<PairOperator> leading(int from, ImageTransform a, ImageTransform b) {
    if (a.name().equals(ImageTransforms.IDENTITY.name())) {
      return Optional.of(new PairOperator(from, b.name(), b::apply));
    }
    if (a.name().equals(ImageTransforms.NEGATIVE.name())) {
      return Optional.of(
          new PairOperator(from, "negative, then " + b.name(), x -> b.apply(a.apply(x))));
    }
    if (a.name().equals(ImageTransforms.ROTATE90.name())) {
      return Optional.of(
          new PairOperator(
              from,
              "rotate90 three times, then " + b.name(),
              x -> b.apply(a.apply(a.apply(a.apply(x))))));
    }
    return Optional.empty();
  }
}
