package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.io.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is left to do when the last step is done. */
@Tag("slow")
class TrainingEndTest {
  private static final String TRAINED = "trained   in";

  @TempDir private Path folder;

  private List<String> train(String... more) {
    List<String> args = new ArrayList<>(List.of("train", "--steps", "1"));
    args.addAll(TrainingProcess.TINY);
    args.addAll(List.of("--outdir", folder.resolve("runs").toString()));
    args.addAll(List.of(more));
    return args;
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aSignalWhileTheModelIsMeasuredEndsTheProgram() throws IOException, InterruptedException {
    TrainingProcess training = TrainingProcess.start(folder, train());
    training.awaitText(TRAINED);
    training.signal("TERM");
    assertThat(training.exitCode()).as(training.output()).isEqualTo(143);
    assertThat(training.output()).doesNotContain("stopping");
    Path run = folder.resolve("runs/00000-mnist-edge-digits-small");
    assertThat(Cli.run("inspect", "--verify", run).code).isZero();
  }

  /** Says when a line was printed, and takes as long as all had taken until then. */
  private static final class Slow extends StringWriter {
    private final long start = System.nanoTime();
    private double seconds = -1;

    @Override
    public void write(String text) {
      super.write(text);
      if (seconds < 0 && text.startsWith(TRAINED)) {
        long taken = System.nanoTime() - start;
        seconds = taken * 1e-9;
        while (System.nanoTime() - start < 2 * taken) {
          Thread.onSpinWait();
        }
      }
    }

    @Override
    public void write(String text, int offset, int length) {
      write(text.substring(offset, offset + length));
    }
  }

  @Test
  void theSecondsAreThoseOfTheTrainingAlone() {
    StringWriter out = new StringWriter();
    Slow err = new Slow();
    int code =
        Main.run(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            train("--json", "--progress", "none").toArray(new String[0]));
    assertThat(code).as(err.toString()).isZero();
    Map<?, ?> json = (Map<?, ?>) Json.parse(out.toString(), "out");
    assertThat(((Number) json.get("seconds")).doubleValue()).isBetween(0.0, err.seconds);
  }
}
