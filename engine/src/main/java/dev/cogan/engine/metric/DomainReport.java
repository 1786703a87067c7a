package dev.cogan.engine.metric;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of one domain's images.
 *
 * @param domain the domain, its real images and extractor
 * @param count images evaluated
 * @param realCount real images compared with
 * @param frechet squared Frechet distance of the features; NaN without an extractor
 * @param cover precision, recall, density, coverage; null without an extractor
 * @param diversity mean distance within the classes, by the same of the real images; NaN if those
 *     all look alike
 * @param histogram classes of the images; null without labels
 * @param realHistogram classes that the extractor gives the real images; null without labels
 * @param accuracy share of the real images whose class the extractor names right; NaN if their
 *     labels are not known
 */
public record DomainReport(
    EvaluationDomain domain,
    int count,
    int realCount,
    double frechet,
    Manifold.Cover cover,
    double diversity,
    ClassHistogram histogram,
    ClassHistogram realHistogram,
    double accuracy) {

  /** Sentences on what was left out, and why. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (domain.extractor() == null) {
      notes.add(domain.withoutFeatures());
    } else if (!domain.labelled()) {
      notes.add(domain.withoutLabels());
    }
    if (cover != null && Double.isNaN(diversity)) {
      notes.add("no diversity: to the extractor the real images all look alike");
    }
    return notes;
  }

  /** As JSON values. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("domain", domain.name());
    json.put("spec", domain.spec().text());
    json.put("n", count);
    json.put("real_split", domain.split());
    json.put("real_n", realCount);
    if (domain.extractor() != null) {
      json.put("extractor", domain.extractor().name());
      json.put("frechet_distance", frechet);
      json.put("precision", cover.precision());
      json.put("recall", cover.recall());
      json.put("density", cover.density());
      json.put("coverage", cover.coverage());
      if (Double.isFinite(diversity)) {
        json.put("diversity", diversity);
      }
    }
    if (histogram != null) {
      json.put("classes", shares(histogram));
      json.put("real_classes", shares(realHistogram));
      json.put("class_distance", histogram.distance(realHistogram));
    }
    if (Double.isFinite(accuracy)) {
      json.put("extractor_accuracy", accuracy);
    }
    if (!notes().isEmpty()) {
      json.put("left_out", notes());
    }
    return json;
  }

  private static List<Double> shares(ClassHistogram histogram) {
    List<Double> shares = new ArrayList<>();
    for (int c = 0; c < histogram.counts().length; c++) {
      shares.add(histogram.share(c));
    }
    return shares;
  }
}
