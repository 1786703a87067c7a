package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.kernel.KernelSelector;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.train.Preset;
import dev.cogan.engine.train.Sampler;
import dev.cogan.engine.train.Trainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A training in the heap that its plan asks for. */
@Tag("slow")
class PlanMemoryTest {
  private static final Pattern ENOUGH = Pattern.compile("-Xmx(\\d+)m is enough");

  @TempDir private Path folder;

  private List<String> train(String outdir, String options) {
    List<String> args = new ArrayList<>(List.of("train", "--threads", "2"));
    args.addAll(List.of(options.split(" ")));
    args.addAll(List.of("--outdir", folder.resolve(outdir).toString()));
    return args;
  }

  private TrainingProcess run(int megabytes, String collector, String outdir, String options)
      throws IOException {
    List<String> flags = new ArrayList<>(List.of("-Xmx" + megabytes + "m", "-XX:+Use" + collector));
    flags.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    return TrainingProcess.java(folder, flags, train(outdir, options));
  }

  private static int enough(String text) {
    Matcher matcher = ENOUGH.matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  /** Really run, with everything that a training does, in a JVM of exactly that heap. */
  @ParameterizedTest
  @CsvSource({
    "SerialGC, --preset digits-small --batch 32 --a mnist --b mnist:negative",
    // Nothing can be compared where the first domain is not the plain one: that would take long.
    "G1GC, '--preset digits --widths 512,256,128,64 --batch 8 --a mnist:negative --b mnist'"
  })
  void aTrainingRunsInTheHeapThatItsPlanAsksForAndNotInLess(String collector, String options)
      throws IOException, InterruptedException {
    TrainingProcess plan = run(1500, collector, "plan", options + " --dry-run");
    assertThat(plan.exitCode()).as(plan.output()).isZero();
    int enough = enough(plan.output());

    String course = options + " --steps 1 --snapshot 1 --dashboard 0";
    TrainingProcess training = run(enough, collector, "runs", course);
    assertThat(training.exitCode()).as(training.output()).isZero();
    assertThat(training.output()).doesNotContain("not written");

    if (!collector.equals("SerialGC")) {
      return;
    }
    TrainingProcess refused = run(enough * 8 / 10, collector, "refused", course);
    assertThat(refused.exitCode()).as(refused.output()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.output()).contains("cogan: this training needs", "--batch", "-Xmx");
    assertThat(folder.resolve("refused")).doesNotExist();
  }

  /** A training that could not be measured would be lost: that needs more than a small net. */
  @Test
  void aSweepIsMeasuredInTheHeapThatItsPlanAsksFor() throws IOException, InterruptedException {
    TrainingProcess plan = sweep(1000, "plan");
    assertThat(plan.exitCode()).as(plan.output()).isZero();
    assertThat(plan.output()).contains("measuring");
    int enough = enough(plan.output());
    TrainingProcess training = sweep(enough, "enough");
    assertThat(training.exitCode()).as(training.output()).isZero();
    assertThat(folder.resolve("enough.jsonl")).content().contains("\"labels\"");
    TrainingProcess refused = sweep(enough * 8 / 10, "refused");
    assertThat(refused.exitCode()).as(refused.output()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.output())
        .contains("cogan: the largest training needs", "--batch", "-Xmx")
        .doesNotContain("training  1/1");
  }

  private TrainingProcess sweep(int megabytes, String name) throws IOException {
    List<String> flags = List.of("-Xmx" + megabytes + "m", "-XX:+UseSerialGC");
    List<String> args = new ArrayList<>(List.of("sweep", "--tasks", "edge", "--k", "4"));
    args.addAll(List.of("--l", "3", "--seeds", "0", "--steps", "2", "--pairs", "300"));
    args.addAll(List.of("--widths", "4,4,4,4", "--widths-d", "2,2,4", "--batch", "4"));
    args.addAll(List.of("--threads", "1", "--out", folder.resolve(name + ".jsonl").toString()));
    return TrainingProcess.java(folder, flags, args);
  }

  /** What the rehearsal finds out stays true: nothing grows later, whichever worker does what. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theKernelsNeedNoMoreThanAtTheRehearsal(int threads) {
    StringWriter err = new StringWriter();
    List<String> specs = List.of("mnist", "mnist:edge");
    List<DomainData> data = DomainImages.load(specs, null, true, 0, 28, new PrintWriter(err));
    Preset preset = Preset.DIGITS_SMALL;
    TrainPlan plan =
        new TrainPlan(
            preset.label(),
            specs,
            null,
            true,
            preset.model(TrainPlan.shapes(data)).withGeneratorWidths(List.of(64, 48, 32, 16)),
            preset.training(0).withBatch(16));
    try (Machine.Engine engine = new Machine.Engine(KernelSelector.select(), threads)) {
      final Memory planned = PlanMemory.require(plan, data, engine.kernels);
      long kernels = planned.bytesByPurpose().get("kernels");
      assertThat(kernels).isEqualTo(engine.kernels.scratchBytes());
      Trainer trainer = plan.trainer(data, engine.kernels, Memory.heap());
      Sampler sampler = RunRecorder.sampler(trainer);
      for (int i = 0; i < 5; i++) {
        trainer.step();
        trainer.refreshStatistics();
        sampler.sample(Sampler.latents(plan.options().noise(), sampler.latent(), 1, 2, 3));
      }
      // A worker may have had its first large task only now: that was counted for all.
      assertThat(engine.kernels.scratchBytes()).isLessThanOrEqualTo(kernels + kernels / 10);
    }
  }

  @Test
  void aPlanThatIsFarTooLargeIsRefusedBeforeAnythingIsAllocated() {
    List<String> args = train("refused", "--batch 20000");
    Cli cli = Cli.run(args.toArray());
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message()).contains("this training needs", "of a heap of", "--batch");
    assertThat(folder.resolve("refused")).doesNotExist();
  }

  @Test
  void regionsAreCountedForLargeArraysOnly() {
    Memory memory = Memory.counting();
    memory.floats("small", 100_000);
    assertThat(memory.rounding()).isZero();
    memory.floats("large", 200_000); // 800,016 bytes of 1,048,576
    assertThat(memory.rounding()).isEqualTo((1 << 20) - 800_016);
    memory.claim("other", 5);
    assertThat(memory.bytes()).isEqualTo(4 * 300_000 + 5);
  }

  @Test
  void aPlanThatIsRefusedNamesBothNumbers() {
    Memory memory = Memory.counting();
    memory.claim("everything", Long.MAX_VALUE / 4);
    assertThatThrownBy(() -> Machine.requireHeap(memory, 0, "this", "lower it"))
        .isInstanceOf(InputException.class)
        .hasMessageMatching("this needs \\d+ MiB, of a heap of \\d+ MiB about \\d+ can be used.*");
  }
}
