package dev.cogan.engine.metric;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.DomainSpec;

/**
 * What an evaluation needs to know of one domain.
 *
 * @param spec what the domain's images are
 * @param real real images to compare with
 * @param split which these are, for example {@code test}
 * @param extractor gives their features, or null
 * @param withoutFeatures why there is no extractor, one sentence; empty if there is one
 * @param withoutLabels why the extractor's classes mean nothing here, one sentence; empty if they
 *     do
 */
public record EvaluationDomain(
    DomainSpec spec,
    DomainData real,
    String split,
    FeatureExtractor extractor,
    String withoutFeatures,
    String withoutLabels) {

  /** Name of the domain: a, b, c, ... */
  public String name() {
    return real.name();
  }

  /** Whether the extractor's classes are to be used. */
  public boolean labelled() {
    return extractor != null && extractor.classes() > 0 && withoutLabels.isEmpty();
  }
}
