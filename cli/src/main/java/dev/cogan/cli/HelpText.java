package dev.cogan.cli;

import dev.cogan.cli.text.Wrap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The look of every command's help: what must be given in the first line, options in named
 * sections, text broken between words only (file names stay in one piece).
 */
final class HelpText {
  private static final int WIDEST = 27;

  private HelpText() {}

  /** For a command and all below it. */
  static void install(CommandLine line) {
    Map<String, CommandLine.IHelpSectionRenderer> sections = line.getHelpSectionMap();
    sections.put(UsageMessageSpec.SECTION_KEY_SYNOPSIS, HelpText::synopsis);
    sections.put(UsageMessageSpec.SECTION_KEY_DESCRIPTION, HelpText::description);
    sections.put(UsageMessageSpec.SECTION_KEY_PARAMETER_LIST, HelpText::parameters);
    sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING, help -> "");
    sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpText::options);
    sections.put(UsageMessageSpec.SECTION_KEY_FOOTER, HelpText::footer);
    line.setHelpSectionMap(sections);
    line.getSubcommands().values().forEach(HelpText::install);
  }

  /** The name, what must be given, and that there is more. */
  private static String synopsis(Help help) {
    CommandSpec spec = help.commandSpec();
    StringBuilder text = new StringBuilder();
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      String label = parameter.paramLabel() + (parameter.arity().max() > 1 ? "..." : "");
      text.append(parameter.required() ? label : "[" + label + "]").append(' ');
    }
    for (OptionSpec option : spec.options()) {
      if (option.required()) {
        text.append(option.longestName()).append('=').append(option.paramLabel()).append(' ');
      }
    }
    text.append(help.subcommands().isEmpty() ? "[OPTIONS]" : "[OPTIONS] COMMAND");
    String first = "Usage: " + spec.qualifiedName() + " ";
    return Wrap.hanging(first, text.toString(), first.length()).substring("Usage: ".length())
        + System.lineSeparator();
  }

  private static String description(Help help) {
    String[] lines = help.commandSpec().usageMessage().description();
    String text = String.join(" ", lines).formatted().strip();
    return text.isEmpty() ? "" : System.lineSeparator() + paragraph(text);
  }

  private static String paragraph(String text) {
    return String.join(System.lineSeparator(), Wrap.lines(text, Wrap.COLUMNS))
        + System.lineSeparator();
  }

  private static String footer(Help help) {
    StringBuilder text = new StringBuilder();
    for (String line : help.commandSpec().usageMessage().footer()) {
      text.append(line.formatted()).append(System.lineSeparator());
    }
    return text.toString();
  }

  private static String parameters(Help help) {
    List<PositionalParamSpec> all = help.commandSpec().positionalParameters();
    return all.isEmpty()
        ? ""
        : System.lineSeparator() + list(help, new ArrayList<>(all), indent(new ArrayList<>(all)));
  }

  private static String options(Help help) {
    StringBuilder text = new StringBuilder();
    int indent = indent(new ArrayList<>(help.commandSpec().options()));
    OptionSections.of(help.commandSpec())
        .forEach(
            (heading, options) ->
                text.append(System.lineSeparator())
                    .append(heading)
                    .append(':')
                    .append(System.lineSeparator())
                    .append(list(help, new ArrayList<>(options), indent)));
    return text.toString();
  }

  private static int indent(List<ArgSpec> args) {
    return 2
        + args.stream().mapToInt(a -> left(a).length()).filter(n -> n < WIDEST).max().orElse(0);
  }

  private static String list(Help help, List<ArgSpec> args, int indent) {
    StringBuilder text = new StringBuilder();
    for (ArgSpec arg : args) {
      String left = left(arg);
      String all = Wrap.hanging(left, words(arg), indent);
      text.append(coloured(help, arg, left)).append(all.substring(left.length()));
      text.append(System.lineSeparator());
    }
    return text.toString();
  }

  private static String words(ArgSpec arg) {
    String text = String.join(" ", arg.description());
    return text.replace("${DEFAULT-VALUE}", String.valueOf(arg.defaultValue())).replace("%%", "%");
  }

  private static String left(ArgSpec arg) {
    if (!(arg instanceof OptionSpec option)) {
      return "  " + arg.paramLabel();
    }
    String shortest = option.shortestName();
    String names = shortest.length() == 2 ? "  " + shortest + ", " : "      ";
    return names + first(option) + value(option);
  }

  /** Of several long names the first; the others are old ones that still work. */
  private static String first(OptionSpec option) {
    String name = OptionNames.shown(option);
    return option.negatable() ? name.replaceFirst("--", "--[no-]") : name;
  }

  private static String value(OptionSpec option) {
    if (option.arity().max() == 0) {
      return "";
    }
    return option.arity().min() == 0 ? "[=" + option.paramLabel() + "]" : "=" + option.paramLabel();
  }

  private static String coloured(Help help, ArgSpec arg, String left) {
    String name = left.strip();
    String indent = left.substring(0, left.indexOf(name));
    return arg instanceof OptionSpec
        ? indent + help.colorScheme().optionText(name)
        : indent + help.colorScheme().parameterText(name);
  }
}
