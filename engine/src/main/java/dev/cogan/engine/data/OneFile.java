package dev.cogan.engine.data;

import dev.cogan.engine.image.ImageDecoder;
import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One picture, where a folder of pictures is expected. */
final class OneFile implements FileTree {
  private final Path file;

  OneFile(Path file) {
    this.file = file;
  }

  @Override
  public List<String> names() {
    return List.of(file.getFileName().toString());
  }

  @Override
  public byte[] read(String name) {
    return read(file);
  }

  /**
   * All bytes of a file.
   *
   * @throws InputException if it cannot be read or is too large
   */
  static byte[] read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(ImageDecoder.MAX_FILE_BYTES + 1);
      if (bytes.length > ImageDecoder.MAX_FILE_BYTES) {
        throw new InputException(
            file + ": larger than " + (ImageDecoder.MAX_FILE_BYTES >> 20) + " MiB");
      }
      return bytes;
    } catch (IOException e) {
      throw InputException.cannotRead(file, e);
    }
  }

  @Override
  public String label(String name) {
    return file.toString();
  }

  @Override
  public void close() {}
}
