package dev.cogan.cli.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Seeds, former findings and a fixed set of damaged seeds: what the fuzzer found stays fixed. */
class FuzzRegressionTest {
  private static final Path FOUND = Path.of("src", "test", "fuzz");
  private static final int MUTATIONS = 300;

  @ParameterizedTest
  @EnumSource
  void seedsAreRead(FuzzTarget target) throws IOException {
    for (byte[] seed : Seeds.of(target)) {
      assertThat(target.run(seed)).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void formerFindings(FuzzTarget target) throws IOException {
    Path folder = FOUND.resolve(target.folder());
    List<Path> inputs = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        files.sorted().forEach(inputs::add);
      }
    }
    for (Path input : inputs) {
      byte[] bytes = Files.readAllBytes(input);
      assertTimeoutPreemptively(
          Duration.ofSeconds(240), () -> target.run(bytes), "still open: " + input);
    }
  }

  /** Bits flipped, cut, a piece doubled: without a fuzzer at hand, at least this. */
  @ParameterizedTest
  @EnumSource
  void damagedSeeds(FuzzTarget target) throws IOException {
    Random random = new Random(target.ordinal());
    int refused = 0;
    List<byte[]> seeds = Seeds.of(target);
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bytes = damaged(seeds.get(i % seeds.size()), random);
      try {
        refused += target.run(bytes) == null ? 0 : 1;
      } catch (RuntimeException | Error e) {
        throw new AssertionError(target + ", round " + i + ": " + e, e);
      }
    }
    // Of a training's numbers only the lines that are damaged are lost.
    assertThat(refused > 0)
        .as(target + " refused " + refused)
        .isEqualTo(target != FuzzTarget.STATS);
  }

  private static byte[] damaged(byte[] seed, Random random) {
    int at = random.nextInt(seed.length);
    int length = Math.min(seed.length - at, 1 + random.nextInt(16));
    if (random.nextInt(8) == 0) {
      return java.util.Arrays.copyOf(seed, at);
    }
    if (random.nextInt(4) == 0) {
      byte[] longer = java.util.Arrays.copyOf(seed, seed.length + length);
      System.arraycopy(seed, at, longer, at + length, seed.length - at);
      return longer;
    }
    byte[] bytes = seed.clone();
    // Nearly always in the first bytes, where the headers are.
    int from = random.nextInt(4) == 0 ? at : random.nextInt(Math.min(seed.length, 200));
    for (int i = from; i < Math.min(bytes.length, from + 1 + random.nextInt(3)); i++) {
      bytes[i] =
          (byte) (random.nextBoolean() ? bytes[i] ^ 1 << random.nextInt(8) : random.nextInt());
    }
    return bytes;
  }
}
