package dev.cogan.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.train.Trainer;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs in docs/embedding.md compile without a warning, and do what is said of them. */
class EmbeddingGuideTest {
  private static final Path GUIDE = Path.of("../docs/embedding.md");

  @TempDir private Path folder;

  @Test
  void itsProgramsTrainAndDraw() throws Exception {
    compile("Train");
    compile("Draw");
    Path parts = folder.resolve("parts.safetensors");
    assertThat(run("64m", "Train", parts, 10)).matches("step 10: loss D \\d.*, G \\d.*\\R");
    assertThat(run("64m", "Train", parts, 20)).startsWith("step 20: loss");
    Path whole = folder.resolve("whole.safetensors");
    assertThat(run("64m", "Train", whole, 20)).contains("step 10: loss", "step 20: loss");
    assertThat(parts).hasSameBinaryContentAs(whole);
    Path picture = folder.resolve("pairs.png");
    assertThat(run("12m", "Draw", whole, picture))
        .matches("\\[4, 1, 28, 28] and \\[4, 1, 28, 28], \\d\\S+\\R");
    assertThat(Files.size(picture)).isGreaterThan(1000);
  }

  /** The block of Java in the guide that begins the class of this name. */
  private void compile(String name) throws Exception {
    List<String> blocks = new ArrayList<>();
    for (String part : Files.readString(GUIDE).split("```java\n")) {
      blocks.add(part.split("```")[0]);
    }
    Path file = folder.resolve(name + ".java");
    blocks.removeIf(block -> !block.contains("public class " + name + " {"));
    assertThat(blocks).as(name).hasSize(1);
    Files.writeString(file, blocks.get(0));
    int code =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "-Xlint:all",
                "-Werror",
                "-cp",
                classes().toString(),
                "-d",
                folder.toString(),
                file.toString());
    assertThat(code).as("javac " + file).isZero();
  }

  /** Output of a JVM that has the engine and {@code java.base} alone. */
  private String run(String heap, String main, Object... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--limit-modules", "java.base", "-Xmx" + heap));
    command.addAll(List.of("-cp", classes() + File.pathSeparator + folder, main));
    Stream.of(args).forEach(arg -> command.add(arg.toString()));
    Path log = folder.resolve(main + ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as(main + " ends").isTrue();
    String output = Files.readString(log);
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  private static Path classes() throws Exception {
    return Path.of(Trainer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
