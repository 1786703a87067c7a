package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.cogan.engine.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command that trains keeps the heap small while it does, and only then. */
class SmallHeapCommandsTest {
  private static final String SMALL = "15";

  @TempDir private Path folder;

  private HotSpotDiagnosticMXBean jvm;

  @BeforeEach
  void aJvmWhoseLimitsCanBeSeen() {
    jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    assumeTrue(jvm != null);
    assumeTrue(!limit().equals(SMALL), "somebody else keeps the heap of this JVM small");
  }

  private String limit() {
    return jvm.getVMOption(FreeHeap.MOST).getValue();
  }

  /** What the limit was whenever the command told something. */
  private Set<String> limitsOf(List<?> args) {
    Set<String> seen = new TreeSet<>();
    StringWriter text = new StringWriter();
    Writer looking =
        new Writer() {
          @Override
          public void write(char[] chars, int offset, int length) {
            seen.add(limit());
            text.write(chars, offset, length);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    PrintWriter out = new PrintWriter(looking, true);
    int code = Main.run(out, out, args.stream().map(String::valueOf).toArray(String[]::new));
    assertThat(code).as(text.toString()).isZero();
    return seen;
  }

  private void keepsSmall(List<?> args) {
    final String before = limit();
    assertThat(limitsOf(args)).contains(SMALL);
    assertThat(limit()).isEqualTo(before);
  }

  @Test
  void train() {
    List<Object> args = new ArrayList<>(List.of("train", "--steps", 1, "--outdir", folder));
    args.addAll(TrainingProcess.TINY);
    keepsSmall(args);
    keepsSmall(List.of("resume", folder, "--steps", 2));
  }

  @Test
  void sweep() {
    List<Object> args = new ArrayList<>(List.of("sweep", "--out", folder.resolve("s.jsonl")));
    args.addAll(List.of("--tasks", "edge", "--k", 4, "--l", 3, "--seeds", 0, "--steps", 2));
    args.addAll(List.of("--widths", "4,4,4,4", "--widths-d", "2,2,4", "--batch", 4));
    args.addAll(List.of("--pairs", 10, "--threads", 1));
    keepsSmall(args);
  }

  @Test
  void adapt() throws IOException {
    List<Object> args = new ArrayList<>(List.of("adapt", "--out", folder.resolve("a.jsonl")));
    for (String domain : List.of("source", "target")) {
      args.addAll(List.of("--" + domain + "-images", idx(domain, Shape.of(20, 28, 28))));
      args.addAll(List.of("--" + domain + "-labels", idx(domain, Shape.of(20))));
      args.addAll(List.of("--" + domain + "-count", 16));
    }
    args.addAll(List.of("--widths", "4,4,4,4", "--steps", 2, "--measure", 1, "--batch", 4));
    args.addAll(List.of("--draws", 1, "--threads", 1));
    keepsSmall(args);
  }

  /** A file of bytes 0 and 1 in turn: as images they are dark, as labels two classes. */
  private Path idx(String name, Shape shape) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(0x800 + shape.rank());
    for (int size : shape.toArray()) {
      out.writeInt(size);
    }
    for (int i = 0; i < shape.count(); i++) {
      out.writeByte(i % 2);
    }
    return Files.write(folder.resolve(name + shape.rank()), bytes.toByteArray());
  }
}
