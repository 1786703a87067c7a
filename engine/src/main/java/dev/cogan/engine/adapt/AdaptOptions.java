package dev.cogan.engine.adapt;

import dev.cogan.engine.model.ConfigException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings of an adaptation.
 *
 * @param steps iterations
 * @param batch images per domain and vectors z in one iteration
 * @param widths of the generator's four shared rows
 * @param latent size of z
 * @param generatorRate Adam's rate for the generators
 * @param discriminatorRate Adam's rate for discriminators and classifier
 * @param classWeight factor of the source classification loss
 * @param matchWeight factor of the squared distance between the features of the two fakes of one z
 * @param labelWeight factor of the cross-entropy that asks the target's fake for the class that the
 *     classifier gives the source's fake of the same z; 0 as in the paper
 * @param dropout before the last layers of the discriminators
 * @param average decay of the moving average of the discriminators' weights, which classifies; 0
 *     for the weights themselves
 * @param jitter strength with which the real images of both domains are turned, scaled, sheared and
 *     shifted at random whenever they are used; 0 as in the paper
 * @param selfWeight factor of the cross-entropy that holds the target's images to the classes that
 *     the averaged weights give them, where these are sure; 0 as in the paper
 * @param confidence the least probability that counts as sure
 * @param weightDecay Adam's weight decay, added to the gradients of all parameters of both teams;
 *     the paper's is 5e-4
 */
public record AdaptOptions(
    int steps,
    int batch,
    List<Integer> widths,
    int latent,
    float generatorRate,
    float discriminatorRate,
    float classWeight,
    float matchWeight,
    float labelWeight,
    float dropout,
    float average,
    float jitter,
    float selfWeight,
    float confidence,
    float weightDecay) {

  /** Without jitter, self-training and weight decay. */
  public AdaptOptions(
      int steps,
      int batch,
      List<Integer> widths,
      int latent,
      float generatorRate,
      float discriminatorRate,
      float classWeight,
      float matchWeight,
      float labelWeight,
      float dropout,
      float average) {
    this(
        steps,
        batch,
        widths,
        latent,
        generatorRate,
        discriminatorRate,
        classWeight,
        matchWeight,
        labelWeight,
        dropout,
        average,
        0f,
        0f,
        0.95f,
        0f);
  }

  /** Checks the ranges. */
  public AdaptOptions {
    widths = List.copyOf(widths);
    require(steps >= 1, "steps", steps, "1 or more");
    require(batch >= 2 && batch <= 4096, "batch", batch, "2 to 4096");
    require(widths.size() == 4, "widths", widths, "four numbers");
    require(
        generatorRate > 0 && Float.isFinite(generatorRate),
        "generator rate",
        generatorRate,
        "above 0");
    require(
        discriminatorRate > 0 && Float.isFinite(discriminatorRate),
        "discriminator rate",
        discriminatorRate,
        "above 0");
    require(
        classWeight >= 0 && Float.isFinite(classWeight), "class weight", classWeight, "0 or more");
    require(
        matchWeight >= 0 && Float.isFinite(matchWeight), "match weight", matchWeight, "0 or more");
    require(
        labelWeight >= 0 && Float.isFinite(labelWeight), "label weight", labelWeight, "0 or more");
    require(dropout >= 0 && dropout < 1, "dropout", dropout, "0 or more and below 1");
    require(average >= 0 && average < 1, "average", average, "0 or more and below 1");
    require(jitter >= 0 && jitter <= 10, "jitter", jitter, "0 to 10");
    require(selfWeight >= 0 && Float.isFinite(selfWeight), "self weight", selfWeight, "0 or more");
    require(confidence >= 0 && confidence < 1, "confidence", confidence, "0 or more and below 1");
    require(
        weightDecay >= 0 && Float.isFinite(weightDecay), "weight decay", weightDecay, "0 or more");
    require(selfWeight == 0 || average > 0, "average", average, "above 0 with a self weight");
  }

  private static void require(boolean ok, String name, Object value, String expected) {
    if (!ok) {
      throw new ConfigException("adapt: " + name + " must be " + expected + ", got " + value);
    }
  }

  /** As JSON values. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("steps", steps);
    json.put("batch", batch);
    json.put("widths", widths);
    json.put("latent", latent);
    json.put("generator_rate", generatorRate);
    json.put("discriminator_rate", discriminatorRate);
    json.put("class_weight", classWeight);
    json.put("match_weight", matchWeight);
    json.put("label_weight", labelWeight);
    json.put("dropout", dropout);
    json.put("average", average);
    if (jitter > 0) {
      json.put("jitter", jitter);
    }
    if (selfWeight > 0) {
      json.put("self_weight", selfWeight);
      json.put("confidence", confidence);
    }
    if (weightDecay > 0) {
      json.put("weight_decay", weightDecay);
    }
    return json;
  }
}
