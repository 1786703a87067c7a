package dev.cogan.engine.transform;

import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.model.CoupledGenerators;
import dev.cogan.engine.model.GeneratorPass;
import dev.cogan.engine.nn.Mode;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * Finds the z whose generated image is nearest to a given one, {@code z* = argmin_z || g(z) - x
 * ||^2} by L-BFGS (Liu and Tuzel 2016, cross-domain image transformation). The other generators
 * then draw the corresponding images of their domains from the same z*.
 *
 * <p>Searches of many images and restarts run side by side, one per row of a batch; batch norms use
 * their running statistics, so a row does not depend on its neighbours.
 */
public final class LatentSearch {
  private static final int MEMORY = 10;
  private static final double TOLERANCE = 1e-5;

  private final CoupledGenerators generators;
  private final GeneratorPass pass;
  private final int latent;
  private final Tensor z;
  private final Tensor dz;
  private final List<Tensor> dimages = new ArrayList<>();

  /** One search: which image, from which z. */
  private static final class Lane {
    final int image;
    final Lbfgs search;

    Lane(int image, Lbfgs search) {
      this.image = image;
      this.search = search;
    }
  }

  /**
   * Plans the memory.
   *
   * @param batch searches at a time
   */
  public LatentSearch(CoupledGenerators generators, int batch, Workspace workspace) {
    this.generators = generators;
    generators.reserveGradients(workspace, batch);
    pass = new GeneratorPass(generators, batch, true, workspace);
    latent = generators.latentShape().count();
    Shape shape = Shape.of(batch, latent);
    z = new Tensor(workspace.memory().floats("activations", shape.count()), 0, shape);
    dz = new Tensor(workspace.memory().floats("backward", shape.count()), 0, shape);
    for (int d = 0; d < generators.domains(); d++) {
      Shape images = generators.head(d).outputShape().prepend(batch);
      dimages.add(new Tensor(workspace.memory().floats("backward", images.count()), 0, images));
    }
  }

  /**
   * Searches the z of every image.
   *
   * @param images {@code [n, channels, height, width]} of the domain, values in [0, 1]
   * @param progress receives searches done and searches in all, now and then
   * @return one result per image
   * @throws IllegalArgumentException if the images are not of the domain's shape, or a value is
   *     outside, or the model's z has a size that the noise does not have
   */
  public List<Inversion> invert(
      Tensor images, int domain, SearchOptions options, BiConsumer<Integer, Integer> progress) {
    Objects.requireNonNull(progress, "progress");
    options.noise().requireFitting(latent);
    Shape expected = generators.head(domain).outputShape().prepend(images.size(0));
    if (!images.shape().equals(expected)) {
      throw new IllegalArgumentException("expected images " + expected + ", got " + images.shape());
    }
    int n = images.size(0);
    if (n == 0) {
      return List.of();
    }
    ImageSet.requireUnit(images);
    float[][] candidates = candidates(options);
    int[][] starts = nearest(images, domain, candidates, options.restarts());
    Lane[] lanes = new Lane[pass.batch()];
    Lbfgs[] best = new Lbfgs[n];
    int jobs = n * options.restarts();
    int next = 0;
    int done = 0;
    while (done < jobs) {
      for (int row = 0; row < lanes.length; row++) {
        if (lanes[row] == null && next < jobs) {
          int image = next / options.restarts();
          double[] start = widen(candidates[starts[image][next % options.restarts()]]);
          lanes[row] = new Lane(image, new Lbfgs(start, MEMORY, options.iterations(), TOLERANCE));
          next++;
        }
      }
      evaluate(lanes, images, domain, options);
      for (int row = 0; row < lanes.length; row++) {
        if (lanes[row] != null && lanes[row].search.done()) {
          Lbfgs ended = lanes[row].search;
          Lbfgs before = best[lanes[row].image];
          if (before == null || ended.value() < before.value()) {
            best[lanes[row].image] = ended;
          }
          lanes[row] = null;
          done++;
          progress.accept(done, jobs);
        }
      }
    }
    return results(images, domain, best);
  }

  private float[][] candidates(SearchOptions options) {
    float[][] candidates = new float[options.candidates()][latent];
    RandomStream random = RandomStream.of(options.seed(), "latent search");
    for (float[] candidate : candidates) {
      options.noise().fill(random, candidate, 0, 1, latent);
    }
    return candidates;
  }

  /** For every image the candidates whose images are nearest, the nearest first. */
  private int[][] nearest(Tensor images, int domain, float[][] candidates, int wanted) {
    int n = images.size(0);
    int size = images.count() / n;
    double[][] distances = new double[n][candidates.length];
    for (int from = 0; from < candidates.length; from += pass.batch()) {
      int rows = Math.min(pass.batch(), candidates.length - from);
      for (int row = 0; row < rows; row++) {
        System.arraycopy(candidates[from + row], 0, z.data(), row * latent, latent);
      }
      Tensor drawn = generators.forward(pass, z, domain, Mode.INFERENCE);
      for (int i = 0; i < n; i++) {
        for (int row = 0; row < rows; row++) {
          distances[i][from + row] = squaredDistance(drawn, row * size, images, i * size, size);
        }
      }
    }
    int[][] starts = new int[n][];
    for (int i = 0; i < n; i++) {
      double[] distance = distances[i];
      Integer[] order = new Integer[candidates.length];
      Arrays.setAll(order, c -> c);
      Arrays.sort(order, (a, b) -> Double.compare(distance[a], distance[b]));
      starts[i] = Arrays.stream(order).limit(wanted).mapToInt(Integer::intValue).toArray();
    }
    return starts;
  }

  /** One batch: every lane's trial point in, values and gradients out. */
  private void evaluate(Lane[] lanes, Tensor images, int domain, SearchOptions options) {
    for (int row = 0; row < lanes.length; row++) {
      for (int i = 0; i < latent && lanes[row] != null; i++) {
        z.set(row * latent + i, (float) lanes[row].search.trial()[i]);
      }
    }
    Tensor drawn = generators.forward(pass, z, domain, Mode.INFERENCE);
    Tensor dimage = dimages.get(domain);
    dimage.fill(0f);
    int size = images.count() / images.size(0);
    double[] values = new double[lanes.length];
    for (int row = 0; row < lanes.length; row++) {
      if (lanes[row] == null) {
        continue;
      }
      int target = lanes[row].image * size;
      for (int i = 0; i < size; i++) {
        float difference = drawn.get(row * size + i) - images.get(target + i);
        values[row] += (double) difference * difference;
        dimage.set(row * size + i, 2 * difference);
      }
    }
    generators.backwardToLatent(pass, dz, dimage, domain);
    double prior = options.prior();
    double[] gradient = new double[latent];
    double[] away = new double[latent];
    for (int row = 0; row < lanes.length; row++) {
      if (lanes[row] == null) {
        continue;
      }
      options.noise().fromMiddle(lanes[row].search.trial(), away);
      for (int i = 0; i < latent; i++) {
        gradient[i] = dz.get(row * latent + i) + 2 * prior * away[i];
        values[row] += prior * away[i] * away[i];
      }
      lanes[row].search.report(values[row], gradient);
    }
  }

  /** The residuals anew, without the prior. */
  private List<Inversion> results(Tensor images, int domain, Lbfgs[] best) {
    int n = best.length;
    int size = images.count() / n;
    List<Inversion> results = new ArrayList<>();
    for (int from = 0; from < n; from += pass.batch()) {
      int rows = Math.min(pass.batch(), n - from);
      for (int row = 0; row < rows; row++) {
        System.arraycopy(narrow(best[from + row].best()), 0, z.data(), row * latent, latent);
      }
      Tensor drawn = generators.forward(pass, z, domain, Mode.INFERENCE);
      for (int row = 0; row < rows; row++) {
        int target = (from + row) * size;
        double error = squaredDistance(drawn, row * size, images, target, size);
        double variation = variation(images, target, size);
        double explained = variation == 0 ? (error == 0 ? 1 : 0) : 1 - error / variation;
        results.add(
            new Inversion(
                narrow(best[from + row].best()),
                Math.sqrt(error / size),
                explained,
                best[from + row].iterations()));
      }
    }
    return results;
  }

  private static double squaredDistance(Tensor a, int aFrom, Tensor b, int bFrom, int size) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      double difference = a.get(aFrom + i) - b.get(bFrom + i);
      sum += difference * difference;
    }
    return sum;
  }

  private static double variation(Tensor images, int from, int size) {
    double mean = 0;
    for (int i = 0; i < size; i++) {
      mean += images.get(from + i);
    }
    mean /= size;
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += (images.get(from + i) - mean) * (images.get(from + i) - mean);
    }
    return sum;
  }

  private static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }

  private static float[] narrow(double[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) values[i];
    }
    return result;
  }
}
