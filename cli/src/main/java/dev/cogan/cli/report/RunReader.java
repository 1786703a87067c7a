package dev.cogan.cli.report;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.train.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads what a run left in its folder, as the JSON values that the page shows. */
public final class RunReader {
  /** Most rows of a table in the page. */
  private static final int ROWS = 1200;

  /** Most pictures of a run in the page. */
  private static final int FRAMES = 80;

  private final Pictures pictures;

  private RunReader(Pictures pictures) {
    this.pictures = pictures;
  }

  /** With the pictures inside the page, those of one run of at most so many bytes. */
  public static RunReader inlined(long pictureBytes) {
    return new RunReader(Pictures.inlined(pictureBytes));
  }

  /** With addresses of pictures that a server has. */
  public static RunReader served() {
    return new RunReader(Pictures.served());
  }

  /**
   * Reads a run.
   *
   * @throws InputException if the folder is not a run's
   */
  public Map<String, Object> read(Path folder) {
    RunFiles files = new RunFiles(folder);
    if (!Files.isRegularFile(files.options())) {
      throw new InputException(folder + ": no options.json in it; expected the folder of a run");
    }
    List<Object> notes = new ArrayList<>();
    Object options = Json.read(files.options());
    if (!(options instanceof Map<?, ?> found)) {
      throw new InputException(files.options() + ": expected a JSON object");
    }
    Map<String, Object> map = usable(found, notes);
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("name", end(folder.toAbsolutePath().normalize(), 1));
    run.put("options", map);
    run.put("provenance", provenance(files, notes));
    StatsTable stats = table(files.stats(), notes);
    StatsTable metrics = table(files.metrics(), notes);
    run.put("step", Math.max(stats.lastStep(), metrics.lastStep()));
    run.put("stats", stats.toJson());
    run.put("metrics", metrics.toJson());
    run.put("model", model(map, notes));
    List<RunFiles.Picture> all = files.fakes();
    List<RunFiles.Picture> shown = pictures.thin(all, FRAMES);
    if (shown.size() < all.size()) {
      notes.add(
          shown.size()
              + " of "
              + all.size()
              + " snapshots are shown, so that this page stays small.");
    }
    run.put("frames", pictures.frames(shown, notes));
    run.put("reals", pictures.reals(files.reals(), notes));
    run.put("notes", notes);
    return run;
  }

  /**
   * Reads several runs, with names that tell them apart: of folders that are called alike with as
   * many folders above them as that takes.
   */
  public List<Map<String, Object>> read(List<Path> folders) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Path folder : folders) {
      all.add(read(folder));
    }
    List<Path> whole = folders.stream().map(f -> f.toAbsolutePath().normalize()).toList();
    for (int i = 0; i < all.size(); i++) {
      Path one = whole.get(i);
      int parts = 1;
      while (parts < one.getNameCount() && isCalledAlike(whole, one, parts)) {
        parts++;
      }
      all.get(i).put("name", end(one, parts));
    }
    return all;
  }

  private static boolean isCalledAlike(List<Path> all, Path one, int parts) {
    return all.stream().anyMatch(o -> !o.equals(one) && end(o, parts).equals(end(one, parts)));
  }

  /** The last names of a path. */
  private static String end(Path path, int parts) {
    int count = path.getNameCount();
    return count == 0
        ? path.toString() // A whole disk.
        : path.subpath(Math.max(0, count - parts), count).toString();
  }

  /** The settings without those that the page cannot show. */
  private static Map<String, Object> usable(Map<?, ?> options, List<Object> notes) {
    Map<String, Object> usable = new LinkedHashMap<>();
    options.forEach(
        (key, value) -> {
          boolean good =
              switch (String.valueOf(key)) {
                case "domains" ->
                    value instanceof List<?> specs
                        && specs.stream().allMatch(String.class::isInstance);
                case "preset" -> value instanceof String;
                case "steps" -> value instanceof Number;
                case "model" -> value instanceof Map<?, ?> model && hasNames(model.get("domains"));
                case "training" -> value instanceof Map<?, ?> training && isPlain(training);
                default -> true;
              };
          if (good) {
            usable.put(String.valueOf(key), value);
          } else {
            notes.add("options.json: \"" + key + "\" is left out, it is no setting of a run.");
          }
        });
    return usable;
  }

  /** Whether what the page computes with, or has in a sentence, is of its kind. */
  private static boolean isPlain(Map<?, ?> training) {
    return Stream.of("batch", "seed")
            .map(training::get)
            .allMatch(number -> number == null || number instanceof Number)
        && (training.get("loss") == null || training.get("loss") instanceof String);
  }

  /** Whether a model's domains, if it says any, have the names that the page goes by. */
  private static boolean hasNames(Object domains) {
    return domains == null
        || domains instanceof List<?> list
            && list.stream()
                .allMatch(d -> d instanceof Map<?, ?> map && map.get("name") instanceof String);
  }

  private static StatsTable table(Path path, List<Object> notes) {
    StatsTable whole = StatsTable.read(path);
    if (whole.skipped() > 0) {
      notes.add(path.getFileName() + ": " + whole.skipped() + " unreadable lines left out.");
    }
    StatsTable thin = whole.thin(ROWS);
    if (thin.averaged() > 1) {
      notes.add(
          "Points of the curves are averages of "
              + thin.averaged()
              + " lines of "
              + path.getFileName()
              + ".");
    }
    return thin;
  }

  private static Object provenance(RunFiles files, List<Object> notes) {
    Optional<Path> newest = files.checkpoint();
    if (newest.isEmpty()) {
      return Map.of();
    }
    try (Checkpoint checkpoint = Checkpoint.open(newest.get())) {
      return checkpoint.provenance();
    } catch (IllegalArgumentException | InputException e) {
      notes.add("Provenance is missing: " + e.getMessage());
      return Map.of();
    }
  }

  private static Object model(Map<?, ?> options, List<Object> notes) {
    try {
      if (options.get("model") instanceof Map<?, ?> config) {
        return ModelTable.of(ModelConfig.fromJson(config));
      }
      notes.add("options.json describes no model.");
    } catch (IllegalArgumentException | InputException e) {
      notes.add("The model of options.json cannot be drawn: " + e.getMessage());
    }
    return null;
  }
}
