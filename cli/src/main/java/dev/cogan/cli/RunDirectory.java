package dev.cogan.cli;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.cogan.cli.report.RunFiles;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.train.Checkpoint;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A training's folder, with the names that GAN users know: {@code runs/00000-mnist-edge-.../} with
 * {@code options.json}, {@code stats.jsonl}, {@code reals_a.png}, {@code fakes000500.png}, {@code
 * checkpoint-000500.safetensors}.
 */
final class RunDirectory {
  private static final Pattern NUMBERED = Pattern.compile("(\\d{5,9})-.*");
  private static final Pattern CHECKPOINT = Pattern.compile("checkpoint-(\\d{6,18})\\.safetensors");
  private static final Pattern FAKES = Pattern.compile("fakes(\\d{6,18})\\.png");
  private static final Pattern REALS = Pattern.compile("reals_.*\\.png");

  /** How {@link dev.cogan.engine.io.AtomicFile} names what it has not finished. */
  private static final String TEMPORARY = ".cogan-";

  private static final Pattern LEFTOVER = Pattern.compile(Pattern.quote(TEMPORARY) + ".*");
  private static final String BEST = "best.safetensors";
  private static final String FORMER_BEST = "former-best.safetensors";

  private final Path path;

  RunDirectory(Path path) {
    this.path = path;
  }

  /** A new run's folder below {@code parent}, with the next free number. */
  static RunDirectory create(Path parent, String description) {
    return create("--outdir " + parent, parent, description);
  }

  /**
   * The same.
   *
   * @param called what messages call the parent
   */
  static RunDirectory create(String called, Path parent, String description) {
    try {
      Files.createDirectories(parent);
      int number = 0;
      for (Path run : runs(parent)) {
        number = Math.max(number, number(run) + 1);
      }
      while (true) {
        Path path = parent.resolve(String.format(Locale.ROOT, "%05d-%s", number, description));
        try {
          return new RunDirectory(Files.createDirectory(path));
        } catch (FileAlreadyExistsException e) {
          number++; // another training took it in between
        }
      }
    } catch (FileAlreadyExistsException e) {
      throw new InputException(called + ": is not a folder", e);
    } catch (IOException e) {
      throw InputException.cannotWrite(called, e);
    }
  }

  private static List<Path> runs(Path parent) {
    return list(parent, NUMBERED).stream()
        .filter(Files::isDirectory)
        .sorted(Comparator.comparingInt(RunDirectory::number))
        .toList();
  }

  private static int number(Path run) {
    Matcher matcher = NUMBERED.matcher(run.getFileName().toString());
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
  }

  private static List<Path> list(Path folder, Pattern pattern) {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> pattern.matcher(file.getFileName().toString()).matches())
          .forEach(found::add);
    } catch (IOException e) {
      throw InputException.cannotRead(folder, e);
    }
    return found;
  }

  /**
   * The newest checkpoint that a path stands for: a checkpoint itself, a run's folder, or a folder
   * of runs (then of its newest run that has one).
   */
  static Path findCheckpoint(Path given) {
    if (Files.isRegularFile(given)) {
      return given;
    }
    if (!Files.isDirectory(given)) {
      throw new InputException(given + ": no such file or folder");
    }
    Optional<Path> here = new RunDirectory(given).latest();
    if (here.isPresent()) {
      return here.get();
    }
    List<Path> runs = runs(given);
    for (int i = runs.size() - 1; i >= 0; i--) {
      Optional<Path> latest = new RunDirectory(runs.get(i)).latest();
      if (latest.isPresent()) {
        return latest.get();
      }
    }
    throw new InputException(given + ": no checkpoint-NNNNNN.safetensors in it or in its runs");
  }

  /** The run that a path stands for: its folder, or a folder of runs (then its newest). */
  static Path findRun(Path given) {
    if (!Files.isDirectory(given)) {
      throw new InputException(given + ": no such folder");
    }
    if (Files.isRegularFile(new RunDirectory(given).options())) {
      return given;
    }
    List<Path> runs = runs(given);
    for (int i = runs.size() - 1; i >= 0; i--) {
      if (Files.isRegularFile(new RunDirectory(runs.get(i)).options())) {
        return runs.get(i);
      }
    }
    throw new InputException(given + ": no options.json in it or in its runs");
  }

  /** Those that count, by their steps. */
  private List<Path> checkpoints() {
    long limit = GoingBack.limit(path).orElse(Long.MAX_VALUE);
    return list(path, CHECKPOINT).stream()
        .filter(file -> step(CHECKPOINT, file) <= limit)
        .sorted(Comparator.comparingLong(file -> step(CHECKPOINT, file)))
        .toList();
  }

  private static long step(Pattern pattern, Path file) {
    Matcher matcher = pattern.matcher(file.getFileName().toString());
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }

  /** The checkpoints and pictures of later steps, and the best checkpoint if it is of one. */
  List<Path> laterThan(long step) {
    List<Path> later = new ArrayList<>();
    for (Pattern pattern : List.of(CHECKPOINT, FAKES)) {
      list(path, pattern).stream().filter(file -> step(pattern, file) > step).forEach(later::add);
    }
    if (bestStep() > step) {
      Stream.of(best(), bestJson()).filter(Files::exists).forEach(later::add);
    }
    return later;
  }

  /**
   * The step of the best checkpoint, or of its description, whichever is later: a process may have
   * been killed when it had written one of them. -1 if there is none.
   */
  private long bestStep() {
    long step = -1;
    try {
      if (Files.isRegularFile(bestJson())
          && Json.read(bestJson()) instanceof Map<?, ?> map
          && map.get("step") instanceof Long number) {
        step = number;
      }
    } catch (InputException e) {
      // Damaged; the checkpoint itself says it, too.
    }
    if (Files.exists(best())) {
      try (Checkpoint checkpoint = Checkpoint.open(best())) {
        step = Math.max(step, checkpoint.step());
      } catch (InputException e) {
        // Damaged; the description is what there is to go by.
      }
    }
    return step;
  }

  private Optional<Path> latest() {
    List<Path> all = checkpoints();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  /** The newest checkpoints, last first: what a training goes back to. */
  List<Path> newestFirst() {
    List<Path> all = new ArrayList<>(checkpoints());
    Collections.reverse(all);
    return all;
  }

  /**
   * What a resume may go on from, last first: the newest checkpoints and, at its step's place, the
   * best one, if it is a file of its own.
   */
  List<Path> resumable() {
    List<Path> all = newestFirst();
    long step = bestStep();
    if (!Files.isRegularFile(best()) || step > GoingBack.limit(path).orElse(Long.MAX_VALUE)) {
      return all;
    }
    int place = 0;
    while (place < all.size() && step(CHECKPOINT, all.get(place)) >= step) {
      if (isSame(all.get(place), best())) {
        return all;
      }
      place++;
    }
    all.add(place, best());
    return all;
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      return false; // One cannot be read, which whoever reads it will say.
    }
  }

  /** The run's folder that a path stands for: the folder of {@link #findCheckpoint}. */
  static RunDirectory of(Path given) {
    Path folder = findCheckpoint(given).getParent();
    return new RunDirectory(folder == null ? Path.of(".") : folder);
  }

  /**
   * Removes all but the newest checkpoints; called after a new one is safely on disk.
   *
   * @param keep how many stay
   */
  void removeOldCheckpoints(int keep) {
    List<Path> all = checkpoints();
    all.subList(0, Math.max(0, all.size() - keep)).forEach(this::remove);
  }

  private void remove(Path checkpoint) {
    try {
      Files.deleteIfExists(checkpoint);
    } catch (IOException e) {
      throw InputException.cannotWrite(checkpoint, e);
    }
  }

  /** Makes {@code best.safetensors} a second name of a checkpoint. */
  void markBest(Path checkpoint) {
    try {
      link(checkpoint, best());
    } catch (IOException e) {
      throw InputException.cannotWrite(best(), e);
    }
  }

  /**
   * Renames {@code best.safetensors}, unless it is the checkpoint of this step.
   *
   * @return the new name, if there was such a file
   */
  Optional<Path> keepFormerBest(long step) {
    if (!Files.isRegularFile(best()) || isSame(checkpoint(step), best())) {
      return Optional.empty();
    }
    Path former = path.resolve(FORMER_BEST);
    try {
      Files.move(best(), former, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw InputException.cannotWrite(former, e);
    }
    return Optional.of(former);
  }

  /**
   * Gives a file a second name (or, where that cannot be, makes a copy) in place of what had it. Of
   * a symbolic link it is the file that the link leads to.
   */
  static void link(Path file, Path name) throws IOException {
    Path temporary = name.resolveSibling(TEMPORARY + "link");
    Files.deleteIfExists(temporary);
    try {
      Files.createLink(temporary, file.toRealPath());
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.copy(file, temporary);
    }
    try {
      // In one step: who is killed leaves what had the name, or what it has now.
      Files.move(temporary, name, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, name, StandardCopyOption.REPLACE_EXISTING);
    }
    // Of two names of one file a rename may leave both.
    Files.deleteIfExists(temporary);
  }

  /**
   * Refuses a run in which something else stands for what every training writes, as in an archive
   * from somebody else: what a symbolic link leads to would be written over, and a pipe waited for.
   */
  void requireOwnFiles() {
    List<Path> written = new ArrayList<>(List.of(path.resolve(RunLock.NAME), log(), options()));
    written.addAll(List.of(stats(), metrics(), bestJson(), new RunFiles(path).report()));
    written.add(path.resolve(GoingBack.NOTE));
    written.addAll(list(path, REALS));
    written.forEach(file -> requireOwn(file, Files.isRegularFile(file, NOFOLLOW_LINKS)));
    for (String folder : List.of(GoingBack.FOLDER, "tensorboard")) {
      Path own = path.resolve(folder);
      requireOwn(own, Files.isDirectory(own, NOFOLLOW_LINKS));
    }
  }

  private static void requireOwn(Path file, boolean right) {
    if (!right && Files.exists(file, NOFOLLOW_LINKS)) {
      throw new InputException(
          file
              + ": is "
              + (Files.isSymbolicLink(file)
                  ? "a symbolic link, which a training would follow and write to"
                  : "neither a file nor a folder of a run")
              + "; expected what a training has written");
    }
  }

  /** What a process that was killed in the middle of a write has left; call with the lock held. */
  void removeLeftovers() {
    for (Path file : list(path, LEFTOVER)) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw InputException.cannotWrite(file, e);
      }
    }
  }

  Path path() {
    return path;
  }

  Path checkpoint(long step) {
    return path.resolve(String.format(Locale.ROOT, "checkpoint-%06d.safetensors", step));
  }

  Path fakes(long step) {
    return path.resolve(
        step == 0 ? "fakes_init.png" : String.format(Locale.ROOT, "fakes%06d.png", step));
  }

  Path reals(String domain) {
    return path.resolve("reals_" + domain + ".png");
  }

  Path stats() {
    return path.resolve("stats.jsonl");
  }

  Path metrics() {
    return path.resolve("metrics.jsonl");
  }

  Path log() {
    return path.resolve("log.txt");
  }

  Path bestJson() {
    return path.resolve("best.json");
  }

  Path best() {
    return path.resolve(BEST);
  }

  Path options() {
    return path.resolve("options.json");
  }
}
