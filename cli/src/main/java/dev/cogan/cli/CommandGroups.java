package dev.cogan.cli;

import dev.cogan.cli.text.Wrap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The commands in the program's help, grouped by what one does with them. */
final class CommandGroups {
  private static final int INDENT = 23;

  private static final Map<String, List<String>> GROUPS = groups();

  private CommandGroups() {}

  /** The commands that have a group. */
  static List<String> grouped() {
    return GROUPS.values().stream().flatMap(List::stream).toList();
  }

  private static Map<String, List<String>> groups() {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    groups.put("Train", List.of("train", "resume", "sweep", "dataset"));
    groups.put(
        "Use a trained model",
        List.of("sample", "interpolate", "transform", "evaluate", "classifier", "adapt"));
    groups.put("Look into it, hand it on", List.of("inspect", "report", "export", "import"));
    groups.put("This machine", List.of("doctor", "bench", "gradcheck"));
    return groups;
  }

  /** Makes the help of {@code line} list its commands in groups; new ones come under "More". */
  static void install(CommandLine line) {
    Map<String, CommandLine.IHelpSectionRenderer> sections = line.getHelpSectionMap();
    sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
    sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, CommandGroups::render);
    line.setHelpSectionMap(sections);
    line.getSubcommands().values().forEach(CommandGroups::install);
  }

  private static String render(Help help) {
    Map<String, Help> left = new TreeMap<>(help.subcommands());
    StringBuilder text = new StringBuilder();
    boolean program = help.commandSpec().parent() == null;
    (program ? GROUPS : Map.<String, List<String>>of())
        .forEach(
            (heading, names) -> {
              Map<String, Help> members = new LinkedHashMap<>();
              for (String name : names) {
                Help command = left.remove(name);
                if (command != null) {
                  members.put(name, command);
                }
              }
              append(text, heading, members);
            });
    append(text, program ? "More" : "Commands", left);
    return text.toString();
  }

  private static void append(StringBuilder text, String heading, Map<String, Help> commands) {
    if (commands.isEmpty()) {
      return;
    }
    text.append(String.format(Locale.ROOT, "%n%s:%n", heading));
    commands.forEach(
        (name, help) -> {
          String first = "  " + name;
          String all = Wrap.hanging(first, summary(help), INDENT);
          text.append("  ").append(help.colorScheme().commandText(name));
          text.append(all.substring(first.length())).append(System.lineSeparator());
        });
  }

  /** The description up to its first full stop. */
  private static String summary(Help help) {
    String text = String.join(" ", help.commandSpec().usageMessage().description());
    text = help.colorScheme().ansi().new Text(text.formatted(), help.colorScheme()).plainString();
    int end = text.indexOf(". ");
    String first = end < 0 ? text : text.substring(0, end);
    return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
  }
}
