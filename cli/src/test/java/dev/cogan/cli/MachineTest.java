package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.kernel.KernelSelector;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class MachineTest {

  @Test
  void littleWorkIsDoneByScalarKernelsUnlessOthersWereAskedFor() {
    PrintWriter err = new PrintWriter(new StringWriter());
    String wanted = System.getProperty(KernelSelector.PROPERTY, "auto");
    String usual = Machine.select(err).name();
    assertThat(Machine.selectForShort(1_000_000, err).name())
        .isEqualTo(wanted.equals("auto") ? "scalar" : usual);
    assertThat(Machine.selectForShort(1_000_000_000_000L, err).name()).isEqualTo(usual);
  }
}
