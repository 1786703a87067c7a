package dev.cogan.cli;

import dev.cogan.cli.text.Wrap;
import java.nio.file.Path;
import java.util.List;

/** The lines of Java that load a model and sample from it; a test compiles and runs them. */
final class JavaLines {
  /** What a program around them imports. */
  static final List<String> IMPORTS =
      List.of(
          "dev.cogan.engine.kernel.*",
          "dev.cogan.engine.nn.*",
          "dev.cogan.engine.tensor.*",
          "dev.cogan.engine.train.*",
          "java.nio.file.Path",
          "java.util.List");

  private static final int INDENT = 2;

  private JavaLines() {}

  /** For a checkpoint; the images of seeds 1 and 2 come as {@code pairs}, one tensor per domain. */
  static List<String> of(Path checkpoint) {
    String file = checkpoint.toString().replace("\\", "\\\\").replace("\"", "\\\"");
    return List.of(
        "var w = Workspace.inference(KernelSelector.select().create(Parallel.none()));",
        "var c = Checkpoint.open(Path.of(\"" + file + "\"));",
        "var s = new Sampler(c.loadForSampling(w.memory()).generators(), 16, w);",
        "Tensor z = Sampler.latents(c.options().noise(), s.latent(), 1, 2);",
        "List<Tensor> pairs = s.sample(z);",
        "c.close();");
  }

  /** A line as it is, or, if it is too long for a screen, with its file's name on the next. */
  static List<String> broken(String line) {
    int file = line.indexOf("Path.of(") + "Path.of(".length();
    return line.length() + INDENT <= Wrap.COLUMNS || !line.contains("Path.of(")
        ? List.of(line)
        : List.of(line.substring(0, file), "  " + line.substring(file));
  }
}
