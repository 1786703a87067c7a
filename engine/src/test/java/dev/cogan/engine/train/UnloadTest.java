package dev.cogan.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.data.DomainLoader;
import dev.cogan.engine.data.DomainSpec;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.nn.Workspace;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A container that drops an application gets its classes back: nothing in the JDK, such as the
 * cache behind a record's own equals, still knows them.
 */
class UnloadTest {
  /** What an application does: loads two domains of one source, trains, saves, reads, draws. */
  public static final class Application implements Runnable {
    /** Called by reflection. */
    public Application() {}

    @Override
    public void run() {
      Trainer trainer = Tiny.trainer();
      trainer.step();
      trainer.step();
      trainer.refreshStatistics();
      try {
        Path images = Files.createTempFile("unload", ".idx");
        try {
          byte[] idx = new byte[16 + 8 * 784];
          ByteBuffer.wrap(idx).putInt(0x803).putInt(8).putInt(28).putInt(28);
          Files.write(images, idx);
          DomainSpec plain = DomainSpec.parse("idx:" + images);
          new DomainLoader(null).load(List.of(plain, DomainSpec.parse(plain.text() + ":edge")), 1);
        } finally {
          Files.delete(images);
        }
        Path file = Files.createTempFile("unload", ".safetensors");
        Checkpoint.write(file, trainer, Map.of("data", "random"));
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
          Workspace workspace = Workspace.inference(new ScalarKernels());
          Sampler sampler =
              new Sampler(
                  checkpoint.loadForSampling(workspace.memory()).generators(), 2, workspace);
          sampler.sample(Sampler.latents(Noise.NORMAL, sampler.latent(), 1, 2));
        } finally {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  @Test
  void anApplicationIsForgotten() throws Exception {
    WeakReference<ClassLoader> loader = runElsewhere();
    for (int i = 0; i < 50 && loader.get() != null; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertThat(loader.get()).isNull();
  }

  private static WeakReference<ClassLoader> runElsewhere() throws Exception {
    URL[] places = {place(Application.class), place(Trainer.class)};
    try (URLClassLoader loader = new URLClassLoader(places, ClassLoader.getPlatformClassLoader())) {
      Class<?> other = loader.loadClass(Application.class.getName());
      assertThat(other).isNotEqualTo(Application.class);
      ((Runnable) other.getConstructor().newInstance()).run();
      return new WeakReference<>(loader);
    }
  }

  private static URL place(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }
}
