package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java that {@code train} prints at its end is compiled and run, as it is printed. */
class JavaLinesTest {
  @TempDir private Path folder;

  @Test
  void whatTrainPrintsLoadsTheModel() throws Exception {
    List<Object> args = new ArrayList<>(List.of("train", "--steps", 1, "--outdir", folder));
    args.addAll(TrainingProcess.TINY);
    Cli cli = Cli.run(args.toArray());
    assertThat(cli.code).as(cli.toString()).isZero();
    List<String> lines = new ArrayList<>();
    boolean java = false;
    for (String line : cli.out.lines().toList()) {
      if (java && line.startsWith("  ")) {
        lines.add(line);
      }
      java |= line.startsWith("in Java");
    }
    assertThat(lines).filteredOn(line -> line.endsWith(";")).hasSize(6);
    assertThat(lines)
        .filteredOn(line -> !line.contains(folder.toString()))
        .allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    assertThat(run(lines)).isEqualTo("[2, 1, 28, 28]");
  }

  private String run(List<String> lines) throws IOException, ReflectiveOperationException {
    StringBuilder source = new StringBuilder();
    JavaLines.IMPORTS.forEach(name -> source.append("import ").append(name).append(";\n"));
    source.append("public class Loads {\n  public static String shape() {\n");
    lines.forEach(line -> source.append(line).append('\n'));
    source.append("    String shape = pairs.get(1).shape().toString();\n");
    source.append("    return shape;\n  }\n}\n");
    Path file = Files.writeString(folder.resolve("Loads.java"), source);
    int code =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                file.toString());
    assertThat(code).as(source.toString()).isZero();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      return (String) loader.loadClass("Loads").getMethod("shape").invoke(null);
    }
  }
}
