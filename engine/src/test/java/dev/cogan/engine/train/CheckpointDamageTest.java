package dev.cogan.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.SafetensorsFile;
import dev.cogan.engine.io.SafetensorsWriter;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A damaged, foreign or forged checkpoint is refused in one line that names the file. */
class CheckpointDamageTest {
  @TempDir Path folder;
  private Path file;
  private byte[] valid;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("checkpoint.safetensors");
    Trainer trainer = Tiny.trainer();
    trainer.run(2, 2, new TrainingListener() {});
    Checkpoint.write(file, trainer, Map.of("program", "test"));
    valid = Files.readAllBytes(file);
    try (SafetensorsFile f = SafetensorsFile.open(file)) {
      metadata.putAll(f.metadata());
      assertThat(metadata.remove("checksums")).isNotNull(); // What is forged here has none.
      for (String name : f.entries().keySet()) {
        tensors.put(name, f.readTensor(name));
      }
    }
  }

  private void rewrite() {
    SafetensorsWriter writer = new SafetensorsWriter().metadata(metadata);
    tensors.forEach(writer::add);
    writer.write(file);
  }

  private void open() {
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      checkpoint.loadForSampling(Memory.heap());
      checkpoint.restore(
          Tiny.trainer(checkpoint.config(), checkpoint.options(), new ScalarKernels()));
    }
  }

  private String refusal() {
    Throwable e = catchThrowable(this::open);
    assertThat(e).isInstanceOf(InputException.class);
    assertThat(e.getMessage()).contains(file.toString()).doesNotContain("\n");
    return e.getMessage().replace(file.toString(), "FILE");
  }

  private String refusalAfterRewriting() {
    rewrite();
    return refusal();
  }

  @Test
  void theWholeFileIsRead() {
    open();
  }

  @Test
  void orderOfTensorsDoesNotMatter() {
    List<String> names = new ArrayList<>(tensors.keySet());
    Collections.shuffle(names, new Random(3));
    Map<String, Tensor> shuffled = new LinkedHashMap<>();
    names.forEach(name -> shuffled.put(name, tensors.get(name)));
    tensors.clear();
    tensors.putAll(shuffled);
    rewrite();
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      Trainer trainer = Tiny.trainer();
      checkpoint.restore(trainer);
      Path again = folder.resolve("again.safetensors");
      Checkpoint.write(again, trainer, Map.of("program", "test"));
      assertThat(again).hasBinaryContent(valid);
    }
  }

  @Test
  void averagesAreRequiredWhereTheSettingsSayThatThereAreAny() {
    metadata.computeIfPresent(
        "training", (key, json) -> json.replace("\"ema\":0.0", "\"ema\":0.9"));
    assertThat(refusalAfterRewriting())
        .isEqualTo("FILE: has no tensor 'ema.generators.shared.0.weight'");
  }

  @Test
  void averagesDoNotBelongToOtherTrainings() {
    tensors.put("ema.generators.shared.0.weight", tensors.get("generators.shared.0.weight"));
    assertThat(refusalAfterRewriting())
        .isEqualTo("FILE: tensor ema.generators.shared.0.weight does not belong to the model");
  }

  @Test
  void truncationIsNoticed() throws IOException {
    for (int i = 0; i < 120; i++) {
      int length = i < 20 ? i : (int) ((long) valid.length * (i - 20) / 100);
      Files.write(file, java.util.Arrays.copyOf(valid, length));
      assertThat(refusal()).as("cut to %d bytes", length).startsWith("FILE: ");
    }
    Files.write(file, java.util.Arrays.copyOf(valid, valid.length - 1));
    refusal();
    Files.write(file, java.util.Arrays.copyOf(valid, valid.length + 1));
    refusal();
  }

  /** Whatever bit of the file changes: refused in one line, a changed tensor by its name. */
  @Test
  void flippedBitsAreRefused() throws IOException {
    Random random = new Random(5);
    int header =
        (int) java.nio.ByteBuffer.wrap(valid).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong() + 8;
    int named = 0;
    for (int round = 0; round < 600; round++) {
      byte[] damaged = valid.clone();
      int at =
          round % 2 == 0 ? random.nextInt(header) : header + round * 17 % (valid.length - header);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      assertThat(refusal()).as("byte %d", at).isNotBlank();
      Throwable e = catchThrowable(() -> Checkpoint.verify(file));
      assertThat(e).as("byte %d", at).isInstanceOf(InputException.class);
      if (at >= header) {
        assertThat(e.getMessage()).contains("tensor '" + tensorAt(at - header) + "' is damaged");
        named++;
      }
    }
    assertThat(named).isEqualTo(300);
  }

  private String tensorAt(long position) throws IOException {
    byte[] damaged = Files.readAllBytes(file);
    Files.write(file, valid);
    try (SafetensorsFile f = SafetensorsFile.open(file)) {
      return f.entries().values().stream()
          .filter(e -> e.begin() <= position && position < e.end())
          .findFirst()
          .orElseThrow()
          .name();
    } finally {
      Files.write(file, damaged);
    }
  }

  @Test
  void filesWithoutChecksumsAreRead() {
    assertThat(Checkpoint.verify(file)).isTrue();
    rewrite();
    open();
    assertThat(Checkpoint.verify(file)).isFalse();
  }

  /** As Python's safetensors does: other order, everything else the same. */
  @Test
  void checksumsHoldInAnotherOrder() throws IOException {
    Map<String, String> all;
    try (SafetensorsFile f = SafetensorsFile.open(file)) {
      all = new java.util.TreeMap<>(Collections.reverseOrder());
      all.putAll(f.metadata());
    }
    SafetensorsWriter writer = new SafetensorsWriter().metadata(all);
    new java.util.TreeMap<>(tensors).forEach(writer::add);
    writer.write(file);
    assertThat(Files.readAllBytes(file)).isNotEqualTo(valid);
    assertThat(Checkpoint.verify(file)).isTrue();
    open();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "generators.shared.0.weight",
        "generators.shared.1.running_var",
        "discriminators.b.0.bias",
        "adam.first.generators.b.0.bias",
        "adam.second.discriminators.shared.6.weight"
      })
  void missingTensorIsNamed(String name) {
    assertThat(tensors.remove(name)).isNotNull();
    assertThat(refusalAfterRewriting()).isEqualTo("FILE: has no tensor '" + name + "'");
  }

  @Test
  void wrongShapeIsNamed() {
    tensors.put("generators.a.0.bias", Tensor.zeros(2));
    assertThat(refusalAfterRewriting())
        .isEqualTo("FILE: tensor 'generators.a.0.bias': expected shape [1], found [2]");
    tensors.put("generators.a.0.bias", Tensor.zeros(1, 1));
    assertThat(refusalAfterRewriting())
        .isEqualTo("FILE: tensor 'generators.a.0.bias': expected shape [1], found [1, 1]");
  }

  @ParameterizedTest
  @CsvSource({
    "generators.shared.3.weight, NaN",
    "generators.shared.1.running_mean, Infinity",
    "adam.first.discriminators.a.0.weight, NaN",
    "adam.second.discriminators.a.0.weight, -Infinity"
  })
  void numbersThatAreNotFiniteAreNamed(String name, float value) {
    tensors.get(name).set(1, value);
    assertThat(refusalAfterRewriting())
        .isEqualTo("FILE: tensor " + name + " has " + value + " at element 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"generators.shared.1.running_var", "adam.second.discriminators.a.0.weight"})
  void negativeSquaresAreNamed(String name) {
    tensors.get(name).set(1, -0.5f);
    assertThat(refusalAfterRewriting())
        .isEqualTo("FILE: tensor " + name + " has -0.5 at element 1, must not be negative");
  }

  @Test
  void superfluousTensorIsNamed() {
    tensors.put("generators.c.0.weight", Tensor.zeros(Shape.of(1)));
    assertThat(refusalAfterRewriting())
        .isEqualTo("FILE: tensor generators.c.0.weight does not belong to the model");
  }

  @Test
  void foreignSafetensorsAreRefused() {
    metadata.clear();
    assertThat(refusalAfterRewriting())
        .isEqualTo(
            "FILE: not a CoGAN checkpoint: metadata \"format\" should be \"cogan-checkpoint\","
                + " found none");
    metadata.put("format", "pt");
    assertThat(refusalAfterRewriting()).endsWith("found \"pt\"");
  }

  @Test
  void otherVersionsAreRefused() {
    metadata.put("format_version", "2");
    assertThat(refusalAfterRewriting())
        .isEqualTo("FILE: this program reads checkpoint version 1, the file has \"2\"");
    metadata.remove("format_version");
    assertThat(refusalAfterRewriting()).endsWith("the file has none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "training", "state", "provenance"})
  void metadataMustBeThereAndAnObject(String key) {
    metadata.put(key, "[1]");
    assertThat(refusalAfterRewriting())
        .isEqualTo("FILE: metadata \"" + key + "\" should be a JSON object");
    metadata.put(key, "{");
    assertThat(refusalAfterRewriting()).startsWith("FILE (" + key + "): line 1, column 2");
    metadata.remove(key);
    assertThat(refusalAfterRewriting()).isEqualTo("FILE: metadata \"" + key + "\" is missing");
  }

  private void replace(String key, String right, String wrong) {
    assertThat(metadata.get(key)).contains(right);
    metadata.put(key, metadata.get(key).replace(right, wrong));
  }

  /** A text in the metadata, what it is replaced by, and a part of the message. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          model    | "digits"        | "faces"          | unknown model family 'faces'
          model    | "height":28     | "height":32      | works on images of 28x28, got 32x28
          model    | "latent":3      | "latent":0       | should be 1 to 1048576, found 0
          model    | [4,3,2,2]       | [65536,65536,65536,65536] | FILE: shape
          model    | [4,3,2,2]       | [40000,3000,2000,2000] | FILE: tensor 'generators.shared.0.weight': expected shape
          training | "batch":3       | "batch":1        | batch must be 2 to 65536
          training | "rate":0.001    | "rate":-1        | Adam's rate must be above 0, got -1.0
          training | "rate":0.001    | "rate":1e300     | Adam's rate must be above 0, got Infinity
          training | "normal"        | "gaussian"       | training.noise: unknown value 'gaussian'
          training | "seed":7        | "seed":"7"       | field "seed" should be a whole number, found 7
          state    | "step":2        | "step":-2        | field "step" must not be negative: -2
          state    | "step":2        | "step":"x"       | field "step" should be a whole number
          state    | "noise":"       | "noise":"xyz     | field "noise" should be a hexadecimal text
          state    | "data":[[       | "data":[["1"],[  | positions of 3 data streams, expected 2
          state    | ,"5"]           | ,"7"]            | the saved order of images does not belong to these 5 images
          state    | ,"5"]           | ]                | the saved order of images does not belong to these 5 images
          state    | "data":[[       | "data":[[1,      | field "data" should be a hexadecimal text, found 1
          """)
  void forgedMetadataIsNamed(String key, String right, String wrong, String message) {
    replace(key, right, wrong);
    assertThat(refusalAfterRewriting()).contains(message);
  }

  @Test
  void openRefusesWhatIsNotThere() {
    file = folder.resolve("nothing.safetensors");
    assertThat(refusal()).isEqualTo("FILE: cannot read: no such file");
    file = folder;
    assertThat(refusal()).startsWith("FILE: is a directory");
  }
}
