package dev.cogan.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NearCacheTest {
  @TempDir Path folder;

  @Test
  void readsWhatLinuxTells() throws IOException {
    tell("Data", "48K");
    assertThat(NearCache.kilobytes(null, folder)).isEqualTo(48);
  }

  @Test
  void thePropertyCountsMore() throws IOException {
    tell("Data", "48K");
    assertThat(NearCache.kilobytes("32", folder)).isEqualTo(32);
    assertThat(NearCache.kilobytes("64K", folder)).isEqualTo(64);
  }

  @Test
  void whatIsNotToldIsTheUsual() throws IOException {
    assertThat(NearCache.kilobytes(null, folder.resolve("none"))).isEqualTo(NearCache.USUAL_KB);
    tell("Instruction", "48K");
    assertThat(NearCache.kilobytes(null, folder)).isEqualTo(NearCache.USUAL_KB);
    tell("Data", "a lot");
    assertThat(NearCache.kilobytes(null, folder)).isEqualTo(NearCache.USUAL_KB);
    tell("Data", "");
    assertThat(NearCache.kilobytes(null, folder)).isEqualTo(NearCache.USUAL_KB);
  }

  @Test
  void saysWhatIsWrongWithTheProperty() {
    assertThat(NearCache.problem(null)).isNull();
    assertThat(NearCache.problem("48")).isNull();
    assertThat(NearCache.problem("0")).contains(NearCache.PROPERTY, "'0'");
    assertThat(NearCache.problem("-1")).contains(NearCache.PROPERTY, "'-1'");
  }

  /** The build runs this with the property at 32, at 48, and without it. */
  @Test
  void productsAreCutAsThePropertySays() {
    assumeTrue(Tile.WIDE, "the cut depends on the cache with 512-bit vectors only");
    String size = NearCache.wanted();
    assumeTrue(size != null, "measured with " + NearCache.PROPERTY + " only");
    assertThat(Tile.PAIR_STEPS).isEqualTo(Integer.parseInt(size) < 48 ? 64 : 128);
  }

  private void tell(String type, String size) throws IOException {
    Files.writeString(folder.resolve("type"), type + "\n");
    Files.writeString(folder.resolve("size"), size + "\n");
  }
}
