package dev.cogan.engine.data;

import dev.cogan.engine.image.ImageDecoder;
import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A zip file, read in place. Its directory's size is looked at before it is loaded; entries that
 * overlap (the trick of archives that unfold without end), that unfold to more than a hundred times
 * their size, or that occur twice, are refused. Names are only compared and shown, never used as
 * paths.
 */
final class ZipTree implements FileTree {
  private static final int MAX_RATIO = 100;
  private static final int SMALL = 1 << 20;

  private final Path path;
  private final ZipFile zip;
  private final Map<String, ZipEntry> entries = new TreeMap<>();

  ZipTree(Path path) {
    this.path = path;
    ZipDirectory.check(path);
    try {
      zip = open(path);
    } catch (IOException | IllegalArgumentException e) {
      throw new InputException(path + ": not a zip file that can be read: " + e.getMessage(), e);
    }
    try {
      index();
    } catch (IllegalArgumentException e) {
      close();
      throw new InputException(path + ": corrupt zip file: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      close();
      throw e;
    } catch (IOException e) {
      close();
      throw InputException.cannotRead(path, e);
    }
  }

  /**
   * Names are to be UTF-8, but some programs write them as their system has them. What letters they
   * are does not matter here: in Latin-1 every byte is one.
   */
  private static ZipFile open(Path path) throws IOException {
    try {
      return new ZipFile(path.toFile());
    } catch (ZipException | IllegalArgumentException e) {
      return new ZipFile(path.toFile(), StandardCharsets.ISO_8859_1);
    }
  }

  private void index() throws IOException {
    long compressed = 0;
    Enumeration<? extends ZipEntry> all = zip.entries();
    while (all.hasMoreElements()) {
      ZipEntry entry = all.nextElement();
      compressed += Math.max(0, entry.getCompressedSize());
      String name = entry.getName().replace('\\', '/');
      if (entry.isDirectory() || FileTree.isHidden(name)) {
        continue;
      }
      if (entries.put(name, entry) != null) {
        throw new InputException(path + ": holds " + name + " twice");
      }
      if (entries.size() > MAX_FILES) {
        throw new InputException(path + ": more than " + MAX_FILES + " files");
      }
    }
    if (compressed > Files.size(path)) {
      throw new InputException(path + ": its entries overlap; such archives are not read");
    }
  }

  @Override
  public List<String> names() {
    return Collections.unmodifiableList(new ArrayList<>(entries.keySet()));
  }

  @Override
  public byte[] read(String name) {
    ZipEntry entry = entries.get(name);
    if (entry == null) {
      throw new InputException(label(name) + ": no such file");
    }
    long packed = Math.max(1, entry.getCompressedSize());
    long most = Math.min(ImageDecoder.MAX_FILE_BYTES, Math.max(SMALL, packed * MAX_RATIO));
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes((int) most + 1);
      if (bytes.length > most) {
        throw new InputException(
            label(name)
                + ": unfolds to more than "
                + most
                + " bytes from "
                + packed
                + "; such files are not read");
      }
      return bytes;
    } catch (IOException | IllegalArgumentException e) {
      String why = e.getMessage() == null ? "it ends too early" : e.getMessage();
      throw new InputException(label(name) + ": cannot unpack: " + why, e);
    }
  }

  @Override
  public String label(String name) {
    return path + "!" + name;
  }

  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException e) {
      throw InputException.cannotRead(path, e);
    }
  }
}
