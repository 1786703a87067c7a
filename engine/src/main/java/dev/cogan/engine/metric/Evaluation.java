package dev.cogan.engine.metric;

import dev.cogan.engine.data.ImageTransform;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Measures a model (or anything that makes corresponding images) in two domains or more: each
 * domain's images against real ones, and each pair of domains against each other.
 *
 * @param count images per domain
 * @param seed of the z
 * @param domains one report per domain
 * @param pairs one per pair of domains, in the order (a, b), (a, c), (b, c), ...
 */
public record Evaluation(int count, long seed, List<DomainReport> domains, List<PairReport> pairs) {
  private static final int PIECE = 250;

  /** Fewest images, drawn or real: nearest neighbours need more than five. */
  private static final int LEAST = 10;

  private static final int PARTNERS = 4;

  /** Hears how far an evaluation is. */
  @FunctionalInterface
  public interface Progress {
    /**
     * @param what is being done
     * @param done of {@code total}
     */
    void at(String what, int done, int total);
  }

  /** What is kept of a pair of domains while images come. */
  private record Pair(
      int first,
      int second,
      PairOperator operator,
      CouplingReport pixels,
      int[] computedClasses,
      List<RealImages> reals) {
    /** The domain whose images the operator takes. */
    int from() {
      return operator.from() == 0 ? first : second;
    }

    /** The domain whose images it makes. */
    int to() {
      return operator.from() == 0 ? second : first;
    }
  }

  /**
   * Measures.
   *
   * @param source of the images
   * @param count images per domain, at least 10
   * @param seed for the report
   * @throws InputException if a domain has fewer real images than that, and features to compare
   */
  public static Evaluation measure(
      ImagePairs source,
      int count,
      long seed,
      List<EvaluationDomain> domains,
      Kernels kernels,
      Progress progress) {
    if (count < LEAST) {
      throw new IllegalArgumentException(
          "expected at least " + LEAST + " images per domain, got " + count);
    }
    List<Features.Builder> builders = new ArrayList<>();
    for (EvaluationDomain d : domains) {
      if (d.extractor() != null && d.real().count() < LEAST) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "domain %s, '%s': a comparison needs at least %d real images, got %d",
                d.real().name(),
                d.spec().text(),
                LEAST,
                d.real().count()));
      }
      builders.add(builder(d, count));
    }
    List<RealImages> reals = domains.stream().map(d -> new RealImages(d.real())).toList();
    List<Pair> pairs = pairs(domains, reals, count);
    for (int from = 0; from < count; from += PIECE) {
      progress.at("images", from, count);
      int n = Math.min(PIECE, count - from);
      List<Tensor> images = source.next(n);
      for (int d = 0; d < domains.size(); d++) {
        if (builders.get(d) != null) {
          builders.get(d).add(domains.get(d).extractor().extract(images.get(d)));
        }
      }
      for (Pair pair : pairs) {
        if (pair.operator != null) {
          addPixels(pair, domains, images, from, n);
        }
      }
    }
    progress.at("images", count, count);
    List<Features> features = new ArrayList<>();
    List<DomainReport> reports = new ArrayList<>();
    for (int d = 0; d < domains.size(); d++) {
      features.add(builders.get(d) == null ? null : builders.get(d).build());
      progress.at("features", d, domains.size());
      reports.add(report(domains.get(d), reals.get(d), features.get(d), count, kernels));
    }
    progress.at("features", domains.size(), domains.size());
    List<PairReport> pairReports = new ArrayList<>();
    for (Pair pair : pairs) {
      pairReports.add(report(pair, domains, features));
    }
    return new Evaluation(count, seed, reports, pairReports);
  }

  private static Features.Builder builder(EvaluationDomain domain, int count) {
    FeatureExtractor e = domain.extractor();
    return e == null ? null : new Features.Builder(count, e.features(), domain.labelled());
  }

  private static List<Pair> pairs(
      List<EvaluationDomain> domains, List<RealImages> reals, int count) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < domains.size(); i++) {
      for (int j = i + 1; j < domains.size(); j++) {
        PairOperator operator = operator(domains.get(i), domains.get(j)).orElse(null);
        boolean classes =
            operator != null && domains.get(i).labelled() && domains.get(j).labelled();
        pairs.add(
            new Pair(
                i,
                j,
                operator,
                operator == null ? null : CouplingReport.empty(count),
                classes ? new int[count] : null,
                reals));
      }
    }
    return pairs;
  }

  /** Only where the transform is all that differs: not between faces with and without glasses. */
  private static Optional<PairOperator> operator(EvaluationDomain a, EvaluationDomain b) {
    boolean one = a.spec().showsAs(b.spec()) && a.real().shape().equals(b.real().shape());
    return one
        ? PairOperator.between(a.spec().transform(), b.spec().transform())
        : Optional.empty();
  }

  private static void addPixels(
      Pair pair, List<EvaluationDomain> domains, List<Tensor> images, int at, int n) {
    EvaluationDomain source = domains.get(pair.from());
    EvaluationDomain target = domains.get(pair.to());
    var operator = pair.operator.operator();
    Tensor computed = operator.apply(images.get(pair.from()));
    pair.pixels.model().add(computed, images.get(pair.to()));
    if (pair.computedClasses != null) {
      int[] classes = target.extractor().extract(computed).classes();
      System.arraycopy(classes, 0, pair.computedClasses, at, n);
    }
    Tensor unrelated = pair.reals.get(pair.to()).unrelated(at, n);
    Tensor reals = pair.reals.get(pair.from()).batch(at, n);
    pair.pixels.chance().add(operator.apply(reals), unrelated);
    ImageTransform made = source.spec().transform();
    Tensor blank = made.apply(Tensor.zeros(reals.shape()));
    pair.pixels.blank().add(operator.apply(blank), unrelated);
  }

  private static DomainReport report(
      EvaluationDomain domain, RealImages images, Features features, int count, Kernels kernels) {
    int realCount = Math.min(count, domain.real().count());
    if (features == null) {
      return new DomainReport(
          domain, count, realCount, Double.NaN, null, Double.NaN, null, null, Double.NaN);
    }
    Features.Builder builder = builder(domain, realCount);
    int known = 0;
    int right = 0;
    for (int from = 0; from < realCount; from += PIECE) {
      int n = Math.min(PIECE, realCount - from);
      Features piece = domain.extractor().extract(images.batch(from, n));
      builder.add(piece);
      if (domain.labelled() && domain.real().hasLabels()) {
        known += n;
        for (int i = 0; i < n; i++) {
          right += piece.classes()[i] == images.label(from + i) ? 1 : 0;
        }
      }
    }
    Features real = builder.build();
    double frechet = new FrechetDistance(features).to(new FrechetDistance(real));
    int classes = domain.extractor().classes();
    return new DomainReport(
        domain,
        count,
        realCount,
        frechet,
        Manifold.compare(features, real, kernels),
        Diversity.ratio(features, real, PARTNERS),
        domain.labelled() ? ClassHistogram.of(features.classes(), classes) : null,
        domain.labelled() ? ClassHistogram.of(real.classes(), classes) : null,
        known == 0 ? Double.NaN : (double) right / known);
  }

  private static PairReport report(
      Pair pair, List<EvaluationDomain> domains, List<Features> features) {
    EvaluationDomain a = domains.get(pair.first);
    EvaluationDomain b = domains.get(pair.second);
    List<String> notes = new ArrayList<>();
    if (pair.operator == null) {
      notes.add(
          "no pixel agreement: no operator makes images of "
              + b.spec().text()
              + " from those of "
              + a.spec().text()
              + " or the other way round");
    }
    PairLabels labels = null;
    if (a.labelled() && b.labelled()) {
      labels =
          PairLabels.of(
              features.get(pair.first).classes(),
              features.get(pair.second).classes(),
              Math.max(a.extractor().classes(), b.extractor().classes()));
      if (pair.computedClasses != null) {
        labels = labels.withPerfect(features.get(pair.from()).classes(), pair.computedClasses);
      }
    } else {
      EvaluationDomain without = a.labelled() ? b : a;
      notes.add("no pair label agreement: domain " + without.name() + " has no labels (see there)");
    }
    return new PairReport(a, b, pair.operator, pair.pixels, labels, notes);
  }

  /** As JSON values. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("n", count);
    json.put("seed", seed);
    json.put("domains", domains.stream().map(DomainReport::toJson).toList());
    json.put("pairs", pairs.stream().map(PairReport::toJson).toList());
    return json;
  }
}
