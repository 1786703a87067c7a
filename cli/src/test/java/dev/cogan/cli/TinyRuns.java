package dev.cogan.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Trainings of nets that are small enough for a test, in this process. */
final class TinyRuns {
  private TinyRuns() {}

  /** Trains one, with more options than those that make it small. */
  static Cli train(Path outdir, Object... more) {
    List<Object> args = new ArrayList<>(List.of("train", "--outdir", outdir));
    args.addAll(TrainingProcess.TINY);
    args.addAll(List.of(more));
    return Cli.run(args.toArray());
  }

  /** The only run's directory. */
  static Path run(Path outdir) throws IOException {
    try (Stream<Path> runs = Files.list(outdir)) {
      return runs.findFirst().orElseThrow();
    }
  }
}
