package dev.cogan.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.Help.Ansi;

/**
 * The help texts as files, so that {@code --help} answers at once: to set up the options by
 * reflection, and to break their descriptions into lines, takes three times as long as the rest. A
 * test compares every file with what picocli prints, and writes them anew when it is asked to.
 */
final class StoredHelp {
  private static final Pattern WORD = Pattern.compile("[a-z-]+");
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

  private static final String JAR = "-jar " + ShellCommand.JAR;

  private StoredHelp() {}

  /** The file of a command; of the program itself, if there are no words. */
  static String fileName(List<String> words) {
    return (words.isEmpty() ? "cogan" : String.join("-", words)) + ".txt";
  }

  /**
   * Prints the help of a command, if nothing but that is asked for.
   *
   * @return whether it was printed
   */
  static boolean print(PrintWriter out, String... args) {
    int words = args.length - 1;
    if (words < 0 || !args[words].equals("--help") && !args[words].equals("-h")) {
      return false;
    }
    List<String> command = Arrays.asList(args).subList(0, words);
    if (!command.stream().allMatch(word -> WORD.matcher(word).matches())) {
      return false;
    }
    try (InputStream in = StoredHelp.class.getResourceAsStream("help/" + fileName(command))) {
      if (in == null) {
        return false;
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      text = Ansi.AUTO.enabled() ? text : COLOUR.matcher(text).replaceAll("");
      if (text.contains(JAR)) {
        // Stored is the name that the documents use; the jar that runs may lie elsewhere.
        text = text.replace(JAR, "-jar " + ShellCommand.jar());
      }
      out.print(text.replace("\n", System.lineSeparator()));
      out.flush();
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
