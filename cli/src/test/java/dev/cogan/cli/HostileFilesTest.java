package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.cli.export.SmallModels;
import dev.cogan.engine.train.Preset;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files made to hurt, handed to the commands: exit code 2 and one line, never a stack trace. */
class HostileFilesTest {
  @TempDir private Path folder;

  private static byte[] safetensors(String header, int data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private static byte[] length(long header) {
    return ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(header).array();
  }

  private static String tensor(String shape, String offsets) {
    return "{\"x\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
  }

  private static Map<String, byte[]> tensorFiles() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("empty", new byte[0]);
    files.put("header of 2^63", length(Long.MIN_VALUE));
    files.put("header of 2^64-1", length(-1));
    files.put("header of 2^40", length(1L << 40));
    files.put("offsets beyond the file", safetensors(tensor("[4]", "[0,16]"), 8));
    files.put("offsets that run backwards", safetensors(tensor("[1]", "[4,0]"), 4));
    files.put("negative size", safetensors(tensor("[-1]", "[0,4]"), 4));
    files.put("2^62 elements", safetensors(tensor("[2147483647,2147483647]", "[0,4]"), 4));
    files.put("size of 2^70", safetensors(tensor("[1180591620717411303424]", "[0,4]"), 4));
    files.put("nested deeply", safetensors("{\"x\":" + "[".repeat(100_000), 0));
    files.put("a key twice", safetensors("{\"a\":1,\"a\":1}", 0));
    files.put("no UTF-8", safetensors("{\"\\ud800\":1}", 0));
    files.put("control characters", safetensors("{\"\\u001b[31m\\n\":{}}", 0));
    return files;
  }

  private void refused(String what, Object... command) {
    Cli cli = Cli.run(command);
    assertThat(cli.code).as("%s: %s", what, cli).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cli.message()).as(what).startsWith("cogan: ");
    assertThat(cli.err.chars().filter(c -> c != '\n' && c != '\r'))
        .as("no control characters: %s", what)
        .allMatch(c -> c >= ' ' && c != 0x7f);
    assertThat(cli.err).as(what).doesNotContain("\tat ", "Exception");
    assertThat(cli.err.lines().count()).as("%s: %s", what, cli.err).isLessThan(4);
  }

  @Test
  void tensors() throws IOException {
    Path file = folder.resolve("hostile.safetensors");
    for (Map.Entry<String, byte[]> hostile : tensorFiles().entrySet()) {
      Files.write(file, hostile.getValue());
      refused(hostile.getKey(), "inspect", file);
      refused(hostile.getKey(), "import", file);
      refused(hostile.getKey(), "export", "--model", file, "--out", folder.resolve("x.onnx"));
    }
    assertThat(folder.resolve("x.onnx")).doesNotExist();
  }

  private static byte[] idx(int... header) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * header.length);
    for (int number : header) {
      bytes.putInt(number);
    }
    return bytes.array();
  }

  private static byte[] gzip(byte[] head, int zeros) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(head);
      byte[] block = new byte[1 << 16];
      for (int left = zeros; left > 0; left -= block.length) {
        out.write(block, 0, Math.min(left, block.length));
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void images() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    byte[] small = gzip(idx(0x803, 2, 28, 28), 2 * 784);
    files.put("2^32 - 1 images", idx(0x803, -1, 28, 28));
    files.put("sides of 2^31", idx(0x803, 1, 1 << 31, 1 << 31));
    files.put("sides that overflow", idx(0x803, 65536, 65536, 65536));
    files.put("no images", idx(0x803, 0, 28, 28));
    files.put("cut gzip", java.util.Arrays.copyOf(small, small.length - 6));
    files.put("gzip bomb, more than it says", gzip(idx(0x803, 2, 28, 28), 300 << 20));
    files.put("gzip bomb, says it", gzip(idx(0x803, 1 << 30, 28, 28), 50 << 20));
    Path file = folder.resolve("hostile.idx");
    for (Map.Entry<String, byte[]> hostile : files.entrySet()) {
      Files.write(file, hostile.getValue());
      train(hostile.getKey(), "idx:" + file);
    }
  }

  private void train(String what, String domain) {
    Path runs = folder.resolve("runs");
    refused(what, "train", "--a", domain, "--b", "mnist", "--steps", 1, "--outdir", runs);
  }

  @Test
  void namesAndPlaces() throws IOException {
    Path loop = folder.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    refused("link to itself", "inspect", loop);
    refused("link to itself", "sample", "--model", loop, "--out", folder.resolve("x.png"));
    train("link to itself", "idx:" + loop);
    train("a folder", "idx:" + folder);
    refused("a folder", "import", folder);
    refused("a folder without runs", "inspect", folder);
    Path named = folder.resolve("red\u001b[31m\nname.safetensors");
    Files.write(named, new byte[20]);
    refused("control characters in a name", "inspect", named);
    refused("control characters in an option", "inspect", folder.resolve("\u0007\u009b"));
    train("a spec with control characters", "idx:\u001b[2J:edge");
  }

  /**
   * Said before the work, not after it: these would take a while, and their input is wrong, too.
   */
  @Test
  void placesToWriteTo() throws IOException {
    Path nowhere = folder.resolve("nowhere");
    Path idx = Files.write(folder.resolve("images.idx"), new byte[3]);
    Object[][] commands = {
      {"classifier", "--images", idx, "--labels", idx, "--out", nowhere.resolve("c.safetensors")},
      {"transform", "--input", idx, "--out", nowhere.resolve("t.png")},
      {"dataset", "inspect", "folder:" + idx, "--mean-image", nowhere.resolve("m.png")},
      {
        "adapt",
        "--source-images",
        idx,
        "--source-labels",
        idx,
        "--target-images",
        idx,
        "--target-labels",
        idx,
        "--out",
        nowhere.resolve("a.jsonl")
      },
    };
    for (Object[] command : commands) {
      refused("no folder", command);
      assertThat(Cli.run(command).message()).contains("cannot write: no folder " + nowhere);
    }
    Path inFile = idx.resolve("runs");
    refused("below a file", "train", "--a", "idx:" + idx, "--b", "mnist", "--outdir", inFile);
    assertThat(Cli.run("train", "--a", "idx:" + idx, "--b", "mnist", "--outdir", inFile).message())
        .contains("--outdir " + inFile + ": " + idx + " is not a folder");
    Object[] sweep = {"sweep", "--out", idx.resolve("s.jsonl")};
    refused("below a file", sweep);
    assertThat(Cli.run(sweep).message()).contains("--out " + idx + ": is not a folder");
    Object[] chart = {
      "sweep", "--out", folder.resolve("s.jsonl"), "--chart", nowhere.resolve("c.svg")
    };
    refused("no folder", chart);
    assertThat(Cli.run(chart).message()).contains("--chart ", "cannot write: no folder " + nowhere);
    refused(
        "a folder",
        "transform",
        "--input",
        idx,
        "--out",
        Files.createDirectory(folder.resolve("x.png")));
    assertThat(Cli.run("bench", "--profile", "--batch", 1).message())
        .isEqualTo("cogan: --batch must be 2 to 65536, got 1");
  }

  /**
   * What a shell makes of a variable that is not set, of a slip of the finger, of a wrong folder.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sample --model=                      | --model: expected the name of a file or folder, got ''
          train --outdir= --steps 0             | --outdir: expected the name of a file or folder, got ''
          train --config=                      | --config: expected the name of a file or folder, got ''
          sweep --out=                         | --out: expected the name of a file or folder, got ''
          evaluate --extractor=                | --extractor: expected mnist or the name of a file, got ''
          sweep --out o.jsonl --tasks ,        | --tasks: expected one value or more, got ','
          sweep --out o.jsonl --algorithms ,   | --algorithms: expected one value or more, got ','
          classifier --transforms , --out c.safetensors | --transforms: expected one value or more, got ','
          import x --channels ,                | --channels: expected one value or more, got ','
          sweep --out o.jsonl --pairs 2147483647 | --pairs must be 1 to 1000000, got 2147483647
          sweep --out o.jsonl --chart /dev/null  | --chart /dev/null: is no regular file, expected a file to write
          sweep --out /dev/null                | /dev/null: is no regular file, expected a file to write
          sample --model /dev/null             | /dev/null: is no regular file, expected a checkpoint or a folder
          inspect /dev/null                    | /dev/null: is no regular file, expected a checkpoint or a folder
          transform --input /dev/null          | --input /dev/null: is no regular file
          evaluate --instead blank --real mnist --real mnist:edge --extractor /dev/null | /dev/null: not a regular file, expected a classifier
          inspect x --model y                  | --model and x exclude each other: one model at a time
          dataset inspect idx:x --data d       | --data d: goes with mnist, not with idx:x
          dataset prepare idx:x --data d --out nothing | --data d: goes with mnist, not with idx:x
          transform --input idx:x --data d     | --data d: goes with mnist, not with idx:x
          """)
  @DisabledOnOs(OS.WINDOWS)
  void optionsWithoutSense(String typed, String message) {
    Object[] command = typed.split(" ");
    refused(typed, command);
    assertThat(Cli.run(command).message()).isEqualTo("cogan: " + message);
  }

  /** Behind the sign a library would look for a file of more arguments. */
  @Test
  void aNameMayBeginWithAnAt() throws IOException {
    Path arguments = Files.writeString(folder.resolve("arguments"), "--help");
    for (Path there : new Path[] {folder, arguments}) {
      refused("@", "inspect", "@" + there);
      assertThat(Cli.run("inspect", "@" + there).message())
          .isEqualTo("cogan: @" + there + ": no such file or folder");
    }
  }

  @Test
  void namesThatNoFileCanHave() {
    for (String option : new String[] {"--model", "--config"}) {
      refused("NUL", "sample", option + "=\0x");
      assertThat(Cli.run("sample", option + "=\0x").message())
          .isEqualTo(
              "cogan: "
                  + option
                  + ": expected the name of a file or folder, got '?x': Nul character not allowed");
    }
  }

  @Test
  void numbers() throws IOException {
    Path good = folder.resolve("c.safetensors");
    SmallModels.write(
        good, SmallModels.narrow(Preset.DIGITS_SMALL), Preset.DIGITS_SMALL.training(1));
    byte[] bytes = Files.readAllBytes(good);
    for (int i = 0; i < 4; i++) {
      bytes[bytes.length - 1 - i] = -1; // NaN
    }
    Path file = folder.resolve("nan.safetensors");
    Files.write(file, bytes);
    refused("NaN", "inspect", "--verify", file);
    Path npy = folder.resolve("z.npy");
    byte[] header = "\u0093NUMPY\1\0".getBytes(StandardCharsets.ISO_8859_1);
    String text = "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 5), }\n";
    Files.write(
        npy,
        ByteBuffer.allocate(10 + text.length())
            .put(header)
            .put((byte) text.length())
            .put((byte) 0)
            .put(text.getBytes(StandardCharsets.ISO_8859_1))
            .array());
    refused("npy", "sample", "--model", good, "--latents", npy, "--out", folder.resolve("x.png"));
  }
}
