package dev.cogan.cli;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The program's own readers of text, for the fuzzer. */
public final class CliReaders {
  private static final String[] TYPED = {"train", "--seed", "7", "--config"};

  private CliReaders() {}

  /** A file of options, as {@code train --config} reads it. */
  public static void config(Path file) {
    String[] args = java.util.Arrays.copyOf(TYPED, TYPED.length + 1);
    args[TYPED.length] = file.toString();
    CommandLine program = Main.commandLine("train");
    args = ConfigFile.expand(program, Path.of(""), args);
    parse(program, args);
  }

  /** A run's {@code options.json}, as {@code train --config} and {@code resume} read it. */
  public static void options(Path file) {
    StoredRun.read(file);
    if (!(Json.read(file) instanceof Map<?, ?> map) || !ConfigFile.isRun(map)) {
      throw new InputException("not a run");
    }
    TrainPlan plan = TrainPlan.fromJson(file, map);
    Json.write(plan.toJson(1, 1));
    RunName.of(plan);
  }

  /** A training's {@code stats.jsonl}, as {@code resume} reads and rewrites it. */
  public static void stats(Path file) {
    new StatsLog(file, 40).seconds();
  }

  /** Arguments, one a line; nothing is executed. */
  public static void arguments(byte[] bytes) {
    List<String> args = new ArrayList<>(new String(bytes, StandardCharsets.UTF_8).lines().toList());
    parse(Main.commandLine(args.isEmpty() ? "" : args.get(0)), args.toArray(new String[0]));
  }

  private static void parse(CommandLine program, String[] args) {
    try {
      program.parseArgs(args);
    } catch (ParameterException e) {
      java.io.StringWriter text = new java.io.StringWriter();
      e.getCommandLine().setErr(new java.io.PrintWriter(text, true));
      Errors.onUsage(e, args);
      throw new InputException(text.toString().lines().findFirst().orElse(""), e);
    }
  }
}
