package dev.cogan.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules that keep the engine what it is: the module to embed, audit and read first. */
class EngineArchitectureTest {

  private static Path classes() throws URISyntaxException {
    return Path.of(Kernels.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static List<Path> classFilesThatMention(String text)
      throws IOException, URISyntaxException {
    try (Stream<Path> files = Files.walk(classes())) {
      List<Path> all =
          files.filter(f -> f.toString().endsWith(".class")).collect(Collectors.toList());
      assertThat(all).as("class files of the engine").hasSizeGreaterThan(10);
      return all.stream().filter(f -> mentions(f, text)).collect(Collectors.toList());
    }
  }

  private static boolean mentions(Path file, String text) {
    try {
      // One char per byte, so that a search for ASCII text is a search for its bytes.
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void noClassMentionsTheIncubator() throws Exception {
    assertThat(classFilesThatMention("jdk/incubator")).isEmpty();
    assertThat(classFilesThatMention("dev/cogan/engine/kernel/Kernels"))
        .as("the search finds what is there")
        .isNotEmpty();
  }

  @Test
  void theModuleNeedsNothingButJavaBase() throws Exception {
    try (InputStream in = Files.newInputStream(classes().resolve("module-info.class"))) {
      ModuleDescriptor module = ModuleDescriptor.read(in);
      assertThat(module.requires())
          .extracting(ModuleDescriptor.Requires::name)
          .containsExactly("java.base");
    }
  }

  @Test
  void theKernelContractTakesArraysAndNumbers() {
    Set<Class<?>> allowed =
        Set.of(
            void.class,
            int.class,
            long.class,
            float.class,
            double.class,
            boolean.class,
            float[].class,
            int[].class,
            ConvShape.class,
            Parallel.class,
            String.class);
    Method[] methods = Kernels.class.getDeclaredMethods();
    assertThat(methods).hasSizeGreaterThan(20);
    for (Method method : methods) {
      assertThat(method.getReturnType()).as("result of %s", method.getName()).isIn(allowed);
      assertThat(List.of(method.getParameterTypes()))
          .as("parameters of %s", method.getName())
          .allMatch(allowed::contains);
    }
  }

  @Test
  void noKernelKnowsATensor() throws Exception {
    assertThat(classFilesThatMention("dev/cogan/engine/tensor"))
        .noneMatch(file -> file.toString().replace('\\', '/').contains("/engine/kernel/"));
  }
}
