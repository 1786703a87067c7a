package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.train.DivergedException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ErrorsTest {
  private static String onDivergence(Object command) {
    StringWriter err = new StringWriter();
    CommandLine line = new CommandLine(command).setErr(new PrintWriter(err, true));
    int code = Errors.onFailure(DivergedException.ofLoss(4, "the loss"), line, null);
    assertThat(code).isEqualTo(ExitCode.DIVERGED);
    assertThat(err.toString()).startsWith("cogan: diverged at step 4: the loss is not finite");
    return err.toString();
  }

  /** A dry run that diverges has written nothing; a classifier's training has no rates to lower. */
  @Test
  void adviceOnDivergenceFitsTheCommand() {
    assertThat(onDivergence(new TrainCommand())).contains("Nothing was written", "--rate-g");
    assertThat(onDivergence(new ClassifierCommand()))
        .contains("Nothing was written")
        .doesNotContain("--rate-g");
  }
}
