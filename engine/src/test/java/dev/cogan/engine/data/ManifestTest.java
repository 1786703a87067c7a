package dev.cogan.engine.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.testdata.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code testdata/MANIFEST.md} lists every data file, with the SHA-256 that it has. */
class ManifestTest {
  private static final Pattern ROW =
      Pattern.compile("^\\| `([^`]+)` \\|.*`([0-9a-f]{64})` \\|$", Pattern.MULTILINE);

  private static Map<Path, String> rows() throws IOException {
    Map<Path, String> rows = new TreeMap<>();
    Matcher matcher = ROW.matcher(Files.readString(TestData.root().resolve("MANIFEST.md")));
    while (matcher.find()) {
      rows.put(TestData.root().resolve(matcher.group(1)).normalize(), matcher.group(2));
    }
    return rows;
  }

  @Test
  void everyHashIsRight() throws IOException, NoSuchAlgorithmException {
    Map<Path, String> rows = rows();
    assertThat(rows).hasSizeGreaterThanOrEqualTo(6);
    for (Map.Entry<Path, String> row : rows.entrySet()) {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(row.getKey()));
      assertThat(HexFormat.of().formatHex(hash)).as("%s", row.getKey()).isEqualTo(row.getValue());
    }
  }

  @Test
  void everyFileIsListed() throws IOException {
    Path root = TestData.root();
    try (Stream<Path> files = Files.walk(root)) {
      assertThat(
              files
                  .filter(Files::isRegularFile)
                  .filter(file -> !file.getFileName().toString().matches(".*\\.(md|xml)"))
                  .filter(
                      file -> !root.relativize(file).toString().matches("(src|target|generate).*")))
          .isNotEmpty()
          .isSubsetOf(rows().keySet());
    }
  }
}
