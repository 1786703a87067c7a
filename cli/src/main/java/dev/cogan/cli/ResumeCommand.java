package dev.cogan.cli;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogan resume}. */
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Goes on with a stopped training, to the same bits.",
      "Its settings are those of the run; an option that would change the numbers is",
      "refused, unless --allow names it."
    },
    footer = {
      "",
      "Examples:",
      "  resume",
      "  resume runs/00003-mnist-edge-digits --steps 50000",
      "  resume runs/00003-mnist-edge-digits --rate-g 1e-4 --allow rate-g"
    })
final class ResumeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      description =
          "A run's folder, a checkpoint, or a folder of runs (default: the newest run in runs).")
  private Path from;

  @Option(
      names = "--allow",
      paramLabel = "NAME",
      split = ",",
      description =
          "Options that may differ from before: "
              + ResumedPlan.ALLOWABLE_NAMES
              + ". Recorded in the checkpoints.")
  private final Set<String> allowed = new LinkedHashSet<>();

  @Mixin private ConfigOption config;

  @Mixin(name = "Run")
  private RunOptions run;

  @Mixin(name = "Images")
  private DomainOptions domains;

  @Mixin(name = "Model and training")
  private ModelOptions changes;

  @Mixin(name = "Machine")
  private Machine machine;

  @Override
  public Integer call() {
    run.check();
    return Resumption.run(
        from == null ? Path.of("runs") : from,
        null,
        domains,
        changes,
        null,
        allowed,
        run,
        machine,
        spec.commandLine().getOut(),
        spec.commandLine().getErr());
  }
}
