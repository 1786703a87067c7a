package dev.cogan.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.kernel.KernelProvider;
import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.kernel.Parallel;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class VectorKernelProviderTest {

  @Test
  void isFoundAsAService() {
    assertThat(ServiceLoader.load(KernelProvider.class))
        .anyMatch(provider -> provider instanceof VectorKernelProvider);
  }

  @Test
  void offersKernelsOfThisWidth() {
    VectorKernelProvider provider = new VectorKernelProvider();
    assertThat(provider.name()).isEqualTo("vector");
    assertThat(provider.unavailableReason()).isNull();
    Kernels kernels = provider.create(Parallel.none());
    assertThat(kernels.name()).isEqualTo("vector");
    assertThat(kernels.describe())
        .matches("vector kernels, (128|256|512|1024|2048)-bit(, blocks of (128|256))?");
  }

  @Test
  void saysWhichFlagIsMissing() throws Exception {
    assertThat(answer()).contains("--add-modules jdk.incubator.vector");
  }

  @Test
  void refusesNarrowVectors() throws Exception {
    assertThat(answer("--add-modules", "jdk.incubator.vector", "-XX:MaxVectorSize=8"))
        .contains("64 bits", "at least 128");
  }

  @Test
  void refusesWhatIsNoSizeOfACache() throws Exception {
    assertThat(answer("--add-modules", "jdk.incubator.vector", "-Dcogan.kernels.cache=big"))
        .contains("cogan.kernels.cache", "in KB", "'big'");
  }

  /** The last line that {@link ProviderQuestion} prints in a JVM with the given flags. */
  private static String answer(String... flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    command.add("-cp");
    command.add(
        String.join(
            File.pathSeparator,
            place(ProviderQuestion.class),
            place(VectorKernelProvider.class),
            place(KernelProvider.class)));
    command.add(ProviderQuestion.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(output).isZero();
    return output.substring(output.lastIndexOf('\n') + 1);
  }

  private static String place(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }
}
