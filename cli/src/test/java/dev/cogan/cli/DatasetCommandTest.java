package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cogan.cli.dataset.DatasetImages;
import dev.cogan.cli.dataset.DatasetWriter;
import dev.cogan.engine.image.PngReader;
import dev.cogan.engine.image.RawImage;
import dev.cogan.engine.io.Json;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatasetCommandTest {
  @TempDir Path folder;
  private Path pictures;

  private static BufferedImage flat(int type, int rgb, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, rgb);
      }
    }
    return image;
  }

  private void write(BufferedImage image, String format, String name) throws IOException {
    assertThat(ImageIO.write(image, format, pictures.resolve(name).toFile())).isTrue();
  }

  @BeforeEach
  void makePictures() throws IOException {
    pictures = Files.createDirectory(folder.resolve("pictures"));
    write(flat(BufferedImage.TYPE_INT_RGB, 0xff8040, 40, 30), "jpg", "1.jpg");
    write(flat(BufferedImage.TYPE_INT_ARGB, 0x00123456, 20, 20), "png", "2.png");
    write(flat(BufferedImage.TYPE_BYTE_GRAY, 0xffffff, 16, 16), "jpg", "3.jpg");
    Files.write(pictures.resolve("4.jpg"), "not a picture".getBytes());
  }

  @Test
  void inspectTellsWhatIsThere() throws IOException {
    Path mean = folder.resolve("mean.png");
    Cli cli =
        Cli.run("dataset", "inspect", "folder:" + pictures, "--size", 8, "--mean-image", mean);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.out.replaceAll("\\s+", " "))
        .contains("images 3 of [3, 8, 8]")
        .contains("1 of 16x16 grey 8 bit")
        .contains("1 of 20x20 RGB+alpha 8 bit")
        .contains("1 of 40x30 RGB 8 bit")
        .contains("bad 1 files:")
        .contains("4.jpg: neither PNG nor JPEG: starts with 6e 6f 74 20");
    RawImage image = PngReader.decode(Files.readAllBytes(mean), "mean");
    // Orange, white (transparent on white), white: with one pixel of border.
    assertThat(image.sample(2, 4, 4)).isBetween((0x40 + 2 * 255) / 3 - 3, (0x40 + 2 * 255) / 3 + 3);
  }

  @Test
  void inspectAsJson() {
    Cli cli = Cli.run("dataset", "inspect", "folder:" + pictures, "--json");
    assertThat(cli.code).as(cli.toString()).isZero();
    Map<?, ?> json = (Map<?, ?>) ((List<?>) Json.parse(cli.out, "out")).get(0);
    assertThat(json.get("images")).hasToString("3");
    assertThat(json.get("channels")).hasToString("3");
    assertThat((List<?>) json.get("bad")).hasSize(1);
    double sum =
        ((List<?>) json.get("histogram"))
            .stream().mapToDouble(share -> ((Number) share).doubleValue()).sum();
    assertThat(sum).isBetween(0.999, 1.001);
  }

  @Test
  void prepareWritesAFolderThatTrainReads() throws IOException {
    Path target = folder.resolve("ready");
    Cli cli =
        Cli.run(
            "dataset",
            "prepare",
            "folder:" + pictures,
            "--size",
            16,
            "--alpha",
            "black",
            "--out",
            target);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.err).contains("1 file could not be used").contains("4.jpg: neither");
    try (Stream<Path> files = Files.list(target)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("000000.png", "000001.png", "000002.png", "manifest.json");
    }
    RawImage transparent = PngReader.decode(Files.readAllBytes(target.resolve("000001.png")), "1");
    assertThat(transparent.sample(0, 0, 0)).isZero();
    Map<?, ?> manifest = (Map<?, ?>) Json.read(target.resolve("manifest.json"));
    assertThat(manifest.get("count")).hasToString("3");
    assertThat((List<?>) manifest.get("sources")).hasSize(3);
    assertThat(leftovers()).isEmpty();

    Cli train =
        Cli.run(
            "train",
            "--preset",
            "faces64",
            "--size",
            8,
            "--widths",
            "4,4",
            "--widths-d",
            "4,4,4",
            "--k",
            1,
            "--l",
            2,
            "--a",
            "folder:" + target + ":crop,mirror",
            "--b",
            "folder:" + target + ":negative",
            "--batch",
            2,
            "--steps",
            2,
            "--outdir",
            folder.resolve("runs"),
            "--threads",
            1);
    assertThat(train.code).as(train.toString()).isZero();
  }

  /** Many people read one prepared data set. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void preparedFoldersAreAsOpenAsOthers() throws IOException {
    Path target = folder.resolve("open");
    Cli cli = Cli.run("dataset", "prepare", "folder:" + pictures, "--size", 8, "--out", target);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(Files.getPosixFilePermissions(target))
        .isEqualTo(Files.getPosixFilePermissions(pictures));
  }

  private List<String> leftovers() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(".dataset-"))
          .toList();
    }
  }

  @Test
  void prepareWritesIdx() {
    Path target = folder.resolve("edges.idx");
    Cli cli =
        Cli.run(
            "dataset",
            "prepare",
            "folder:" + pictures + ":grey,edge",
            "--size",
            28,
            "--out",
            target);
    assertThat(cli.code).as(cli.toString()).isZero();
    Cli inspect = Cli.run("dataset", "inspect", "idx:" + target);
    assertThat(inspect.out).contains("images    3 of [1, 28, 28]");
    assertThat(folder.resolve("edges.idx.manifest.json")).exists();
  }

  @Test
  void idxIsToldByItsNameInAnyCase() throws IOException {
    String spec = "folder:" + pictures + ":grey";
    Path target = folder.resolve("SMALL.IDX");
    Cli cli = Cli.run("dataset", "prepare", spec, "--size", 16, "--out", target);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(target).isRegularFile();
    Path zipped = folder.resolve("small.idx.gz");
    expect(
        "--out " + zipped + ": IDX files are written plain, expected a name ending in .idx",
        "dataset",
        "prepare",
        spec,
        "--out",
        zipped);
    assertThat(zipped).doesNotExist();

    // What is in the file, not what becomes of it.
    Cli padded = Cli.run("dataset", "inspect", "idx:" + target + ":pad=3", "--size", 28);
    assertThat(padded.out)
        .contains("images    3 of [1, 28, 28]", "files     3 of 16x16 grey 8 bit");
  }

  @Test
  void copiesDoNotGoAmongTheirOriginals() throws IOException {
    String spec = "folder:" + pictures;
    Path inside = pictures.resolve("small");
    String message = ": is inside of " + pictures + ", expected a place where its pictures are";
    expect("--out " + inside + message, "dataset", "prepare", spec, "--out", inside);
    Path deeper = Files.createDirectory(pictures.resolve("more")).resolve("s.idx");
    expect(deeper + message, "dataset", "prepare", spec + ":grey", "--out", deeper);
    Path link = Files.createSymbolicLink(folder.resolve("link"), pictures).resolve("small");
    expect(link + message, "dataset", "prepare", spec, "--out", link);
    assertThat(inside).doesNotExist();
    Path beside = folder.resolve("pictures-small");
    Cli cli = Cli.run("dataset", "prepare", spec, "--size", 8, "--out", beside);
    assertThat(cli.code).as(cli.toString()).isZero();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFileWhoseNameTheLocaleCannotSayIsLeftOutAndNamed() throws Exception {
    Path there = Files.createDirectory(folder.resolve("names"));
    try (Stream<Path> files = Files.list(pictures)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, there.resolve(file.getFileName()));
      }
    }
    // By a shell: neither can this process be sure to have a path for it.
    String copy = "cp \"$1\"/2.png \"$1\"/$(printf '\\303\\244').png";
    assertThat(new ProcessBuilder("sh", "-c", copy, "sh", there.toString()).start().waitFor())
        .isZero();
    TrainingProcess cogan =
        TrainingProcess.within(
            folder,
            List.of("env", "LC_ALL=C"),
            TrainingProcess.QUICK,
            List.of("dataset", "inspect", "folder:" + there, "--size", "8"));
    assertThat(cogan.exitCode()).as(cogan.output()).isZero();
    assertThat(cogan.output())
        .contains("images    3 of")
        .contains("its name has characters")
        .contains("start with LC_ALL=C.UTF-8");
  }

  @ParameterizedTest
  @CsvSource({"set, ''", "set.idx, ':grey'"})
  void ofAStoppedPreparationNothingIsLeft(String name, String words) throws IOException {
    DatasetImages images = DomainImages.all("folder:" + pictures + words, 8, null, null);
    AtomicInteger asked = new AtomicInteger();
    Path target = folder.resolve(name);
    DatasetWriter writer = new DatasetWriter(images, null);
    assertThat(writer.write(target, () -> asked.incrementAndGet() == 3)).isFalse();
    assertThat(asked).hasValue(3);
    assertThat(leftovers()).isEmpty();
    assertThat(target).doesNotExist();
    assertThat(writer.write(target, () -> false)).isTrue();
    assertThat(target).exists();
  }

  @Test
  void prepareRefuses() throws IOException {
    Path there = Files.createDirectory(folder.resolve("there"));
    String spec = "folder:" + pictures;
    expect("exists already", "dataset", "prepare", spec, "--out", there);
    Path manifest = Files.writeString(folder.resolve("m.idx.manifest.json"), "mine");
    expect(
        manifest + ": exists already",
        "dataset",
        "prepare",
        spec + ":grey",
        "--out",
        folder + "/m.idx");
    assertThat(manifest).hasContent("mine");
    expect("its folder does not exist", "dataset", "prepare", spec, "--out", folder + "/x/y");
    expect("IDX holds grey images", "dataset", "prepare", spec, "--out", folder + "/c.idx");
    expect(
        "the size of images must be from 4 to 1024, got 2",
        "dataset",
        "prepare",
        spec,
        "--size",
        2,
        "--out",
        folder + "/d");
    expect("expected a name ending in .png", "dataset", "inspect", spec, "--mean-image", "m.gif");
    expect("which command?", "dataset");
    assertThat(leftovers()).isEmpty();
  }

  private static void expect(String message, Object... args) {
    Cli cli = Cli.run(args);
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message()).contains(message);
  }

  /** What would be believed and changes nothing is refused. */
  @Test
  void sizeAndAlphaOfDigitsAreRefused() {
    String kept = "--size 32: the images of mnist:edge keep their 28x28; only pictures and";
    expect(kept, "dataset", "inspect", "mnist:edge", "--size", 32);
    expect(kept, "dataset", "prepare", "mnist:edge", "--size", 32, "--out", folder + "/m");
    expect(
        "--alpha: the images of mnist have no transparency",
        "dataset",
        "prepare",
        "mnist",
        "--alpha",
        "drop",
        "--out",
        folder + "/m");
    assertThat(folder.resolve("m")).doesNotExist();
    Cli same = Cli.run("dataset", "inspect", "mnist", "--size", 28);
    assertThat(same.code).as(same.toString()).isZero();
  }

  @Test
  void damagedJpegIsABadFile() throws IOException {
    byte[] jpeg = Files.readAllBytes(pictures.resolve("1.jpg"));
    java.util.Random random = new java.util.Random(4);
    for (int i = 0; i < 200; i++) {
      byte[] damaged = jpeg.clone();
      for (int j = 0; j < 3; j++) {
        damaged[2 + random.nextInt(damaged.length - 2)] = (byte) random.nextInt(256);
      }
      try {
        dev.cogan.cli.dataset.Decoders.available().decode(damaged, "a.jpg");
      } catch (dev.cogan.engine.io.InputException expected) {
        assertThat(expected).hasMessageStartingWith("a.jpg: ");
      }
    }
  }

  @Test
  void photosAreTurnedAsTheCameraNoted() throws IOException {
    BufferedImage image = flat(BufferedImage.TYPE_INT_RGB, 0, 32, 16);
    image.createGraphics().fillRect(16, 0, 16, 16); // White on the right.
    Path photos = Files.createDirectory(folder.resolve("photos"));
    Path photo = photos.resolve("1.jpg");
    writeTurned(image, photo);
    Path mean = folder.resolve("mean.png");
    Cli cli = Cli.run("dataset", "inspect", "folder:" + photos, "--size", 16, "--mean-image", mean);
    assertThat(cli.out).as(cli.toString()).contains("16x32 RGB 8 bit");
    RawImage seen = PngReader.decode(Files.readAllBytes(mean), "mean");
    assertThat(seen.sample(0, 3, 3)).isLessThan(40);
    assertThat(seen.sample(0, 3, 12)).isLessThan(40);
    assertThat(seen.sample(0, 12, 3)).isGreaterThan(215);
  }

  /** A JPEG with the note that it is to be turned to the right. */
  private static void writeTurned(BufferedImage image, Path photo) throws IOException {
    ImageIO.write(image, "jpg", photo.toFile());
    byte[] plain = Files.readAllBytes(photo);
    byte[] exif = HexFormat.of().parseHex("ffd8ffe10022457869660000" + "4d4d002a00000008" + "0001");
    byte[] entry = HexFormat.of().parseHex("011200030000000100060000" + "00000000");
    try (OutputStream out = Files.newOutputStream(photo)) {
      out.write(exif);
      out.write(entry);
      out.write(plain, 2, plain.length - 2);
    }
  }

  @Test
  void depthIsTurnedAsItsPictureIs() throws IOException {
    Path scans = folder.resolve("scans");
    Files.createDirectories(scans.resolve("color"));
    Files.createDirectories(scans.resolve("depth"));
    BufferedImage near = flat(BufferedImage.TYPE_BYTE_GRAY, 0x0a0a0a, 32, 16);
    near.createGraphics().fillRect(16, 0, 16, 16); // Far on the right.
    writeTurned(near, scans.resolve("color/1.jpg"));
    ImageIO.write(near, "png", scans.resolve("depth/1.png").toFile());
    Path mean = folder.resolve("mean.png");
    String spec = "rgbd:" + scans + ":depth";
    Cli cli = Cli.run("dataset", "inspect", spec, "--size", 16, "--mean-image", mean);
    assertThat(cli.code).as(cli.toString()).isZero();
    RawImage seen = PngReader.decode(Files.readAllBytes(mean), "mean");
    assertThat(seen.sample(0, 3, 3)).isEqualTo(seen.sample(0, 3, 12));
    assertThat(seen.sample(0, 3, 12)).isNotEqualTo(seen.sample(0, 12, 12));

    BufferedImage upright = flat(BufferedImage.TYPE_BYTE_GRAY, 0x0a0a0a, 16, 32);
    ImageIO.write(upright, "png", scans.resolve("depth/1.png").toFile());
    expect(
        "1.png: is 16x32, its picture 32x16 before it is turned as its camera noted; expected both",
        "dataset",
        "inspect",
        spec);
  }

  @Test
  void trainNamesWhatIsMissing() {
    expect("preset faces64 has no data of its own", "train", "--preset", "faces64");
  }

  @Test
  void realFaces() {
    Path zip = Path.of("../../shared/data/celeba/celeba-89x109-tiny400.zip");
    assumeTrue(Files.exists(zip), "skipped: " + zip + " is not there");
    Cli cli = Cli.run("dataset", "inspect", "celeba:" + zip + ":+Eyeglasses", "--json");
    assertThat(cli.code).as(cli.toString()).isZero();
    Map<?, ?> json = (Map<?, ?>) ((List<?>) Json.parse(cli.out, "out")).get(0);
    assertThat(json.get("images")).hasToString("100");
    assertThat(json.get("formats")).hasToString("{89x109 RGB 8 bit=100}");
  }

  @Test
  void realDepth() {
    Path zip = Path.of("../../shared/data/depth16/7scenes-crops64-part1.zip");
    assumeTrue(Files.exists(zip), "skipped: " + zip + " is not there");
    Cli cli = Cli.run("dataset", "inspect", "rgbd:" + zip + ":depth", "--json");
    assertThat(cli.code).as(cli.toString()).isZero();
    Map<?, ?> json = (Map<?, ?>) ((List<?>) Json.parse(cli.out, "out")).get(0);
    assertThat(json.get("images")).hasToString("500");
    assertThat(((Number) json.get("depth_low")).intValue()).isBetween(300, 1500);
    assertThat(((Number) json.get("depth_high")).intValue()).isBetween(2000, 10_000);
  }
}
