package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.cli.report.StatsTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of stats.jsonl and metrics.jsonl that cannot be read cost themselves alone. */
class StatsLogTest {
  private static final String FIRST = "{\"step\":10,\"seconds\":1.5}\n";
  private static final String LAST = "{\"step\":30,\"seconds\":2.5}\n";

  @TempDir private Path folder;

  /** Such bytes are what a disk may leave in a block that was never written. */
  private Path damaged() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(FIRST.getBytes(StandardCharsets.US_ASCII));
    bytes.write(new byte[] {'{', (byte) 0xff, (byte) 0xc3, 0, (byte) 0x80, '\n'});
    bytes.write(LAST.getBytes(StandardCharsets.US_ASCII));
    return Files.write(folder.resolve("stats.jsonl"), bytes.toByteArray());
  }

  @Test
  void aTrainingGoesOnWithoutLinesThatAreNoText() throws IOException {
    Path file = damaged();
    StatsLog log = new StatsLog(file, 30);
    assertThat(log.seconds()).isEqualTo(2.5);
    log.append(Map.of("step", 40L));
    assertThat(file).hasContent(FIRST + LAST + "{\"step\":40}\n");
  }

  /** As an editor on Windows saves it, or two such files put together. */
  @Test
  void byteOrderMarksCostNothing() throws IOException {
    Path file = folder.resolve("stats.jsonl");
    Files.writeString(file, "\ufeff" + FIRST + "\ufeff" + LAST.replace("\n", "\r\n"));
    assertThat(StatsTable.read(file).size()).isEqualTo(2);
    assertThat(new StatsLog(file, 30).seconds()).isEqualTo(2.5);
    assertThat(StatsTable.read(file).size()).isEqualTo(2);
  }

  @Test
  void aReportCountsThem() throws IOException {
    StatsTable table = StatsTable.read(damaged());
    assertThat(table.size()).isEqualTo(2);
    assertThat(table.skipped()).isEqualTo(1);
    assertThat(table.lastStep()).isEqualTo(30);
  }
}
