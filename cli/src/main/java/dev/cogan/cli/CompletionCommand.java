package dev.cogan.cli;

import dev.cogan.engine.data.ImageTransforms;
import dev.cogan.engine.train.Preset;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/**
 * {@code cogan generate-completion}: a script for bash, and for zsh by way of its bashcompinit.
 * Commands, options and values that it offers are read off the commands themselves.
 */
@Command(
    name = "generate-completion",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Prints a script that completes commands, options and their values in bash and zsh.",
      "In a shell where 'cogan' is a command, a function or an alias:"
    },
    footer = {"", "  eval \"$(cogan generate-completion)\""})
final class CompletionCommand implements Callable<Integer> {

  /** Options whose values are texts, out of these. */
  private static final Map<String, List<String>> WORDS =
      Map.of(
          "--preset", Preset.all().stream().map(Preset::label).toList(),
          "--tasks", List.of("edge", "negative"),
          "--transforms", ImageTransforms.names(),
          "--allow", List.of(ResumedPlan.ALLOWABLE_NAMES.split(", ")),
          "--on-diverge", List.of("stop", "rollback"),
          "evaluate --split", List.of("test", "train"),
          "--instead", List.of("real", "unrelated", "blank"));

  /** Options whose values are texts, mostly names of files. */
  private static final Set<String> FILES = Set.of("--resume", "--input", "--extractor");

  private static final String FUNCTION =
      """
      _cogan() {
        local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}"
        local command="" words="" values="" prefix="" split="" word i
        COMPREPLY=()
        for ((i = 1; i < COMP_CWORD; i++)); do
          word="${COMP_WORDS[i]}"
          case "$command $word" in
            @COMMANDS@)
              command="${command:+$command }$word" ;;
          esac
        done
        # bash takes --option=value for three words, zsh for one.
        if [ "$cur" = "=" ]; then
          cur=""
        elif [ "$prev" = "=" ]; then
          prev="${COMP_WORDS[COMP_CWORD-2]}"
        elif [[ "$cur" == --*=* ]]; then
          prev="${cur%%=*}"
          prefix="$prev="
          cur="${cur#*=}"
        fi
        if [[ "$cur" != -* ]]; then
          case "$command $prev" in
      @VALUES@      *) values=" " ;;
          esac
        fi
        case "$values" in
          files) ;; # Left to the shell.
          none) _cogan_exactly ;;
          [a-z]*)
            _cogan_exactly
            if [ -n "$split" ] && [[ "$cur" == *,* ]]; then
              prefix="$prefix${cur%,*},"
              cur="${cur##*,}"
            fi
            _cogan_reply "$(compgen -W "$values" -- "$cur")" ;;
          *)
            case "$command" in
      @OPTIONS@      esac
            # A word that may be a file's name is left to the shell.
            [[ "$cur" == -* || "$words" != -* ]] || return
            _cogan_reply "$(compgen -W "$words" -- "$cur")" ;;
        esac
      }
      _cogan_reply() {
        while IFS= read -r word; do
          [ -z "$word" ] || COMPREPLY+=("$prefix$word")
        done <<< "$1"
      }
      _cogan_exactly() {
        type compopt > /dev/null 2>&1 && compopt +o default
        return 0
      }
      """;

  private static final String START =
      """
      # Completes cogan in bash and zsh: eval "$(cogan generate-completion)"
      if [ -n "${ZSH_VERSION:-}" ]; then
        type compdef > /dev/null 2>&1 || { autoload -U +X compinit && compinit; }
        autoload -U +X bashcompinit && bashcompinit
      fi
      """;

  /** zsh itself completes no names of files behind --option=, unless that is set aside. */
  private static final String END =
      """
      _cogan_zsh() {
        _bash_complete -F _cogan && return
        compset -P '--[a-z0-9-]##='
        _default
      }
      if [ -n "${ZSH_VERSION:-}" ]; then
        compdef _cogan_zsh cogan
      else
        complete -o default -F _cogan cogan
      fi
      """;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(script());
    out.flush();
    return ExitCode.DONE;
  }

  private static String script() {
    List<String> names = new ArrayList<>();
    StringBuilder values = new StringBuilder();
    StringBuilder words = new StringBuilder();
    for (Map.Entry<String, CommandSpec> each : commands().entrySet()) {
      String name = each.getKey();
      CommandSpec command = each.getValue();
      if (!name.isEmpty()) {
        int last = name.indexOf(' ') + 1;
        names.add(quoted(name.substring(0, Math.max(0, last - 1)), name.substring(last)));
      }
      List<String> offered = new ArrayList<>(command.subcommands().keySet());
      Map<String, List<String>> patterns = new LinkedHashMap<>();
      for (OptionSpec option : command.options()) {
        if (!option.hidden()) {
          offered.addAll(OptionNames.all(option));
          String action = action(name, option);
          for (String typed : action.isEmpty() ? List.<String>of() : OptionNames.all(option)) {
            patterns.computeIfAbsent(action, a -> new ArrayList<>()).add(quoted(name, typed));
          }
        }
      }
      patterns.forEach(
          (action, options) ->
              values.append("      " + String.join("|", options) + ") " + action + " ;;\n"));
      words.append("        \"" + name + "\") words=\"" + String.join(" ", offered) + "\" ;;\n");
    }
    return START
        + FUNCTION
            .replace("@COMMANDS@", String.join("|", names))
            .replace("@VALUES@", values)
            .replace("@OPTIONS@", words)
        + END;
  }

  /** All commands, those below others too, by what a user types; "" is the program. */
  private static Map<String, CommandSpec> commands() {
    Map<String, CommandSpec> commands = new LinkedHashMap<>();
    CommandLine program = Main.commandLine();
    commands.put("", program.getCommandSpec());
    program
        .getSubcommands()
        .forEach(
            (name, line) -> {
              commands.put(name, line.getCommandSpec());
              line.getSubcommands()
                  .forEach((sub, each) -> commands.put(name + " " + sub, each.getCommandSpec()));
            });
    return commands;
  }

  private static String quoted(String command, String word) {
    return "\"" + command + " " + word + "\"";
  }

  /** What may follow the option, as an assignment of the script; nothing for a flag. */
  private static String action(String command, OptionSpec option) {
    boolean files = option.type() == Path.class || FILES.contains(option.longestName());
    if (option.arity().max() == 0 || option.arity().min() == 0 && !files) {
      return "";
    }
    List<String> choices = choices(command, option);
    if (files || choices.isEmpty()) {
      return files ? "values=files" : "values=none";
    }
    String list = option.splitRegex().isEmpty() ? "" : " split=1";
    return "values=\"" + String.join(" ", choices) + "\"" + list;
  }

  /** All values that the option takes, as the documents spell them; none if they are not few. */
  static List<String> choices(String command, OptionSpec option) {
    Class<?>[] types = option.auxiliaryTypes();
    Class<?> type = types.length == 0 ? option.type() : types[0];
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(c -> String.valueOf(c).toLowerCase(Locale.ROOT))
          .toList();
    }
    String name = option.longestName();
    return WORDS.getOrDefault(command + " " + name, WORDS.getOrDefault(name, List.of()));
  }
}
