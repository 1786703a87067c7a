package dev.cogan.cli.fuzz;

import dev.cogan.cli.export.SmallModels;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.io.Npy;
import dev.cogan.engine.io.Png;
import dev.cogan.engine.io.SafetensorsFile;
import dev.cogan.engine.io.SafetensorsWriter;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Preset;
import dev.cogan.testdata.TestData;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/** Valid inputs to start from, small, made of the test data. */
public final class Seeds {
  private Seeds() {}

  /** Writes the seeds of every target below a folder. */
  public static void main(String[] args) throws IOException {
    for (FuzzTarget target : FuzzTarget.values()) {
      Path folder = Files.createDirectories(Path.of(args[0]).resolve(target.folder()));
      int i = 0;
      for (byte[] seed : of(target)) {
        Files.write(folder.resolve("seed" + i++), seed);
      }
    }
  }

  /** The seeds of a target; every one of them is read without a complaint. */
  static List<byte[]> of(FuzzTarget target) throws IOException {
    return switch (target) {
      case IDX_IMAGES -> plainAndGzip(idx("mnist/t10k-images-idx3-ubyte.gz", 16, 2 * 784));
      case IDX_LABELS -> plainAndGzip(idx("mnist/t10k-labels-idx1-ubyte.gz", 8, 20));
      case NPY -> List.of(Npy.encode(tensor(2, 3)), Npy.encode(Tensor.zeros(1, 1, 4, 4)));
      case SAFETENSORS -> List.of(tensors(false), tensors(true));
      case CHECKPOINT -> checkpoints();
      case JSON ->
          List.of(
              text("{\"a\":[1,-2.5e-3,\"x\\u00e9\\n\",true,null],\"b\":{\"c\":{}}}"),
              text(Json.writePretty(Preset.DIGITS.model().toJson())));
      case MODEL -> Preset.all().stream().map(p -> text(Json.write(p.model().toJson()))).toList();
      case TRAINING ->
          Preset.all().stream().map(p -> text(Json.write(p.training(1).toJson()))).toList();
      case SPEC ->
          List.of(
              text("mnist"),
              text("mnist:edge"),
              text("idx:a/b.idx"),
              text("idx:C:/data/usps.idx:negative"),
              text("celeba:d:+Smiling:edge"),
              text("rgbd:x.zip:depth"));
      case PNG -> List.of(png(1), png(3));
      case JPEG -> List.of(jpeg(), turned(false), turned(true), png(3));
      case ATTRIBUTES ->
          List.of(
              text("2\nBlond_Hair Smiling\na.jpg  1 -1\nb.jpg -1  1\n"),
              text("image_id,Smiling,Eyeglasses\na.jpg,1,-1\nb.jpg,-1,-1\n"));
      case ZIP -> List.of(zip(true), zip(false));
      case CONFIG ->
          List.of(
              text("{\"preset\":\"digits\",\"steps\":3000,\"rate-g\":2e-4,\"overlap\":true}"),
              text(
                  "{\"widths\":[64,32,16,8],\"a\":\"mnist\",\"b\":\"mnist:edge\",\"loss\":\"hinge\"}"));
      case OPTIONS ->
          Preset.all().stream().filter(p -> p.domains().size() > 1).map(Seeds::options).toList();
      case STATS ->
          List.of(
              text("{\"step\":10,\"seconds\":1.5,\"loss_d\":2.1}\n{\"step\":20,\"seconds\":3}\n"),
              text("{\"step\":50,\"loss_g_a\":1e-3}\n{\"step\":30,\"x\":null}\nrubbish\n"));
      case ARGUMENTS ->
          List.of(
              text("train\n--preset=digits\n--steps\n3\n--widths\n8,4\n--dashboard"),
              text("sample\n--seeds\n0-63,7\n--model\nx\n--json"),
              text("dataset\nprepare\nfolder:x\n--size=32\n--out\nd"),
              text("resume\nruns\n--allow\nrate-g,loss\n--on-diverge\nrollback:3"));
    };
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] options(Preset preset) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("preset", preset.label());
    json.put("domains", preset.domains());
    json.put("data", "jar");
    json.put("disjoint", true);
    json.put("steps", 100);
    json.put("model", preset.model().toJson());
    json.put("training", preset.training(1).toJson());
    return text(Json.write(json));
  }

  /** The head of an IDX file, with as many elements. */
  private static byte[] idx(String file, int header, int bytes) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(TestData.path(file)))) {
      byte[] head = in.readNBytes(header + bytes);
      ByteBuffer.wrap(head).putInt(4, header == 16 ? bytes / 784 : bytes);
      return head;
    }
  }

  private static List<byte[]> plainAndGzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      new ByteArrayInputStream(plain).transferTo(gzip);
    }
    return List.of(plain, bytes.toByteArray());
  }

  private static byte[] png(int channels) {
    byte[] planes = new byte[channels * 6 * 5];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = (byte) (i * 7);
    }
    return Png.encode(planes, channels, 6, 5);
  }

  private static byte[] jpeg() throws IOException {
    BufferedImage image = new BufferedImage(9, 8, BufferedImage.TYPE_INT_RGB);
    image.setRGB(3, 3, 0xff8800);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "jpg", bytes);
    return bytes.toByteArray();
  }

  /** With EXIF that says how the camera was held. */
  private static byte[] turned(boolean little) throws IOException {
    ByteBuffer exif = ByteBuffer.allocate(2 + 2 + 2 + 6 + 8 + 2 + 12 + 4);
    exif.put(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe1});
    exif.putShort((short) (exif.capacity() - 4)).put(text("Exif\0\0"));
    exif.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    exif.put(text(little ? "II" : "MM")).putShort((short) 42).putInt(8).putShort((short) 1);
    exif.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) 6);
    byte[] plain = jpeg();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(exif.array());
    bytes.write(plain, 2, plain.length - 2);
    return bytes.toByteArray();
  }

  private static byte[] zip(boolean deflated) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      out.setLevel(deflated ? 6 : 0);
      for (String name : List.of("a/1.png", "a/2.png")) {
        out.putNextEntry(new ZipEntry(name));
        out.write(png(1));
      }
    }
    return bytes.toByteArray();
  }

  private static Tensor tensor(int... sizes) {
    Tensor tensor = Tensor.zeros(sizes);
    for (int i = 0; i < tensor.count(); i++) {
      tensor.set(i, i - 1.5f);
    }
    return tensor;
  }

  private static byte[] tensors(boolean checksums) {
    SafetensorsWriter writer =
        new SafetensorsWriter()
            .metadata("format", "pt")
            .add("a.weight", tensor(2, 3))
            .add("b", new long[] {1, -1})
            .add("c", new byte[] {1, 2, 3}, 0, dev.cogan.engine.tensor.Shape.of(3));
    return (checksums ? writer.withChecksums() : writer).toBytes();
  }

  /** As written, and without checksums, which would hide everything behind them. */
  private static List<byte[]> checkpoints() throws IOException {
    Path file = Files.createTempFile("seed", ".safetensors");
    try {
      SmallModels.write(
          file, SmallModels.narrow(Preset.DIGITS_SMALL), Preset.DIGITS_SMALL.training(1));
      byte[] written = Files.readAllBytes(file);
      SafetensorsWriter plain = new SafetensorsWriter();
      try (SafetensorsFile source = SafetensorsFile.of(written, "seed")) {
        Map<String, String> metadata = new LinkedHashMap<>(source.metadata());
        metadata.remove("checksums");
        plain.metadata(metadata);
        source.entries().keySet().stream()
            .filter(name -> !name.startsWith("adam."))
            .forEach(name -> plain.add(name, source.readTensor(name)));
      }
      return List.of(plain.toBytes(), written);
    } finally {
      Files.delete(file);
    }
  }
}
