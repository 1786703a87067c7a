package dev.cogan.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelSelectorTest {

  private record Fake(String name, String unavailableReason, Function<Parallel, Kernels> factory)
      implements KernelProvider {
    @Override
    public Kernels create(Parallel parallel) {
      return factory.apply(parallel);
    }
  }

  private static KernelSelection select(String wanted, KernelProvider... providers) {
    return KernelSelector.select(wanted, List.of(providers), null);
  }

  /** The scalar kernels with something else in one method. */
  private static Kernels altered(String method, Function<Object[], Object> instead) {
    Kernels scalar = new ScalarKernels();
    return (Kernels)
        Proxy.newProxyInstance(
            Kernels.class.getClassLoader(),
            new Class<?>[] {Kernels.class},
            (proxy, called, arguments) -> {
              if (called.getName().equals(method)) {
                return instead.apply(arguments);
              }
              try {
                return called.invoke(scalar, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static Kernels good() {
    return altered("describe", arguments -> "vector kernels, 512-bit");
  }

  @Test
  void takesGoodVectorKernels() {
    Fake other = new Fake("other", null, p -> null);
    Fake provider = new Fake("vector", null, p -> good());
    for (String wanted : List.of("auto", "vector")) {
      KernelSelection selection = select(wanted, other, provider);
      assertThat(selection.name()).isEqualTo("vector");
      assertThat(selection.describe())
          .startsWith("vector kernels, 512-bit: ")
          .endsWith("found, JIT is C2, self-test passed");
      assertThat(selection.create(Parallel.none()).describe()).isEqualTo("vector kernels, 512-bit");
      assertThat(selection).hasToString(selection.describe());
    }
  }

  @Test
  void handsTheParallelOn() {
    Parallel parallel = new ReverseParallel(2);
    assertThat(select("scalar").create(parallel).parallel()).isSameAs(parallel);
    Fake provider = new Fake("vector", null, ScalarKernels::new);
    assertThat(select("vector", provider).create(parallel).parallel()).isSameAs(parallel);
  }

  @Test
  void scalarAndReferenceAskNoProvider() {
    Fake trap =
        new Fake(
            "vector",
            null,
            p -> {
              throw new AssertionError("not to be asked");
            });
    KernelSelection scalar = select("scalar", trap);
    assertThat(scalar.name()).isEqualTo("scalar");
    assertThat(scalar.describe()).isEqualTo("scalar kernels: asked for by name");
    assertThat(scalar.create(Parallel.none())).isInstanceOf(ScalarKernels.class);
    KernelSelection reference = select("reference", trap);
    assertThat(reference.name()).isEqualTo("reference");
    assertThat(reference.create(Parallel.none())).isInstanceOf(ReferenceKernels.class);
  }

  @Test
  void withoutAProvider() {
    assertClosed(
        "the module dev.cogan.kernels is not visible to the class loader of cogan-engine; add its"
            + " jar beside it, or let it be read");
  }

  /** Found by name in a file that only one class loader sees, as an application's jar has it. */
  public static final class OfAnApplication implements KernelProvider {
    @Override
    public String name() {
      return "vector";
    }

    @Override
    public String unavailableReason() {
      return null;
    }

    @Override
    public Kernels create(Parallel parallel) {
      return good();
    }
  }

  @Test
  void findsWhatOnlyTheApplicationsClassLoaderSees(@TempDir Path folder) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(KernelProvider.class.getName()), OfAnApplication.class.getName());
    ClassLoader engines = KernelSelector.class.getClassLoader();
    try (URLClassLoader application =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, engines)) {
      assertThat(KernelSelector.select("vector", application).describe())
          .startsWith("vector kernels, 512-bit: provider on the class path found");
      assertThatIllegalStateException()
          .isThrownBy(() -> KernelSelector.select("vector"))
          .withMessageContaining("not visible to the class loader of cogan-engine");
      assertThatIllegalStateException()
          .isThrownBy(() -> KernelSelector.select("vector", engines))
          .withMessageEndingWith("is not visible to the class loader " + engines);
    }
  }

  @Test
  void withAProviderThatCannot() {
    String reason = "the Vector API is off; add --add-modules jdk.incubator.vector";
    assertClosed(reason, new Fake("vector", reason, p -> good()));
  }

  @Test
  void withAProviderThatDoesNotLink() {
    LinkageError error = new NoClassDefFoundError("jdk/incubator/Something");
    Fake provider =
        new Fake(
            "vector",
            null,
            p -> {
              throw error;
            });
    assertClosed(
        "the vector kernels do not work in this JVM: java.lang.NoClassDefFoundError:"
            + " jdk/incubator/Something",
        provider);
    assertThatIllegalStateException().isThrownBy(() -> select("vector", provider)).withCause(error);
  }

  @Test
  void withKernelsThatThrow() {
    assertClosed(
        "the vector kernels do not work in this JVM: java.lang.IllegalStateException: broken",
        new Fake(
            "vector",
            null,
            p ->
                altered(
                    "gemm",
                    arguments -> {
                      throw new IllegalStateException("broken");
                    })));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gemm",
        "convForward",
        "convInputGrad",
        "convWeightGrad",
        "adam",
        "tanhForward",
        "sigmoidForward",
        "leakyReluForward"
      })
  void withKernelsThatDoNothing(String method) {
    Fake provider = new Fake("vector", null, p -> altered(method, arguments -> null));
    KernelSelection selection = select("auto", provider);
    assertThat(selection.name()).isEqualTo("scalar");
    assertThat(selection.describe())
        .startsWith("scalar kernels: the vector kernels failed their self-test: ")
        .contains("where the scalar kernels give");
    assertThatIllegalStateException()
        .isThrownBy(() -> select("vector", provider))
        .withMessageStartingWith("vector kernels were asked for, but the vector kernels failed");
  }

  @Test
  void withKernelsThatGiveNan() {
    Fake provider =
        new Fake(
            "vector",
            null,
            p ->
                altered(
                    "convForward",
                    arguments -> {
                      java.util.Arrays.fill((float[]) arguments[1], Float.NaN);
                      return null;
                    }));
    assertThat(select("auto", provider).describe()).contains("convForward gives NaN at 0 where");
  }

  @Test
  void withABrokenServiceFile() {
    Iterable<KernelProvider> broken =
        () -> {
          throw new ServiceConfigurationError("no such class");
        };
    assertThat(KernelSelector.select("auto", broken, null).describe())
        .startsWith("scalar kernels: the provider of the vector kernels does not load: ");
    assertThatIllegalStateException()
        .isThrownBy(() -> KernelSelector.select("vector", broken, null))
        .withMessageContaining("does not load");
  }

  @Test
  void anotherJitTurnsAutoToScalarButNotWhoAsksForVector() {
    List<KernelProvider> providers = List.of(new Fake("vector", null, p -> good()));
    KernelSelection auto = KernelSelector.select("auto", providers, "the JIT is another");
    assertThat(auto.describe()).isEqualTo("scalar kernels: the JIT is another");
    KernelSelection forced = KernelSelector.select("vector", providers, "the JIT is another");
    assertThat(forced.name()).isEqualTo("vector");
    assertThat(forced.describe()).contains("the JIT is another");
  }

  @ParameterizedTest
  @CsvSource({
    "OpenJDK 64-Bit Server VM,17.0.15+6,'mixed mode, sharing',",
    "Java HotSpot(TM) 64-Bit Server VM,25+36,'mixed mode, sharing',",
    "OpenJDK 64-Bit Server VM,17.0.15+6,compiled mode,",
    "OpenJDK 64-Bit Server VM,17.0.15+6,'interpreted mode, sharing',interprets",
    "OpenJDK 64-Bit Server VM,17.0.15+6,'mixed mode, emulated-client, sharing',C1",
    "OpenJDK Client VM,17.0.15+6,mixed mode,C1",
    "OpenJDK 64-Bit Server VM,17.0.8+7-jvmci-23.0-b15,'mixed mode, sharing',Graal",
    "Substrate VM,GraalVM CE,static mode,not HotSpot",
    "Eclipse OpenJ9 VM,openj9-0.41.0,JRE 17,not HotSpot",
    "'','','',does not let its name be read"
  })
  void guessesTheJit(String name, String version, String info, String part) {
    String sentence = Jit.notC2(name, version, info);
    if (part == null) {
      assertThat(sentence).isNull();
    } else {
      assertThat(sentence).contains(part);
    }
  }

  @Test
  void refusesUnknownNames() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KernelSelector.select("simd"))
        .withMessage("cogan.kernels: expected auto, scalar, vector or reference, got 'simd'");
  }

  @Test
  void readsThePropertyAndKeepsTheChoice() {
    String old = System.getProperty(KernelSelector.PROPERTY);
    try {
      System.setProperty(KernelSelector.PROPERTY, "reference");
      assertThat(KernelSelector.select().name()).isEqualTo("reference");
      System.clearProperty(KernelSelector.PROPERTY);
      KernelSelection auto = KernelSelector.select();
      assertThat(auto.name()).isIn("scalar", "vector");
      assertThat(KernelSelector.select()).isSameAs(auto);
      System.setProperty(KernelSelector.PROPERTY, "fast");
      assertThatIllegalArgumentException().isThrownBy(KernelSelector::select);
    } finally {
      if (old == null) {
        System.clearProperty(KernelSelector.PROPERTY);
      } else {
        System.setProperty(KernelSelector.PROPERTY, old);
      }
    }
  }

  @Test
  void selfTestPassesTheReference() {
    assertThat(KernelSelfTest.firstDifference(new ReferenceKernels())).isNull();
  }

  private static void assertClosed(String reason, KernelProvider... providers) {
    KernelSelection selection = select("auto", providers);
    assertThat(selection.name()).isEqualTo("scalar");
    assertThat(selection.describe()).isEqualTo("scalar kernels: " + reason);
    assertThat(selection.create(Parallel.none())).isInstanceOf(ScalarKernels.class);
    assertThatIllegalStateException()
        .isThrownBy(() -> select("vector", providers))
        .withMessage("vector kernels were asked for, but " + reason);
  }
}
