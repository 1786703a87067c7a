package dev.cogan.cli.report;

import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds a run's files by the names that {@code train} gives them. */
public final class RunFiles {
  private static final Pattern FAKES = Pattern.compile("fakes(_init|\\d{6,18})\\.png");
  private static final Pattern REALS = Pattern.compile("reals_([A-Za-z0-9-]{1,40})\\.png");
  private static final Pattern CHECKPOINT = Pattern.compile("checkpoint-(\\d{6,18})\\.safetensors");

  /**
   * A picture.
   *
   * @param label the step of generated images, as digits, or the name of a real domain
   * @param path the file
   * @param bytes its size
   */
  public record Picture(String label, Path path, long bytes) {
    /** The step of generated images. */
    public long step() {
      return Long.parseLong(label);
    }
  }

  private final Path folder;

  /**
   * @param folder the run's
   */
  public RunFiles(Path folder) {
    this.folder = folder;
  }

  /** The run's folder. */
  public Path folder() {
    return folder;
  }

  /** The settings. */
  public Path options() {
    return folder.resolve("options.json");
  }

  /** Losses, a line per ten steps. */
  public Path stats() {
    return folder.resolve("stats.jsonl");
  }

  /** Measurements, a line per snapshot. */
  public Path metrics() {
    return folder.resolve("metrics.jsonl");
  }

  /** The report that {@code train} writes. */
  public Path report() {
    return folder.resolve("report.html");
  }

  /** Pictures of generated images in the order of their steps. */
  public List<Picture> fakes() {
    List<Picture> found = pictures(FAKES);
    found.sort(Comparator.comparingLong(Picture::step));
    return found;
  }

  /** Pictures of real images in the order of the domains' names. */
  public List<Picture> reals() {
    List<Picture> found = pictures(REALS);
    found.sort(Comparator.comparing(Picture::label));
    return found;
  }

  /** The newest checkpoint. */
  public Optional<Path> checkpoint() {
    Path newest = null;
    long last = -1;
    for (Path file : list()) {
      Matcher matcher = CHECKPOINT.matcher(file.getFileName().toString());
      if (matcher.matches() && Long.parseLong(matcher.group(1)) > last) {
        last = Long.parseLong(matcher.group(1));
        newest = file;
      }
    }
    return Optional.ofNullable(newest);
  }

  /**
   * A picture by its file's name; empty if the name is not one that {@code train} gives, or leads
   * elsewhere: everybody on this machine may ask a dashboard.
   */
  public Optional<Path> picture(String name) {
    if (!FAKES.matcher(name).matches() && !REALS.matcher(name).matches()) {
      return Optional.empty();
    }
    Path path = folder.resolve(name);
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(path)
        : Optional.empty();
  }

  private List<Picture> pictures(Pattern pattern) {
    List<Picture> found = new ArrayList<>();
    for (Path file : list()) {
      Matcher matcher = pattern.matcher(file.getFileName().toString());
      if (matcher.matches()) {
        String label = matcher.group(1).equals("_init") ? "0" : matcher.group(1);
        try {
          found.add(new Picture(label, file, Files.size(file)));
        } catch (IOException e) {
          // Removed since it was listed; a report shows what is there.
        }
      }
    }
    return found;
  }

  private List<Path> list() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw InputException.cannotRead(folder, e);
    }
  }
}
