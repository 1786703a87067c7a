package dev.cogan.engine.train;

import dev.cogan.engine.model.CoupledGenerators;
import dev.cogan.engine.model.GeneratorPass;
import dev.cogan.engine.nn.Mode;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Generates corresponding images from given z, with running statistics, so an image depends on its
 * z alone. Memory is planned once for batches of one size; longer inputs go through in pieces.
 *
 * <p>For one thread at a time. Several samplers may serve several threads with the same generators,
 * each with a {@link Workspace} and kernels of its own, as long as no training changes them.
 */
public final class Sampler {
  private final CoupledGenerators generators;
  private final GeneratorPass pass;
  private final Tensor batchZ;
  private final AtomicBoolean busy = new AtomicBoolean();

  /**
   * @param batch vectors z to compute at a time, at least 1; more is faster and takes more memory
   */
  public Sampler(CoupledGenerators generators, int batch, Workspace workspace) {
    this.generators = generators;
    pass = new GeneratorPass(generators, batch, false, workspace);
    int latent = generators.latentShape().count();
    float[] z = workspace.memory().floats("activations", (long) batch * latent);
    batchZ = new Tensor(z, 0, Shape.of(batch, latent));
  }

  /** Size of z. */
  public int latent() {
    return batchZ.size(1);
  }

  /**
   * Images of every domain for every z.
   *
   * @param z {@code [n, latent]}
   * @return for each domain {@code [n, channels, height, width]}, values in 0 to 1, newly allocated
   * @throws IllegalArgumentException if z has another shape
   * @throws IllegalStateException if another thread samples with this sampler
   */
  public List<Tensor> sample(Tensor z) {
    if (z.shape().rank() != 2 || z.size(1) != latent()) {
      throw new IllegalArgumentException("z must be [n, " + latent() + "], got " + z.shape());
    }
    List<Tensor> images = new ArrayList<>();
    for (int d = 0; d < generators.domains(); d++) {
      images.add(Tensor.zeros(generators.head(d).outputShape().prepend(z.size(0))));
    }
    int batch = pass.batch();
    begin();
    try {
      for (int from = 0; from < z.size(0); from += batch) {
        int n = Math.min(batch, z.size(0) - from);
        sampleInto(z.slice(from, n), images, from);
      }
    } finally {
      busy.set(false);
    }
    return images;
  }

  /** Computes one batch of nothing: whatever the kernels need for it, they have afterwards. */
  public void rehearse() {
    begin();
    try {
      Arrays.fill(batchZ.data(), 0f);
      generators.forward(pass, batchZ, Mode.INFERENCE);
    } finally {
      busy.set(false);
    }
  }

  /** Before z is written: the other thread's images would be those of this one's z. */
  private void begin() {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "the sampler is at work in another thread; give each thread one of its own");
    }
  }

  private void sampleInto(Tensor z, List<Tensor> images, int from) {
    // Rows beyond the last z are computed from zeros and thrown away.
    Arrays.fill(batchZ.data(), 0f);
    System.arraycopy(z.data(), z.offset(), batchZ.data(), 0, z.count());
    generators.forward(pass, batchZ, Mode.INFERENCE);
    for (int d = 0; d < images.size(); d++) {
      Tensor part = pass.image(d).slice(0, z.size(0));
      Tensor target = images.get(d).slice(from, z.size(0));
      System.arraycopy(part.data(), part.offset(), target.data(), target.offset(), part.count());
    }
  }

  /**
   * One z per seed, {@code [seeds.length, latent]}.
   *
   * @throws dev.cogan.engine.model.ConfigException if the noise has no z of this size
   */
  public static Tensor latents(Noise noise, int latent, long... seeds) {
    noise.requireFitting(latent);
    Tensor z = Tensor.zeros(seeds.length, latent);
    for (int i = 0; i < seeds.length; i++) {
      noise.fillSeeded(seeds[i], z.data(), i * latent, latent);
    }
    return z;
  }
}
