package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.data.MnistSource;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.io.Png;
import dev.cogan.testdata.TestData;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes from domains; those from labels are tested with what uses them. */
class ClassifierCommandTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void draw() throws IOException {
    write("red", 0, 40, 16);
    write("blue", 2, 15, 16);
    write("few", 1, 3, 16);
  }

  private static void write(String name, int channel, int count, int side) throws IOException {
    Path to = Files.createDirectories(folder.resolve(name));
    Random random = new Random(name.hashCode());
    for (int i = 0; i < count; i++) {
      byte[] planes = new byte[3 * side * side];
      for (int p = 0; p < side * side; p++) {
        planes[channel * side * side + p] = (byte) (128 + random.nextInt(128));
      }
      Png.write(to.resolve(i + ".png"), planes, 3, side, side);
    }
  }

  private static Cli classifier(Object... args) {
    Object[] all = new Object[args.length + 1];
    all[0] = "classifier";
    System.arraycopy(args, 0, all, 1, args.length);
    return Cli.run(all);
  }

  private static String spec(String name) {
    return "folder:" + folder.resolve(name);
  }

  @Test
  void tellsDomainsApart() {
    Path file = folder.resolve("colours.safetensors");
    Cli cli =
        classifier(
            "--class",
            spec("red"),
            "--class",
            spec("blue"),
            "--size",
            16,
            "--epochs",
            8,
            "--out",
            file,
            "--json");
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.err).contains("memory    ", "m is enough");
    Map<?, ?> json = (Map<?, ?>) Json.parse(cli.out, "output");
    // 4/5 of 40 and as many of the 12 blue ones, repeated.
    assertThat(json.get("images")).isEqualTo(64L);
    assertThat(json.get("test_images")).isEqualTo(11L);
    Map<?, ?> accuracy = (Map<?, ?>) json.get("test_accuracy");
    assertThat(accuracy.get("class 0")).isEqualTo(1.0);
    assertThat(accuracy.get("class 1")).isEqualTo(1.0);
    assertThat(file).isNotEmptyFile();
  }

  /** Mirrored copies double the images that are learnt. */
  @Test
  void onlyWhoAsksForMirroringGetsIt() {
    Map<String, Long> images =
        Map.of("plain", 64L, "crop", 64L, "mirror", 128L, "crop,mirror", 128L);
    images.forEach(
        (words, count) -> {
          String behind = words.equals("plain") ? "" : ":" + words;
          Cli cli =
              classifier(
                  "--class",
                  spec("red") + behind,
                  "--class",
                  spec("blue") + behind,
                  "--size",
                  16,
                  "--epochs",
                  1,
                  "--out",
                  folder.resolve("mirrored.safetensors"),
                  "--json");
          assertThat(cli.code).as(cli.toString()).isZero();
          Map<?, ?> json = (Map<?, ?>) Json.parse(cli.out, "output");
          assertThat(json.get("images")).as(words).isEqualTo(count);
        });
  }

  /** Fashion-MNIST comes under MNIST's file names. */
  @Test
  void onlyMnistIsCalledSo() throws IOException {
    Path other = Files.createDirectory(folder.resolve("fashion"));
    for (String split : new String[] {"train", "t10k"}) {
      idx(other.resolve(split + "-images-idx3-ubyte"), 20, 28, 28);
      idx(other.resolve(split + "-labels-idx1-ubyte"), 20);
    }
    Cli cli =
        classifier(
            "--data",
            other,
            "--transforms",
            "identity",
            "--epochs",
            1,
            "--out",
            folder.resolve("fashion.safetensors"),
            "--json");
    assertThat(cli.code).as(cli.toString()).isZero();
    Map<?, ?> json = (Map<?, ?>) Json.parse(cli.out, "output");
    assertThat((String) json.get("data")).matches("fashion, 20 images, crc32 [0-9a-f]{8}");
    ImageSet mnist = MnistSource.folder(TestData.path("mnist")).load();
    assertThat(ClassifierCommand.origin(TestData.path("mnist"), mnist))
        .startsWith("MNIST training set");
  }

  /** Bytes 0 and 1 in turn: as images they are dark, as labels two classes. */
  private static void idx(Path file, int... sizes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(0x800 + sizes.length);
    int count = 1;
    for (int size : sizes) {
      out.writeInt(size);
      count *= size;
    }
    for (int i = 0; i < count; i++) {
      out.writeByte(i % 2);
    }
    Files.write(file, bytes.toByteArray());
  }

  @Test
  void wrongInput() {
    Path file = folder.resolve("x.safetensors");
    Cli one = classifier("--class", spec("red"), "--out", file);
    assertThat(one.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(one.message()).contains("--class is to be given 2 to 26 times, got 1");
    Cli few = classifier("--class", spec("red"), "--class", spec("few"), "--out", file);
    assertThat(few.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(few.message()).contains("3 images; a class needs 5 or more");
    Cli grey = classifier("--class", spec("red"), "--class", spec("blue:grey"), "--out", file);
    assertThat(grey.message()).contains("images of [1, 64, 64]", "first class are [3, 64, 64]");
    Cli both = classifier("--class", spec("red"), "--data", folder, "--out", file);
    assertThat(both.message()).contains("--class goes without --data");
    Cli size = classifier("--data", folder, "--size", 16, "--out", file);
    assertThat(size.message()).contains("--size goes with --class");
    Cli name = classifier("--data", folder, "--out", folder.resolve("lenet.bin"));
    assertThat(name.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(name.message()).contains("lenet.bin: expected a name ending in .safetensors");
    assertThat(file).doesNotExist();
  }
}
