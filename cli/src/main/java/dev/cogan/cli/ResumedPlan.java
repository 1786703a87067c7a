package dev.cogan.cli;

import dev.cogan.cli.dataset.DomainPlaces;
import dev.cogan.engine.data.DomainSource;
import dev.cogan.engine.data.DomainSpec;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.train.Checkpoint;
import dev.cogan.engine.train.Preset;
import dev.cogan.engine.train.TrainOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A resumed training's plan, from its checkpoint. Options that would change the training are
 * refused with the difference, unless they are allowed by name.
 *
 * @param file the checkpoint
 * @param step of the checkpoint
 * @param plan to go on with
 * @param images what the checkpoint says of each domain's; empty if it is older than that
 * @param changes what was allowed and differs, for the checkpoint's provenance
 */
record ResumedPlan(
    Path file,
    long step,
    TrainPlan plan,
    Map<String, String> images,
    List<Map<String, Object>> changes) {

  /** What a resume can change, for the help. */
  static final String ALLOWABLE_NAMES =
      "data, batch, noise, dropout, rate, rate-g, rate-d, weight-decay, rate-decay, loss, d-steps,"
          + " r1, spectral-norm, instance-noise, clip-updates";

  private static final String DATA = "data";

  /** As {@link DomainImages#prints} writes it. */
  private static final Pattern PRINT =
      Pattern.compile("(\\d{1,10} images \\[[0-9, ]{1,40}\\]), CRC-32 [0-9a-f]{8}");

  /** Which fields a name stands for; others cannot be changed: the checkpoint would not fit. */
  private static final Map<String, Pattern> ALLOWABLE = allowable();

  private static Map<String, Pattern> allowable() {
    Map<String, Pattern> map = new LinkedHashMap<>();
    for (String name : ALLOWABLE_NAMES.split(", ")) {
      map.put(name, Pattern.compile(name.replace('-', '_')));
    }
    map.put(DATA, Pattern.compile("images\\..*"));
    map.put("rate", Pattern.compile("(generator|discriminator)\\.rate"));
    map.put("rate-g", Pattern.compile("generator\\.rate"));
    map.put("rate-d", Pattern.compile("discriminator\\.rate"));
    map.put("weight-decay", Pattern.compile("(generator|discriminator)\\.weight_decay"));
    map.put("rate-decay", Pattern.compile("rate_decay\\..*"));
    map.put("d-steps", Pattern.compile("discriminator_steps"));
    map.put("r1", Pattern.compile("r1|r1_every"));
    return map;
  }

  /**
   * @param preset as given, or null
   * @param seed as given, or null
   * @param allowed names of options that may change the training
   * @param course says where the training ends
   * @throws InputException if another option differs from the checkpoint's training
   */
  static ResumedPlan of(
      Checkpoint checkpoint,
      String preset,
      DomainOptions domains,
      ModelOptions modelOptions,
      Long seed,
      Set<String> allowed,
      RunOptions course) {
    for (String name : allowed) {
      if (!ALLOWABLE.containsKey(name)) {
        throw new InputException("--allow " + name + ": a resume can change " + ALLOWABLE_NAMES);
      }
    }
    Path file = checkpoint.file().path();
    Map<?, ?> provenance = checkpoint.provenance();
    String oldPreset = text(file, provenance, "preset");
    Map<String, String> images = images(file, provenance);
    List<String> before = specs(file, provenance);
    List<String> specs = domains.given().isEmpty() ? before : domains.given();
    boolean disjoint = !Boolean.FALSE.equals(provenance.get("disjoint"));
    String data = text(file, provenance, "data");
    DomainImages.requireMnist(
        domains.data(),
        domains.given().isEmpty()
            ? DomainImages.parsed(file, before)
            : specs.stream().map(DomainSpec::parse).toList());
    Path folder = null;
    if (domains.data() != null) {
      folder = DomainSource.place(domains.data());
    } else if (!data.equals("jar")) {
      folder = DomainPlaces.folder(file, data);
    }

    List<String> differences = new ArrayList<>();
    if (preset != null && !Presets.named(preset).label().equals(oldPreset)) {
      differences.add("preset was " + oldPreset + ", now " + preset);
    }
    // Without checksums nothing would tell whether images at another place are the same.
    if (!specs.equals(before)
        && (images.isEmpty() || !DomainPlaces.sameButForPlaces(specs, before))) {
      differences.add("domains were " + before + ", now " + specs);
    }
    Map<String, String> places =
        domains.given().isEmpty()
            ? DomainPlaces.settle(specs, DomainPlaces.read(file, provenance.get(DomainPlaces.KEY)))
            : DomainPlaces.of(specs);
    if (domains.overlap() && disjoint) {
      differences.add("domains were disjoint, now --overlap");
    }
    int side = DomainImages.side(checkpoint.config());
    if (domains.size() != null && domains.size() != side) {
      differences.add("size was " + side + ", now " + domains.size());
    }
    ModelConfig config = modelOptions.apply(checkpoint.config());
    long steps = course.stepsOr(Preset.named(oldPreset));
    TrainOptions options = modelOptions.change(checkpoint.options(), steps);
    if (seed != null) {
      options = options.withSeed(seed);
    }
    List<Map<String, Object>> changes = new ArrayList<>();
    compare(checkpoint.config().toJson(), config.toJson(), allowed, differences, changes);
    compare(checkpoint.options().toJson(), options.toJson(), allowed, differences, changes);
    if (!differences.isEmpty()) {
      throw new InputException(
          "a resume continues the training of "
              + file
              + " as it was; "
              + String.join("; ", differences)
              + "; see --allow");
    }
    for (Map<String, Object> change : changes) {
      change.put("step", checkpoint.step());
    }
    return new ResumedPlan(
        file,
        checkpoint.step(),
        new TrainPlan(oldPreset, specs, places, folder, disjoint, config, options),
        images,
        changes);
  }

  private static Map<String, String> images(Path file, Map<?, ?> provenance) {
    Map<String, String> images = new LinkedHashMap<>();
    if (provenance.get("images") instanceof Map<?, ?> map) {
      map.forEach(
          (domain, print) -> {
            if (!PRINT.matcher(String.valueOf(print)).matches()) {
              throw new InputException(
                  file
                      + ": provenance should say \"N images [C, H, W], CRC-32 X\" of domain "
                      + domain
                      + ", says \""
                      + print
                      + "\"");
            }
            images.put(String.valueOf(domain), String.valueOf(print));
          });
    }
    return images;
  }

  /**
   * The same, when the images are there. A folder may have moved, its images must be those of
   * before: others train another model, and the bits of the old one never come back.
   *
   * @param now what {@link DomainImages#prints} says of them
   * @param allowed as above
   * @throws InputException if they are others, and that is not allowed; another number of images or
   *     another shape never is, since the saved order of the images would not fit
   */
  ResumedPlan on(Map<String, Object> now, Set<String> allowed) {
    List<String> differences = new ArrayList<>();
    List<Map<String, Object>> all = new ArrayList<>(changes);
    boolean fit = true;
    for (Map.Entry<String, String> before : images.entrySet()) {
      String domain = before.getKey();
      String was = before.getValue();
      String is = String.valueOf(now.get(domain));
      if (was.equals(is)) {
        continue;
      }
      differences.add("domain " + domain + " had " + was + ", now " + is);
      fit &= count(was).equals(count(is));
      Map<String, Object> change = new LinkedHashMap<>();
      change.put("changed", "images." + domain);
      change.put("was", was);
      change.put("now", is);
      change.put("step", step);
      all.add(change);
    }
    if (!differences.isEmpty() && !(fit && allowed.contains(DATA))) {
      throw new InputException(
          "a resume continues the training of "
              + file
              + " on its images; "
              + String.join("; ", differences)
              + "; give it those of before"
              + (fit ? ", or --allow data" : ""));
    }
    return new ResumedPlan(file, step, plan, images, all);
  }

  /** Number and shape of a {@link #PRINT}. */
  private static String count(String print) {
    Matcher matcher = PRINT.matcher(print);
    return matcher.matches() ? matcher.group(1) : "";
  }

  private static void compare(
      Map<String, Object> before,
      Map<String, Object> after,
      Set<String> allowed,
      List<String> differences,
      List<Map<String, Object>> changes) {
    Map<String, Object> was = new LinkedHashMap<>();
    Map<String, Object> now = new LinkedHashMap<>();
    flatten("", before, was);
    flatten("", after, now);
    Set<String> names = new java.util.LinkedHashSet<>(was.keySet());
    names.addAll(now.keySet());
    for (String name : names) {
      String a = String.valueOf(was.get(name));
      String b = String.valueOf(now.get(name));
      if (a.equals(b)) {
        continue;
      }
      if (allowed.stream().anyMatch(option -> ALLOWABLE.get(option).matcher(name).matches())) {
        Map<String, Object> change = new LinkedHashMap<>();
        change.put("changed", name);
        change.put("was", was.get(name));
        change.put("now", now.get(name));
        changes.add(change);
      } else {
        differences.add(name + " was " + a + ", now " + b);
      }
    }
  }

  private static void flatten(String prefix, Map<?, ?> map, Map<String, Object> flat) {
    map.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> inner) {
            flatten(prefix + key + ".", inner, flat);
          } else {
            flat.put(prefix + key, value);
          }
        });
  }

  private static String text(Path file, Map<?, ?> provenance, String key) {
    if (provenance.get(key) instanceof String text) {
      return text;
    }
    throw new InputException(file + ": provenance has no text \"" + key + "\"; cannot resume");
  }

  private static List<String> specs(Path file, Map<?, ?> provenance) {
    List<String> specs = new ArrayList<>();
    if (provenance.get("domains") instanceof List<?> list) {
      list.forEach(item -> specs.add(String.valueOf(item)));
    }
    if (specs.isEmpty()) {
      throw new InputException(file + ": provenance names no domains; cannot resume");
    }
    return specs;
  }
}
