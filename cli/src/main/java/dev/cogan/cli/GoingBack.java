package dev.cogan.cli;

import dev.cogan.engine.io.AtomicFile;
import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A resume from a checkpoint that is not the run's newest, or a rollback past one that leads to a
 * divergence: what the run did after it is another course, and no longer counts. Else the newest
 * checkpoint by its number would be one of that course, and the next resume or rollback would leave
 * the new one for it.
 *
 * <p>Nothing of it is deleted: it goes to {@code abandoned/00000-after-000800/}, a run's folder of
 * its own, from which that course can be looked at and even gone on with.
 *
 * <p>A note in the run's folder is there from the decision until everything is moved. As long as it
 * is, checkpoints of later steps count as moved: a process that is killed in between has gone back
 * altogether, and the next resume moves the rest.
 */
final class GoingBack {
  /** Below the run's folder. */
  static final String FOLDER = "abandoned";

  /** Its text is the name of the folder that the later files go to, with the step. */
  static final String NOTE = ".going-back";

  private static final Pattern NAME = Pattern.compile("\\d{5,9}-after-(\\d{6,18})");
  private static final int LONGEST_NAME = 64;

  private final RunDirectory directory;
  private final long step;
  private final Path note;

  private GoingBack(RunDirectory directory, long step) {
    this.directory = directory;
    this.step = step;
    this.note = directory.path().resolve(NOTE);
  }

  /** The step after which nothing counts, while a run is on its way back to it. */
  static OptionalLong limit(Path run) {
    Optional<String> name = name(run.resolve(NOTE));
    return name.isEmpty() ? OptionalLong.empty() : OptionalLong.of(stepOf(name.get()));
  }

  /** What a note says; empty if there is none, or one that says nothing. */
  private static Optional<String> name(Path note) {
    try {
      if (!Files.isRegularFile(note) || Files.size(note) > LONGEST_NAME) {
        return Optional.empty();
      }
      String text = Files.readString(note, StandardCharsets.ISO_8859_1).strip();
      return Optional.of(text).filter(name -> NAME.matcher(name).matches());
    } catch (IOException e) {
      return Optional.empty(); // Moved on since it was looked for.
    }
  }

  private static long stepOf(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : Long.MAX_VALUE;
  }

  /**
   * Makes a checkpoint the newest of its run; call with the lock held, when the training that goes
   * on from it is about to begin, and before any of its files is written.
   *
   * @param step of the checkpoint
   * @param from the checkpoint, of whatever name
   * @return what was moved and where to, for people; empty if there was nothing
   */
  static Optional<String> to(RunDirectory directory, long step, Path from) {
    GoingBack back = new GoingBack(directory, step);
    try {
      return back.go(from);
    } catch (IOException e) {
      throw InputException.cannotWrite(directory.path(), e);
    }
  }

  private Optional<String> go(Path from) throws IOException {
    Path own = directory.checkpoint(step);
    boolean taken = Files.exists(own) && !same(own, from);
    List<Path> later = directory.laterThan(step);
    Path target = null;
    if (taken || !later.isEmpty()) {
      target = target();
    }
    if (taken) {
      // Another course's of the same step: it must not be what the next resume finds.
      RunDirectory.link(own, target.resolve(own.getFileName()));
    }
    if (taken || !Files.exists(own)) {
      RunDirectory.link(from, own);
    }
    if (target != null) {
      AtomicFile.write(note, (target.getFileName() + "\n").getBytes(StandardCharsets.US_ASCII));
      // What the report and a resume of that course need.
      for (Path file : List.of(directory.options(), directory.stats(), directory.metrics())) {
        if (Files.exists(file)) {
          Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      for (Path file : later) {
        Files.move(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.deleteIfExists(note);
    return target == null ? Optional.empty() : Optional.of(describe(target));
  }

  /** Some checkpoints have two names: the best one, and where no links are, copies. */
  private static boolean same(Path one, Path other) throws IOException {
    return Files.isSameFile(one, other) || Files.mismatch(one, other) < 0;
  }

  /** A new folder, or the one of a process that was killed on the same way. */
  private Path target() {
    Path parent = directory.path().resolve(FOLDER);
    Optional<Path> begun =
        name(note)
            .filter(name -> stepOf(name) == step)
            .map(parent::resolve)
            .filter(Files::isDirectory);
    return begun.orElseGet(
        () ->
            RunDirectory.create(
                    parent.toString(), parent, String.format(Locale.ROOT, "after-%06d", step))
                .path());
  }

  private String describe(Path target) throws IOException {
    List<String> parts = new ArrayList<>();
    long bytes = 0;
    int checkpoints = 0;
    int pictures = 0;
    for (Path file : new RunDirectory(target).laterThan(Long.MIN_VALUE)) {
      bytes += Files.size(file);
      checkpoints += file.toString().endsWith(".safetensors") ? 1 : 0;
      pictures += file.toString().endsWith(".png") ? 1 : 0;
    }
    parts.add(count(checkpoints, "checkpoint"));
    parts.add(count(pictures, "picture"));
    parts.add(String.format(Locale.ROOT, "%.1f MB", bytes / 1e6));
    return "what the run had done after step "
        + step
        + " ("
        + String.join(", ", parts)
        + ") is in "
        + target
        + " now; delete that folder if you need none of it";
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
