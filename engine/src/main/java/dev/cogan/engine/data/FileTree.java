package dev.cogan.engine.data;

import dev.cogan.engine.image.ImageDecoder;
import dev.cogan.engine.image.ImageFormat;
import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The files below a folder or in a zip file, by their relative names with {@code '/'}, sorted.
 * Nothing is unpacked to disk. Hidden files and what macOS adds to archives are left out.
 */
public interface FileTree extends AutoCloseable {
  /** More files than this are refused. */
  int MAX_FILES = 2_000_000;

  /** Names of the files. */
  List<String> names();

  /**
   * Reads a file.
   *
   * @throws InputException if it cannot be read, or is larger than {@link
   *     ImageDecoder#MAX_FILE_BYTES}
   */
  byte[] read(String name);

  /** What messages call a file. */
  String label(String name);

  @Override
  void close();

  /**
   * Opens a folder, a zip file, or one picture.
   *
   * @throws InputException if it is neither
   */
  static FileTree open(Path path) {
    if (Files.isDirectory(path)) {
      return new FolderTree(path);
    }
    if (!Files.exists(path)) {
      throw new InputException(path + ": no such folder or zip file");
    }
    if (!Files.isRegularFile(path)) {
      throw new InputException(path + ": neither a folder nor a zip file");
    }
    return isPicture(path) ? new OneFile(path) : new ZipTree(path);
  }

  /** Whether a file begins as a PNG or a JPEG does, whatever its name. */
  static boolean isPicture(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      return ImageFormat.of(in.readNBytes(8)) != ImageFormat.OTHER;
    } catch (IOException e) {
      throw InputException.cannotRead(path, e);
    }
  }

  /** Whether a relative name is one that people do not mean. */
  static boolean isHidden(String name) {
    for (String part : name.split("/")) {
      if (part.startsWith(".") || part.equals("__MACOSX")) {
        return true;
      }
    }
    return false;
  }

  /** The last part of a name, in lower case. */
  static String file(String name) {
    return name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
  }

  /** The folder part of a name, with a slash at its end unless empty. */
  static String folder(String name) {
    return name.substring(0, name.lastIndexOf('/') + 1);
  }
}
