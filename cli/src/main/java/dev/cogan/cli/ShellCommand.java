package dev.cogan.cli;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;

/** Commands of this program that can be pasted into a shell in the folder where it runs now. */
final class ShellCommand {
  /** What documents call the jar, and messages where the program does not run from one. */
  static final String JAR = "cogan.jar";

  private static final boolean WINDOWS = File.separatorChar == '\\';
  private static final int INDENT = 2;

  /** What no shell gives a meaning of its own, in whatever language names are written. */
  private static final Pattern PLAIN =
      Pattern.compile("[\\w%+=:,./-]+", Pattern.UNICODE_CHARACTER_CLASS);

  /** What a shell looks at within double quotes. */
  private static final Pattern LIVELY = Pattern.compile("[\"$`\\\\!]");

  private ShellCommand() {}

  /**
   * A command in lines that a shell takes as one, the later ones indented; on Windows, whose shells
   * go on with a line in two ways of their own, in one line.
   *
   * @param indent of the first line, where something stands before it
   * @param command of this program
   * @param words behind it, files {@linkplain #quoted quoted}
   */
  static String text(int indent, String command, String... words) {
    List<String> parts =
        List.of(
            "java --add-modules jdk.incubator.vector",
            "-jar " + jar() + " " + command,
            String.join(" ", words));
    String broken = " \\" + System.lineSeparator() + " ".repeat(indent + INDENT);
    return String.join(WINDOWS ? " " : broken, parts);
  }

  /** The jar that runs, quoted. */
  static String jar() {
    CodeSource source = ShellCommand.class.getProtectionDomain().getCodeSource();
    try {
      return source == null || source.getLocation() == null
          ? JAR
          : jar(Path.of(source.getLocation().toURI()), Path.of("").toAbsolutePath());
    } catch (URISyntaxException | RuntimeException e) {
      return JAR; // From somewhere that is no file.
    }
  }

  /**
   * A jar as somebody would type it, quoted.
   *
   * @param code what the program's classes come from
   * @param here the folder where the program runs
   */
  static String jar(Path code, Path here) {
    if (!isRunnable(code)) {
      return JAR;
    }
    return quoted(code.startsWith(here) ? here.relativize(code) : code);
  }

  /** Whether {@code java -jar} starts this program from there. */
  private static boolean isRunnable(Path code) {
    if (!Files.isRegularFile(code)) {
      return false;
    }
    try (JarFile jar = new JarFile(code.toFile(), false)) {
      Manifest manifest = jar.getManifest();
      return manifest != null
          && Main.class
              .getName()
              .equals(manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS));
    } catch (IOException e) {
      return false;
    }
  }

  /** A file's name as one word of a shell. */
  static String quoted(Path path) {
    return quoted(path.toString(), WINDOWS);
  }

  /**
   * The same for tests.
   *
   * @param windows whether names have backslashes, and no double quotes
   */
  static String quoted(String name, boolean windows) {
    if (PLAIN.matcher(windows ? name.replace('\\', '/') : name).matches()) {
      return name;
    }
    // Double quotes are what every shell knows, that of Windows included; single ones hold more.
    return windows || !LIVELY.matcher(name).find()
        ? '"' + name + '"'
        : "'" + name.replace("'", "'\\''") + "'";
  }
}
