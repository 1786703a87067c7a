package dev.cogan.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.nn.Workspace;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A container that drops an application gets its classes back: nothing in the JDK, such as the
 * cache behind a record's own equals, still knows them.
 */
class UnloadTest {
  /** What an application does: trains, saves, reads and draws. */
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
