package dev.cogan.cli.dataset;

import dev.cogan.engine.data.BadFile;
import dev.cogan.engine.image.RawImage;
import dev.cogan.engine.io.AtomicFile;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Json;
import dev.cogan.engine.io.Png;
import dev.cogan.engine.tensor.Shape;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Writes a prepared data set: a folder {@code 000000.png, 000001.png, ... manifest.json}, made
 * under another name and then renamed, or an IDX file and {@code NAME.manifest.json} beside it.
 */
public final class DatasetWriter {
  private static final int IDX_IMAGES = 0x00000803;

  private final DatasetImages images;
  private final RawImage.Alpha alpha;

  /**
   * For the given images.
   *
   * @param alpha what became of transparency, white if null
   */
  public DatasetWriter(DatasetImages images, RawImage.Alpha alpha) {
    this.images = images;
    this.alpha = alpha;
  }

  private static boolean isIdx(Path target) {
    return lower(target).endsWith(".idx");
  }

  private static String lower(Path target) {
    return String.valueOf(target.getFileName()).toLowerCase(Locale.ROOT);
  }

  /** Where the manifest of a target goes. */
  public static Path manifest(Path target) {
    return isIdx(target)
        ? target.resolveSibling(target.getFileName() + ".manifest.json")
        : target.resolve("manifest.json");
  }

  /**
   * Refuses a target that exists, before hours of decoding.
   *
   * @throws InputException if it or its manifest does, or if its folder does not; or if it is named
   *     as a compressed IDX file, which would become a folder
   */
  public static void requireNew(Path target) {
    if (lower(target).endsWith(".idx.gz")) {
      throw new InputException(
          "--out " + target + ": IDX files are written plain, expected a name ending in .idx");
    }
    for (Path file : List.of(target, manifest(target))) {
      if (Files.exists(file)) {
        throw new InputException("--out " + file + ": exists already");
      }
    }
    Path parent = target.toAbsolutePath().normalize().getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new InputException("--out " + target + ": its folder does not exist");
    }
  }

  /**
   * Writes the data set.
   *
   * @param stop asked before every image whether to end; nothing is left of the data set then
   * @return whether it was written
   * @throws InputException if the place is not to be written to
   * @throws UncheckedIOException if writing fails later, for example because the disk is full
   */
  public boolean write(Path target, BooleanSupplier stop) {
    try {
      if (isIdx(target)) {
        writeIdx(target, stop);
      } else {
        writeFolder(target, stop);
      }
      return true;
    } catch (StoppedException e) {
      return false;
    }
  }

  /** Leads out of a file or folder that is half written, past those who delete it. */
  private static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private byte[] image(int index, BooleanSupplier stop) {
    if (stop.getAsBoolean()) {
      throw new StoppedException();
    }
    return images.bytes(index);
  }

  private void writeIdx(Path target, BooleanSupplier stop) {
    Shape shape = images.shape();
    if (shape.size(0) != 1) {
      throw new InputException(
          "--out "
              + target
              + ": IDX holds grey images, these have 3 channels; name a folder, or"
              + " add grey to the spec");
    }
    AtomicFile.write(
        target,
        out -> {
          DataOutputStream data = new DataOutputStream(out);
          data.writeInt(IDX_IMAGES);
          data.writeInt(images.count());
          data.writeInt(shape.size(1));
          data.writeInt(shape.size(2));
          for (int i = 0; i < images.count(); i++) {
            data.write(image(i, stop));
          }
          data.flush();
        });
    AtomicFile.write(manifest(target), manifestText().getBytes(StandardCharsets.UTF_8));
  }

  private void writeFolder(Path target, BooleanSupplier stop) {
    Path parent = target.toAbsolutePath().normalize().getParent();
    Path folder = newFolder(parent, target);
    try {
      Shape shape = images.shape();
      for (int i = 0; i < images.count(); i++) {
        byte[] png = Png.encode(image(i, stop), shape.size(0), shape.size(1), shape.size(2));
        Files.write(folder.resolve(name(i)), png);
      }
      // The last file: a folder without it is not whole.
      AtomicFile.write(
          folder.resolve("manifest.json"), manifestText().getBytes(StandardCharsets.UTF_8));
      Files.move(folder, target.toAbsolutePath(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw InputException.writingFailed(target, e);
    } finally {
      deleteIfThere(folder);
    }
  }

  /** Not Files.createTempDirectory: the data set would stay closed to everybody else. */
  private static Path newFolder(Path parent, Path target) {
    long number = System.nanoTime();
    while (true) {
      try {
        return Files.createDirectory(parent.resolve(".dataset-" + Long.toHexString(number++)));
      } catch (FileAlreadyExistsException e) {
        // Somebody else's: the next number.
      } catch (IOException e) {
        throw InputException.cannotWrite(target, e);
      }
    }
  }

  private static void deleteIfThere(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      // The failure that led here is the one to report.
    }
  }

  private static String name(int index) {
    return String.format(Locale.ROOT, "%06d.png", index);
  }

  /** The manifest: what the images are and where each comes from. */
  public String manifestText() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", "cogan-dataset");
    json.put("format_version", 1);
    json.put("spec", images.spec().text());
    json.put("transform", images.spec().transform().name());
    json.put("count", images.count());
    json.put("channels", images.shape().size(0));
    json.put("height", images.shape().size(1));
    json.put("width", images.shape().size(2));
    RawImage.Alpha laid = alpha == null ? RawImage.Alpha.WHITE : alpha;
    json.put("alpha", laid.name().toLowerCase(Locale.ROOT));
    if (images.spec().isDepth()) {
      json.put("depth_low", images.low());
      json.put("depth_high", images.high());
    }
    json.put("sources", images.files());
    json.put("bad", badJson(images.bad()));
    return Json.writePretty(json);
  }

  static List<Object> badJson(List<BadFile> bad) {
    List<Object> list = new ArrayList<>();
    for (BadFile file : bad) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("file", file.file());
      entry.put("reason", file.reason());
      list.add(entry);
    }
    return list;
  }
}
