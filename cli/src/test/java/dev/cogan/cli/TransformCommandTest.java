package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.cli.export.SmallModels;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.io.Npy;
import dev.cogan.engine.io.Png;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransformCommandTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void trainOnce() {
    Cli cli =
        Cli.run(
            "train",
            "--widths",
            "8,6,6,4",
            "--latent",
            4,
            "--batch",
            4,
            "--steps",
            2,
            "--outdir",
            folder.resolve("runs"));
    assertThat(cli.code).as(cli.toString()).isZero();
  }

  private static Cli transform(Object... args) {
    Object[] all = new Object[args.length + 7];
    all[0] = "transform";
    all[1] = "--model";
    all[2] = folder.resolve("runs");
    all[3] = "--restarts";
    all[4] = 2;
    all[5] = "--candidates";
    all[6] = 8;
    System.arraycopy(args, 0, all, 7, args.length);
    return Cli.run(all);
  }

  @Test
  void aTableAndAGrid() throws IOException {
    Path png = folder.resolve("grid.png");
    Cli cli = transform("--input", "mnist", "--images", "0,5", "--out", png);
    assertThat(cli.code).as(cli.toString()).isZero();
    List<String> lines = cli.out.lines().toList();
    assertThat(lines).hasSize(5);
    assertThat(lines.get(0)).isEqualTo("image   residual  explained  steps");
    assertThat(lines.get(1)).startsWith("0 ");
    assertThat(lines.get(2)).startsWith("5 ");
    assertThat(lines.get(3)).startsWith("covered ").endsWith(" of 2");
    assertThat(lines.get(4)).isEqualTo(png.toString());
    assertThat(Files.readAllBytes(png)).startsWith(0x89, 'P', 'N', 'G');
    assertThat(cli.err).contains("searched  4 of 4");
  }

  /** The latents are another file than the images of a domain of that name. */
  @Test
  void aDomainMayBeCalledZ() {
    ModelConfig config = SmallModels.narrow(Preset.DIGITS_SMALL);
    DomainShape b = config.domains().get(1);
    Path file = folder.resolve("z.safetensors");
    SmallModels.write(
        file,
        config.withDomains(List.of(new DomainShape("z", b.image()), b)),
        Preset.DIGITS_SMALL.training(1));
    Path out = folder.resolve("called.npy");
    Object[] words = {"--input", "mnist", "--images", 0, "--from", "z", "--out", out};
    Object[] model = {"transform", "--model", file, "--restarts", 1, "--candidates", 2};
    Cli cli = Cli.run(Stream.of(model, words).flatMap(Stream::of).toArray());
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(Npy.read(folder.resolve("called.z.npy")).shape()).hasToString("[1, 1, 28, 28]");
    assertThat(Npy.read(folder.resolve("called.z-latents.npy")).shape().rank()).isEqualTo(2);
  }

  @Test
  void theOtherDirectionAsArraysAndJson() {
    Path out = folder.resolve("t.npy");
    Cli cli =
        transform("--input", "mnist:edge", "--images", "2", "--from", "b", "--out", out, "--json");
    assertThat(cli.code).as(cli.toString()).isZero();
    Map<?, ?> json = (Map<?, ?>) Json.parse(cli.out, "stdout");
    assertThat(json.get("from")).isEqualTo("b");
    Map<?, ?> image = (Map<?, ?>) ((List<?>) json.get("images")).get(0);
    assertThat(image.get("image")).isEqualTo("2");
    assertThat(((Number) image.get("residual")).doubleValue()).isBetween(0.0, 1.0);
    assertThat((List<?>) json.get("files")).hasSize(3);
    assertThat(Npy.read(folder.resolve("t.a.npy")).shape().toArray()).containsExactly(1, 1, 28, 28);
    assertThat(Npy.read(folder.resolve("t.z.npy")).shape().toArray()).containsExactly(1, 4);
  }

  @Test
  void aPictureFileOfAnyColourAndSize() throws IOException {
    byte[] planes = new byte[3 * 40 * 50];
    java.util.Arrays.fill(planes, 40 * 10, 40 * 30, (byte) 200);
    Path picture = folder.resolve("photo.png");
    Png.write(picture, planes, 3, 40, 50);
    Path png = folder.resolve("photo-out.png");
    Cli cli = transform("--input", picture, "--out", png);
    assertThat(cli.code).as(cli.toString()).isZero();
    assertThat(cli.out).contains("of 1");
    Path broken =
        Files.write(folder.resolve("broken.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G'});
    Cli refused = transform("--input", broken, "--out", png);
    assertThat(refused.code).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.message()).contains("broken.png");
    Path text = Files.writeString(folder.resolve("text.png"), "not a picture");
    assertThat(transform("--input", text, "--out", png).message())
        .contains("text.png: neither a PNG nor a JPEG");
  }

  @Test
  void thePictureThatWasGivenIsNotWrittenOver() throws IOException {
    Path picture = folder.resolve("mine.png");
    Png.write(picture, new byte[28 * 28], 1, 28, 28);
    byte[] before = Files.readAllBytes(picture);
    Path link = Files.createLink(folder.resolve("link.png"), picture);
    for (Object input : List.of(picture, "folder:" + picture + ":grey", link)) {
      Cli cli = transform("--input", input, "--out", picture);
      assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(cli.message())
          .isEqualTo("cogan: --out " + picture + ": is the file of --input, expected another one");
    }
    assertThat(picture).hasBinaryContent(before);
  }

  /** Not after it: that takes minutes. */
  @Test
  void aPictureThatIsTooLargeIsRefusedBeforeTheSearch() {
    Path png = folder.resolve("large.png");
    Cli cli = transform("--input", "mnist", "--images", "0-249", "--scale", 64, "--out", png);
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message())
        .contains("a picture of ", " is too large: fewer samples or a smaller scale");
    assertThat(cli.err).doesNotContain("searched");
  }

  /** What is written is not what {@code --out} names. */
  @Test
  void arraysThatCannotBeWrittenAreNamedBeforeTheSearch() throws IOException {
    Path taken = Files.createDirectory(folder.resolve("taken.z.npy"));
    Cli cli = transform("--input", "mnist", "--images", 0, "--out", folder.resolve("taken.npy"));
    assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message())
        .isEqualTo("cogan: --out " + taken + ": is a folder, expected a file to write");
    assertThat(cli.err).doesNotContain("searched");
    assertThat(folder.resolve("taken.a.npy")).doesNotExist();
  }

  /** What the model drew itself it finds again, and the pair that belongs to it. */
  @Test
  void ownImagesComeBackWithTheirPartners() throws IOException {
    Path own = folder.resolve("own.npy");
    assertThat(
            Cli.run("sample", "--model", folder.resolve("runs"), "--seeds", "1,2", "--out", own)
                .code)
        .isZero();
    Tensor drawn = Npy.read(folder.resolve("own.a.npy"));
    Path idx = Files.write(folder.resolve("own.idx"), idx(drawn));
    Path out = folder.resolve("back.npy");
    Cli cli = transform("--input", idx, "--out", out, "--iterations", 300, "--json");
    assertThat(cli.code).as(cli.toString()).isZero();
    for (Object image : (List<?>) ((Map<?, ?>) Json.parse(cli.out, "stdout")).get("images")) {
      assertThat(((Map<?, ?>) image).get("covered")).isEqualTo(true);
    }
    float[] expected = Npy.read(folder.resolve("own.b.npy")).toArray();
    float[] found = Npy.read(folder.resolve("back.b.npy")).toArray();
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.abs(expected[i] - found[i]);
    }
    assertThat(difference / expected.length).isLessThan(0.02);
  }

  private static byte[] idx(Tensor images) {
    int n = images.size(0);
    byte[] file = new byte[16 + images.count()];
    file[2] = 8;
    file[3] = 3;
    file[7] = (byte) n;
    file[11] = 28;
    file[15] = 28;
    for (int i = 0; i < images.count(); i++) {
      file[16 + i] = (byte) Math.round(images.get(i) * 255);
    }
    return file;
  }

  /** Which depths are black and white, a depth map by itself does not say. */
  @Test
  void aPictureFileIsNoDepthMap() throws IOException {
    byte[] ramp = new byte[28 * 28];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = (byte) (1 + i / 4);
    }
    for (String kind : List.of("color", "depth")) {
      Path pictures = Files.createDirectories(folder.resolve("scans").resolve(kind));
      for (int i = 0; i < 4; i++) {
        Files.write(pictures.resolve(i + ".png"), Png.encode(ramp, 1, 28, 28));
      }
    }
    String scans = "rgbd:" + folder.resolve("scans");
    Path runs = folder.resolve("depth-runs");
    Cli train =
        Cli.run(
            (Object[])
                ("train --preset digits-small --size 28 --widths 8,6,6,4 --latent 4 --batch 4"
                        + " --noise normal --steps 1 --a DIR:color:grey,plain --b DIR:depth:plain"
                        + " --outdir RUNS")
                    .replace("DIR", scans)
                    .replace("RUNS", runs.toString())
                    .split(" "));
    assertThat(train.code).as(train.toString()).isZero();
    String map = folder.resolve("scans/depth/0.png").toString();
    String[] common = {"transform", "--model", runs.toString(), "--from", "b", "--input"};
    Cli refused = Cli.run(append(common, map, "--out", folder.resolve("d.png").toString()));
    assertThat(refused.code).as(refused.toString()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.message())
        .contains("--input " + map + ": domain b is depth", "rgbd:DIR:depth:range=LOW-HIGH");
    String ranged = scans + ":depth:range=1-196";
    Cli whole = Cli.run(append(common, ranged, "--out", folder.resolve("d.png").toString()));
    assertThat(whole.code).as(whole.toString()).isZero();
  }

  private static Object[] append(String[] some, Object... more) {
    Object[] all = Arrays.copyOf(some, some.length + more.length, Object[].class);
    System.arraycopy(more, 0, all, some.length, more.length);
    return all;
  }

  @Test
  void wrongInputIsOneLineEach() throws IOException {
    Path text = Files.writeString(folder.resolve("text.idx"), "not an IDX file");
    Object[][] cases = {
      {"--input", text, "text.idx"},
      {"--input", "mnits", "did you mean mnist"},
      {"--input", "none/digit", "none/digit: no such file"},
      {"--input", folder, ": is a folder, say folder:"},
      {"--input", folder.resolve("none.idx"), "none.idx"},
      {"--from", "c", "the model's domains are a, b"},
      {"--to", "x", "the model's domains are a, b"},
      {"--images", "99999", "has images 0 to 9999"},
      {"--restarts", 0, "--restarts must be 1 to"},
      {"--candidates", 1, "--candidates must be 8 to"},
      {"--prior", -1, "--prior must be"},
      {"--out", folder.resolve("x.gif"), ".png or .npy"},
    };
    for (Object[] c : cases) {
      Cli cli =
          c[0].equals("--input")
              ? transform(c[0], c[1])
              : Cli.run(
                  "transform", "--model", folder.resolve("runs"), "--input", "mnist", c[0], c[1]);
      assertThat(cli.code).as(cli.toString()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(cli.message()).contains(c[2].toString());
    }
    assertThat(Cli.run("transform").code).isEqualTo(ExitCode.BAD_INPUT);
  }
}
