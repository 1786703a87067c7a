package dev.cogan.engine.train;

import dev.cogan.engine.model.CoupledGenerators;
import dev.cogan.engine.model.GeneratorPass;
import dev.cogan.engine.nn.BatchNorm2d;
import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.Mode;
import dev.cogan.engine.nn.Pass;
import dev.cogan.engine.nn.Sequential;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Refreshes the running statistics of the generators' batch norms: the plain average over many
 * batches of the current weights, in place of the moving one, which lags behind the weights. Draws
 * its z from a stream of its own that starts anew each time, so a refresh leaves no trace in the
 * training.
 */
final class RunningStatistics {
  private static final int BATCHES = 20;

  private record Entry(BatchNorm2d norm, Pass pass, int layer, double[] mean, double[] var) {}

  private final CoupledGenerators generators;
  private final GeneratorPass pass;
  private final List<Entry> entries = new ArrayList<>();

  RunningStatistics(CoupledGenerators generators, GeneratorPass pass) {
    this.generators = generators;
    this.pass = pass;
    collect(generators.trunk(), pass.trunk());
    for (int d = 0; d < generators.domains(); d++) {
      collect(generators.head(d), pass.head(d));
    }
  }

  private void collect(Sequential network, Pass networkPass) {
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      if (layer instanceof BatchNorm2d norm) {
        int c = norm.channels();
        entries.add(new Entry(norm, networkPass, i, new double[c], new double[c]));
      }
    }
  }

  /** Uses the pass; what it held from the last step is lost. */
  void refresh(Noise noise, long seed, Tensor z) {
    if (entries.isEmpty()) {
      return;
    }
    for (Entry e : entries) {
      java.util.Arrays.fill(e.mean, 0);
      java.util.Arrays.fill(e.var, 0);
    }
    RandomStream random = RandomStream.of(seed, "running statistics");
    for (int i = 0; i < BATCHES; i++) {
      noise.fill(random, z);
      generators.forwardNorms(pass, z, Mode.TRAIN);
      for (Entry e : entries) {
        e.norm.addStatistics(e.pass.cache(e.layer), e.pass.batch(), e.mean, e.var);
      }
    }
    for (Entry e : entries) {
      for (int c = 0; c < e.norm.channels(); c++) {
        e.norm.runningMean().set(c, (float) (e.mean[c] / BATCHES));
        e.norm.runningVar().set(c, (float) (e.var[c] / BATCHES));
      }
    }
  }
}
