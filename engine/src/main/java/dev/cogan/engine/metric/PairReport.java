package dev.cogan.engine.metric;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How two domains' images correspond.
 *
 * @param first the first domain
 * @param second the second domain
 * @param operator leads from one to the other; null if there is none
 * @param pixels agreement of the pairs beside chance and blank; null without operator
 * @param labels agreement of the classes; null without labels in both
 * @param notes sentences on what was left out, and why
 */
public record PairReport(
    EvaluationDomain first,
    EvaluationDomain second,
    PairOperator operator,
    CouplingReport pixels,
    PairLabels labels,
    List<String> notes) {

  /** As JSON values. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("domains", List.of(first.name(), second.name()));
    json.put("specs", List.of(first.spec().text(), second.spec().text()));
    if (pixels != null) {
      Map<String, Object> agreement = new LinkedHashMap<>();
      EvaluationDomain from = operator.from() == 0 ? first : second;
      EvaluationDomain to = operator.from() == 0 ? second : first;
      agreement.put("operator", operator.name());
      agreement.put("from", from.name());
      agreement.put("to", to.name());
      agreement.put("pairs", pixels.pairs());
      agreement.put("real_split", to.split());
      agreement.put("model", readings(pixels.model()));
      agreement.put("chance", readings(pixels.chance()));
      agreement.put("blank", readings(pixels.blank()));
      json.put("pixel_agreement", agreement);
    }
    if (labels != null) {
      Map<String, Object> agreement = new LinkedHashMap<>();
      List<String> names = new ArrayList<>();
      names.add(first.extractor().name());
      if (!names.contains(second.extractor().name())) {
        names.add(second.extractor().name());
      }
      agreement.put("extractor", String.join("; ", names));
      agreement.put("pairs", labels.pairs());
      agreement.put("model", labels.agreement());
      agreement.put("chance", labels.chance());
      if (!Double.isNaN(labels.perfect())) {
        agreement.put("perfect_coupling", labels.perfect());
      }
      json.put("pair_label_agreement", agreement);
    }
    if (!notes.isEmpty()) {
      json.put("left_out", notes);
    }
    return json;
  }

  private static Map<String, Object> readings(PixelAgreement agreement) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("binarised", agreement.binarised());
    json.put("within_0.1", agreement.within());
    json.put("one_minus_mae", agreement.oneMinusDistance());
    return json;
  }
}
