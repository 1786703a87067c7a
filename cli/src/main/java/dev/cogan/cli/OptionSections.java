package dev.cogan.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The named sections of the options in a command's help, the same names in all commands. Options of
 * a mixin that has a section's name, with a capital, stand there; the table has the others. (Groups
 * of the parser have headings, too, but take a repeated option for the beginning of a second group,
 * and forget the first.)
 */
final class OptionSections {
  static final String HELP = "Help";

  private static final String TABLE =
      """
      train: Settings= preset config init rename seed; Run= outdir resume
      resume: Settings= allow config
      sweep: Trainings= tasks algorithms k l seeds preset widths widths-d batch steps data config
      sweep: Trainings= dropout r1 r1-every noise clip-updates
      sweep: Output= out pairs chart pictures models dry-run json; Machine= threads
      sample: What to draw= model seeds latents truncation config; Output= out columns scale json
      sample: Machine= batch
      interpolate: What to draw= model seeds steps loop truncation config
      interpolate: Output= out frames delay scale json; Machine= batch
      transform: Images= model input images data from to config
      transform: Search= restarts candidates iterations prior seed; Output= out scale json
      transform: Machine= batch
      evaluate: What to measure= model instead samples seed truncation config; Real images= data split real
      evaluate: Classifier= extractor images labels epochs; Output= json; Machine= batch threads
      adapt: Images= source-images source-labels target-images target-labels source-count
      adapt: Images= target-count pad resize
      adapt: Training= draws seed steps measure batch widths rate-g rate-d weight-decay class-weight config
      adapt: Training= match-weight label-weight dropout average
      adapt: Training= jitter self-weight confidence; Output= out json
      adapt: Machine= threads
      classifier: Images= data images labels test-images test-labels transforms
      classifier: Images= class size
      classifier: Training= epochs seed config; Output= out json; Machine= threads
      inspect: What to show= model verify; Output= json
      dataset inspect: Images= size data; Output= mean-image json
      dataset prepare: Images= size alpha data; Output= out json
      export: What to export= model net seeds config; Output= out format split json; Machine= threads
      import: Model= preset like channels rename; Output= out json
      report: Output= out pictures json
      doctor: Machine= threads; Output= json
      bench: What to measure= profile preset batch seconds; Machine= threads; Output= json
      gradcheck: What to check= preset layer sabotage; Output= json; Machine= threads
      """;

  private OptionSections() {}

  /** The options by section, in the order of the help. */
  static Map<String, List<OptionSpec>> of(CommandSpec command) {
    Map<String, List<OptionSpec>> sections = new LinkedHashMap<>();
    Map<String, String> table = table(command);
    table.values().forEach(section -> sections.putIfAbsent(section, new ArrayList<>()));
    for (OptionSpec option : command.options()) {
      if (!option.hidden()) {
        String section = section(command, option, table);
        sections.computeIfAbsent(section, s -> new ArrayList<>()).add(option);
      }
    }
    List<OptionSpec> help = sections.remove(HELP);
    if (help != null) {
      sections.put(HELP, help);
    }
    sections.values().removeIf(List::isEmpty);
    return sections;
  }

  private static String section(CommandSpec command, OptionSpec option, Map<String, String> table) {
    for (Map.Entry<String, CommandSpec> mixin : command.mixins().entrySet()) {
      if (Character.isUpperCase(mixin.getKey().charAt(0))
          && mixin.getValue().options().contains(option)) {
        return mixin.getKey();
      }
    }
    return table.getOrDefault(option.longestName().substring(2), HELP);
  }

  private static Map<String, String> table(CommandSpec command) {
    String name = command.qualifiedName().replaceFirst("^cogan ?", "") + ": ";
    Map<String, String> sections = new LinkedHashMap<>();
    for (String line : TABLE.split("\n")) {
      if (line.startsWith(name)) {
        for (String part : line.substring(name.length()).split("; ")) {
          String[] words = part.split("= ");
          for (String option : words[1].split(" ")) {
            sections.put(option, words[0]);
          }
        }
      }
    }
    return sections;
  }
}
