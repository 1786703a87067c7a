package dev.cogan.golden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** Trains a small CoGAN and stores everything that is needed to do the same elsewhere. */
final class TrainingFile {
  static final int BATCH = 6;

  private final SafetensorsWriter file = new SafetensorsWriter();

  /** Real images of one iteration: a batch of each domain. */
  @FunctionalInterface
  interface Reals {
    List<Tensor> batch(int iteration);
  }

  /** Adds a line of description. */
  TrainingFile describe(String key, String value) {
    file.metadata(key, value);
    return this;
  }

  /** Trains and writes the file. */
  void write(Path path, Cogan model, Values noise, long[] zShape, int iterations, Reals reals)
      throws IOException {
    describe("iterations", Integer.toString(iterations));
    describe("batch", Integer.toString(BATCH));
    describe("adam", "rate=2e-4 beta1=0.5 beta2=0.999 eps=1e-8 weight_decay=5e-4 decoupled=false");
    store("init/", model.generators());
    store("init/", model.discriminators());
    Training training = new Training(model);
    float[] lossD = new float[iterations];
    float[] lossG = new float[iterations];
    Tensor firstZ = null;
    for (int t = 0; t < iterations; t++) {
      Tensor z = noise.normal(zShape);
      firstZ = t == 0 ? z : firstZ;
      List<Tensor> real = reals.batch(t);
      add("z/" + t, z);
      for (int d = 0; d < real.size(); d++) {
        add("real." + Cogan.DOMAINS.get(d) + '/' + t, real.get(d));
      }
      boolean first = t == 0;
      Training.Losses losses =
          training.iterate(
              z,
              real,
              () -> gradients(first, model.discriminators()),
              () -> gradients(first, model.generators()));
      lossD[t] = (float) losses.discriminators();
      lossG[t] = (float) losses.generators();
      System.out.printf("  iteration %d: lossD %.6f lossG %.6f%n", t, lossD[t], lossG[t]);
    }
    file.add("lossD", new long[] {iterations}, lossD);
    file.add("lossG", new long[] {iterations}, lossG);
    store("final/", model.generators());
    store("final/", model.discriminators());
    model.generatorShared().forEachBuffer((name, tensor) -> add("final/" + name, tensor));
    try (NoGradGuard guard = new NoGradGuard()) {
      List<Tensor> fakes = training.fakes(firstZ, false);
      for (int d = 0; d < fakes.size(); d++) {
        add("fake." + Cogan.DOMAINS.get(d), fakes.get(d));
      }
    }
    file.write(path);
  }

  private void gradients(boolean wanted, List<Sequential> team) {
    if (wanted) {
      team.forEach(
          net -> net.forEachParameter((name, tensor) -> add("grad0/" + name, tensor.grad())));
    }
  }

  private void store(String prefix, List<Sequential> team) {
    team.forEach(net -> net.forEachParameter((name, tensor) -> add(prefix + name, tensor)));
  }

  private void add(String name, Tensor tensor) {
    file.add(name, Torch.shape(tensor), Torch.floats(tensor));
  }
}
