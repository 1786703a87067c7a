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
    tell("index0", "Data", 1, "48K");
    assertThat(kilobytes(null)).isEqualTo(48);
  }

  @Test
  void thePropertyCountsMore() throws IOException {
    tell("index0", "Data", 1, "48K");
    assertThat(kilobytes("32")).isEqualTo(32);
    assertThat(kilobytes("64K")).isEqualTo(64);
  }

  @Test
  void whatIsNotToldIsTheUsual() throws IOException {
    assertThat(kilobytes(null)).isEqualTo(NearCache.USUAL_KB);
    tell("index0", "Instruction", 1, "48K");
    assertThat(kilobytes(null)).isEqualTo(NearCache.USUAL_KB);
    tell("index0", "Data", 1, "a lot");
    assertThat(kilobytes(null)).isEqualTo(NearCache.USUAL_KB);
    tell("index0", "Data", 1, "");
    assertThat(kilobytes(null)).isEqualTo(NearCache.USUAL_KB);
  }

  @Test
  void takesTheSecondLevelOfAmd() throws IOException {
    tell("index0", "Data", 1, "32K");
    tell("index2", "Unified", 2, "1024K");
    assertThat(kilobytes(null)).as("who made it is unknown").isEqualTo(32);
    made("GenuineIntel");
    assertThat(kilobytes(null)).isEqualTo(32);
    made("AuthenticAMD");
    assertThat(kilobytes(null)).isEqualTo(1024);
    tell("index2", "Unified", 3, "1024K");
    assertThat(kilobytes(null)).as("not the second level").isEqualTo(32);
    tell("index0", "Data", 1, "48K");
    tell("index2", "Unified", 2, "1024K");
    assertThat(kilobytes(null)).as("not measured there").isEqualTo(48);
  }

  @Test
  void saysWhatIsWrongWithTheProperty() {
    assertThat(NearCache.problem(null)).isNull();
    assertThat(NearCache.problem("48")).isNull();
    assertThat(NearCache.problem("0")).contains(NearCache.PROPERTY, "'0'");
    assertThat(NearCache.problem("-1")).contains(NearCache.PROPERTY, "'-1'");
  }

  /** The build runs this with the property at 32, 48, 1024, and without it. */
  @Test
  void productsAreCutAsThePropertySays() {
    assumeTrue(Tile.WIDE, "the cut depends on the cache with 512-bit vectors only");
    String size = NearCache.wanted();
    assumeTrue(size != null, "measured with " + NearCache.PROPERTY + " only");
    int kilobytes = Integer.parseInt(size);
    assertThat(Tile.PAIR_STEPS).isEqualTo(kilobytes < 48 ? 64 : kilobytes < 512 ? 128 : 256);
  }

  private int kilobytes(String wanted) {
    return NearCache.kilobytes(wanted, folder, folder.resolve("cpuinfo"));
  }

  private void made(String vendor) throws IOException {
    String text = "processor\t: 0\nvendor_id\t: " + vendor + "\ncpu family\t: 25\n";
    Files.writeString(folder.resolve("cpuinfo"), text);
  }

  private void tell(String cache, String type, int level, String size) throws IOException {
    Path index = Files.createDirectories(folder.resolve(cache));
    Files.writeString(index.resolve("type"), type + "\n");
    Files.writeString(index.resolve("level"), level + "\n");
    Files.writeString(index.resolve("size"), size + "\n");
  }
}
