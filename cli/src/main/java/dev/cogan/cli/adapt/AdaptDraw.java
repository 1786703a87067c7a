package dev.cogan.cli.adapt;

import dev.cogan.cli.evaluation.LabelledImages;
import dev.cogan.engine.adapt.AdaptOptions;
import dev.cogan.engine.adapt.AdaptTrainer;
import dev.cogan.engine.adapt.AffineJitter;
import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.data.ImageTransforms;
import dev.cogan.engine.data.PadResize;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.metric.LeNet;
import dev.cogan.engine.metric.LeNetExtractor;
import dev.cogan.engine.metric.LeNetTrainer;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One random draw of source and target images: the source-only classifier and the adapted one. */
public final class AdaptDraw {
  /** Side of the images. */
  public static final int SIDE = 28;

  private static final int USPS_SIDE = 16;
  private static final int USPS_PAD = 3;
  private static final int SOURCE_ONLY_STEPS = 1000;
  private static final int BATCH = 64;
  private static final int COPIES = 8;
  private static final double INTERVAL = 10;

  private final ImageSet sourceImages;
  private final DomainData source;
  private final DomainData target;
  private final AdaptOptions options;
  private final int classes;
  private final long seed;

  /** A draw named by its seed. */
  public AdaptDraw(
      ImageSet source,
      ImageSet target,
      int sourceCount,
      int targetCount,
      AdaptOptions options,
      long seed) {
    sourceImages = draw("source", source, sourceCount, seed);
    this.source = new DomainData("a", "source", sourceImages);
    this.target = new DomainData("b", "target", draw("target", target, targetCount, seed));
    this.options = options;
    this.seed = seed;
    classes = LabelledImages.classes(source);
  }

  /** Whether images are 28x28 as they are. */
  public static boolean fits(ImageSet set) {
    return set.shape().size(1) == SIDE && set.shape().size(2) == SIDE;
  }

  /** All images at 28x28: as they are, or padded and resized. */
  public static ImageSet fit(ImageSet set, Integer pad) {
    if (fits(set)) {
      return set;
    }
    int height = set.shape().size(1);
    int width = set.shape().size(2);
    int added = pad != null ? pad : height == USPS_SIDE && width == USPS_SIDE ? USPS_PAD : 0;
    return set.transformed(new PadResize(added, SIDE), upTo(set.count()));
  }

  private static int[] upTo(int count) {
    int[] all = new int[count];
    for (int i = 0; i < count; i++) {
      all[i] = i;
    }
    return all;
  }

  private static ImageSet draw(String spec, ImageSet set, int count, long seed) {
    int[] order = upTo(set.count());
    RandomStream.of(seed, "draw." + spec).shuffle(order);
    int[] drawn = Arrays.copyOf(order, count);
    return set.transformed(ImageTransforms.IDENTITY, drawn);
  }

  /**
   * Counts the memory of a draw without allocating it. The classifier that sees the source alone is
   * gone when the others are trained: what is larger counts.
   */
  public Memory count() {
    Kernels none = new ScalarKernels(Parallel.none());
    Memory alone = Memory.counting();
    sourceOnly(source, none, alone);
    if (options.jitter() > 0) {
      alone.claim("images", 4L * COPIES * source.count() * source.shape().count());
    }
    Memory both = Memory.counting();
    trainer(none, both);
    Memory larger = alone.bytes() > both.bytes() ? alone : both;
    larger.claim("images", source.bytes() + target.bytes());
    return larger;
  }

  /** Computes what a draw computes, once: to see what memory the kernels need for it. */
  public void rehearse(Kernels kernels) {
    Memory memory = Memory.heap();
    LeNetTrainer alone = sourceOnly(source, kernels, memory);
    alone.step();
    LeNetTrainer.accuracy(extractor(alone, kernels), target);
    AdaptTrainer trainer = trainer(kernels, Memory.heap());
    trainer.step();
    trainer.targetAccuracy();
  }

  /** Trains both and measures. */
  public Map<String, Object> run(int measure, Kernels kernels, PrintWriter err) {
    final long start = System.nanoTime();
    final double sourceOnly = sourceOnly(source, kernels);
    err.println(String.format(Locale.ROOT, "draw %d  source only %.4f", seed, sourceOnly));
    err.flush();
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("seed", seed);
    result.put("source_only", sourceOnly);
    if (options.jitter() > 0) {
      double jittered = sourceOnly(jittered(), kernels);
      result.put("source_only_jitter", jittered);
      err.println(String.format(Locale.ROOT, "draw %d  with jitter %.4f", seed, jittered));
      err.flush();
    }
    AdaptTrainer trainer = trainer(kernels, Memory.heap());
    List<Object> curve = new ArrayList<>();
    double best = -1;
    long bestStep = 0;
    double last = 0;
    double next = INTERVAL;
    while (trainer.stepsDone() < options.steps()) {
      trainer.step();
      long step = trainer.stepsDone();
      if (step % measure == 0 || step == options.steps()) {
        last = trainer.targetAccuracy();
        curve.add(last);
        if (last > best) {
          best = last;
          bestStep = step;
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      if (seconds > next) {
        next = seconds + INTERVAL;
        err.println(
            String.format(
                Locale.ROOT,
                "draw %d  step %d/%d  loss D %.3f G %.3f class %.3f  target %.4f",
                seed,
                step,
                options.steps(),
                trainer.discriminatorLoss(),
                trainer.generatorLoss(),
                trainer.classLoss(),
                last));
        err.flush();
      }
    }
    result.put("last", last);
    result.put("best", best);
    result.put("best_step", bestStep);
    result.put("curve", curve);
    result.put("seconds", Math.round((System.nanoTime() - start) / 1e8) / 10.0);
    return result;
  }

  /** The source several times over, each time jittered differently. */
  private DomainData jittered() {
    int[] order = new int[COPIES * source.count()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i % source.count();
    }
    AffineJitter jitter =
        new AffineJitter(options.jitter(), RandomStream.of(seed, "source only jitter"));
    return new DomainData("a", "source", sourceImages.transformed(jitter, order));
  }

  private AdaptTrainer trainer(Kernels kernels, Memory memory) {
    Workspace workspace = new Workspace(kernels, memory, RandomStream.of(seed, "dropout"));
    return new AdaptTrainer(options, source, target, classes, seed, workspace);
  }

  /** A LeNet that has seen the source alone, on the target. */
  private double sourceOnly(DomainData source, Kernels kernels) {
    LeNetTrainer trainer = sourceOnly(source, kernels, Memory.heap());
    while (trainer.stepsDone() < trainer.steps()) {
      trainer.step();
    }
    return LeNetTrainer.accuracy(extractor(trainer, kernels), target);
  }

  private LeNetTrainer sourceOnly(DomainData source, Kernels kernels, Memory memory) {
    LeNet net = new LeNet(source.shape(), classes, memory, true);
    Workspace workspace = new Workspace(kernels, memory, RandomStream.of(seed, "dropout"));
    int epochs = Math.max(1, Math.min(SOURCE_ONLY_STEPS, options.steps()) * BATCH / source.count());
    return new LeNetTrainer(net, List.of(source), epochs, seed, workspace);
  }

  private static LeNetExtractor extractor(LeNetTrainer trainer, Kernels kernels) {
    return new LeNetExtractor(trainer.net(), "source only", Workspace.inference(kernels));
  }
}
