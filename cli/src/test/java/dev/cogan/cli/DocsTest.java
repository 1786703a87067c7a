package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What the documents and the helps tell people to type is understood by the program. */
class DocsTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final String NAMES = String.join("|", Main.names());

  /** A command in a block of code, or behind a dollar sign's variable assignment. */
  private static final Pattern TYPED =
      Pattern.compile("^(?:.*?cogan\\.jar +|.*?\\bcogan +)?(" + NAMES + ")((?: .*)?)$");

  private static final Pattern INLINE = Pattern.compile("`cogan (" + NAMES + ")((?: [^`]*)?)`");
  private static final Pattern OPTION = Pattern.compile("`[^`]*?(?<![\\w-])(--[a-z][a-z0-9-]*)");

  /** Of other programs. */
  private static final Set<String> OTHERS = Set.of("--add-modules", "--logdir", "--release");

  private static Map<Path, List<String>> documents() {
    Map<Path, List<String>> documents = new LinkedHashMap<>();
    try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
      Stream<Path> tops = Stream.of("README.md", "CONTRIBUTING.md").map(ROOT::resolve);
      for (Path file : Stream.concat(tops, files.sorted()).toList()) {
        if (file.toString().endsWith(".md")) {
          documents.put(ROOT.relativize(file), Files.readAllLines(file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return documents;
  }

  /** The lines of code, those that a backslash continues in one piece. */
  private static List<String> code(List<String> lines) {
    List<String> code = new ArrayList<>();
    boolean otherLanguage = false;
    boolean fenced = false;
    String begun = "";
    for (String line : lines) {
      if (line.startsWith("```")) {
        fenced = !fenced;
        otherLanguage = fenced && line.length() > 3;
        continue;
      }
      if (otherLanguage || !fenced && !line.startsWith("    ")) {
        continue;
      }
      String text = begun + line.strip();
      if (text.endsWith("\\")) {
        begun = text.substring(0, text.length() - 1);
      } else {
        begun = "";
        code.add(text.replaceFirst(" +#.*", ""));
      }
    }
    return code;
  }

  /** Placeholders for numbers become numbers, variables of a shell go. */
  private static String[] words(String typed) {
    return Arrays.stream(typed.replaceFirst("( \\| | > |; | && ).*", "").strip().split(" +"))
        .filter(word -> !word.isEmpty() && !word.startsWith("$") && !word.equals("[OPTIONS]"))
        .map(word -> word.matches("[A-Z]") ? "3" : word)
        .toArray(String[]::new);
  }

  private static void understood(Object where, String command, String arguments) {
    String[] words = words(arguments);
    if (words.length == 0) {
      return; // Its name alone says which command is meant; most would run as they are.
    }
    try {
      List<String> all = new ArrayList<>(List.of(command));
      all.addAll(List.of(words));
      Main.commandLine(command).parseArgs(all.toArray(String[]::new));
    } catch (CommandLine.ParameterException e) {
      fail(where + ": cogan " + command + " " + String.join(" ", words) + ": " + e.getMessage());
    }
  }

  @Test
  void commandsInTheDocumentsAreUnderstood() {
    int found = 0;
    for (Map.Entry<Path, List<String>> document : documents().entrySet()) {
      for (String line : code(document.getValue())) {
        Matcher typed = TYPED.matcher(line);
        if (typed.matches() && !line.contains("...")) {
          understood(document.getKey(), typed.group(1), typed.group(2));
          found++;
        }
      }
      Matcher inline = INLINE.matcher(String.join(" ", document.getValue()));
      while (inline.find()) {
        understood(document.getKey(), inline.group(1), inline.group(2));
        found++;
      }
    }
    assertThat(found).as("commands in the documents").isGreaterThan(40);
  }

  @Test
  void optionsNamedInTheDocumentsExist() {
    Set<String> known = new TreeSet<>(OTHERS);
    for (CommandLine line : HelpTest.all().values()) {
      for (OptionSpec option : line.getCommandSpec().options()) {
        known.addAll(List.of(option.names()));
        if (option.negatable()) {
          known.add(option.longestName().replaceFirst("^--", "--no-"));
        }
      }
    }
    documents()
        .forEach(
            (file, lines) -> {
              if (!file.toString().contains("performance")) { // Names options of other programs.
                Matcher option = OPTION.matcher(String.join("\n", lines));
                while (option.find()) {
                  assertThat(known).as(file.toString()).contains(option.group(1));
                }
              }
            });
  }

  @Test
  void examplesInTheHelpsAreUnderstood() {
    int found = 0;
    for (Map.Entry<String, CommandLine> command : HelpTest.all().entrySet()) {
      String[] footer = command.getValue().getCommandSpec().usageMessage().footer();
      for (String line : String.join("\n", footer).replaceAll("\\\\\n +", "").split("\n")) {
        Matcher example = Pattern.compile("(?:then:)? {2}(" + NAMES + ")( .*)?").matcher(line);
        if (example.matches()) {
          String arguments = example.group(2) == null ? "" : example.group(2);
          understood(command.getKey(), example.group(1), arguments.replaceFirst(" {2,}.*", ""));
          found++;
        }
      }
    }
    assertThat(found).isGreaterThan(30);
  }
}
