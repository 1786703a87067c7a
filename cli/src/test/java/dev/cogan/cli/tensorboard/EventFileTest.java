package dev.cogan.cli.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.io.ImageGrid;
import dev.cogan.engine.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.framework.Summary;
import org.tensorflow.util.Event;
import org.tensorflow.util.SessionLog;

/** Reads what is written with TensorFlow's own messages, and with a CRC-32C taken bit by bit. */
class EventFileTest {
  @TempDir private Path folder;

  @Test
  void theTestsOwnChecksumIsCastagnolis() {
    byte[] check = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertThat(EventReader.crc(check)).isEqualTo(0xe3069283);
  }

  @Test
  void tensorFlowReadsScalarsAndPictures() throws Exception {
    EventFile file = new EventFile(folder.resolve("tb"), 1_790_000_000L);
    Map<String, Float> values = new LinkedHashMap<>();
    values.put("loss/d", 1.25f);
    values.put("loss/g", Float.NaN);
    values.put("größe", -0f);
    file.scalars(300_000_000_000L, 1_790_000_001.5, values);
    Path png = folder.resolve("grid.png");
    ImageGrid.ofDomains(List.of(Tensor.zeros(4, 1, 5, 7), Tensor.zeros(4, 3, 5, 7))).write(png);
    byte[] bytes = Files.readAllBytes(png);
    file.image(200, 1_790_000_002, "fakes", bytes);

    List<Event> events = EventReader.read(file.path());
    assertThat(events).hasSize(3);
    assertThat(events.get(0).getFileVersion()).isEqualTo("brain.Event:2");
    assertThat(events.get(0).getWallTime()).isEqualTo(1_790_000_000.0);
    Event scalars = events.get(1);
    assertThat(scalars.getStep()).isEqualTo(300_000_000_000L);
    assertThat(scalars.getWallTime()).isEqualTo(1_790_000_001.5);
    assertThat(scalars.getSummary().getValueList())
        .extracting(Summary.Value::getTag, Summary.Value::getSimpleValue)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("loss/d", 1.25f),
            org.assertj.core.groups.Tuple.tuple("loss/g", Float.NaN),
            org.assertj.core.groups.Tuple.tuple("größe", -0f));
    Summary.Image image = events.get(2).getSummary().getValue(0).getImage();
    var decoded = javax.imageio.ImageIO.read(png.toFile());
    assertThat(image.getWidth()).isEqualTo(decoded.getWidth());
    assertThat(image.getHeight()).isEqualTo(decoded.getHeight());
    assertThat(image.getColorspace()).isEqualTo(3);
    assertThat(image.getEncodedImageString().toByteArray()).isEqualTo(bytes);
    assertThat(events.get(2).getUnknownFields().asMap()).isEmpty();
  }

  @Test
  void tensorFlowReadsThatATrainingWentBack() throws Exception {
    EventFile file = new EventFile(folder, 7);
    file.restart(401, 8.5);
    Event event = EventReader.read(file.path()).get(1);
    assertThat(event.getStep()).isEqualTo(401);
    assertThat(event.getWallTime()).isEqualTo(8.5);
    assertThat(event.getSessionLog().getStatus()).isEqualTo(SessionLog.SessionStatus.START);
    assertThat(event.getUnknownFields().asMap()).isEmpty();
  }

  @Test
  void everyRunHasAFileOfItsOwn() {
    Path first = new EventFile(folder, 7).path();
    EventFile second = new EventFile(folder, 7);
    assertThat(second.path()).isNotEqualTo(first);
    assertThat(second.continued()).isTrue();
    // TensorBoard reads them by name: a clock that was set back changes nothing.
    Path third = new EventFile(folder, 3).path();
    assertThat(List.of(first, second.path(), third)).isSorted();
  }
}
