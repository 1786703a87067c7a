package dev.cogan.engine.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the images of a domain come from. Two domains with equal sources share the images, and each
 * gets a part of its own.
 *
 * @param kind {@code mnist}, {@code idx}, {@code folder}, {@code celeba} or {@code rgbd}
 * @param location the {@linkplain #place place} of the file or folder; empty for {@code mnist}
 */
public record DomainSource(String kind, String location) {
  /** The MNIST training images. */
  static final String MNIST = "mnist";

  /** A file in IDX format. */
  static final String IDX = "idx";

  /** A folder or zip file of pictures. */
  static final String FOLDER = "folder";

  /** CelebA's layout: pictures and a list of attributes. */
  static final String CELEBA = "celeba";

  /** Pictures and their depth maps. */
  static final String RGBD = "rgbd";

  /**
   * By hand: a record's own equals leaves its class in a cache of the JDK, which then keeps the
   * class loader of a program that is long gone.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof DomainSource s && kind.equals(s.kind) && location.equals(s.location);
  }

  @Override
  public int hashCode() {
    return 31 * kind.hashCode() + location.hashCode();
  }

  /**
   * Where a file or folder is, by whatever path it was named: absolute, and with links to folders
   * followed, behind which {@code ..} is not what the text of the path says. A file keeps the name
   * that it has there, since names tell what files are.
   */
  public static Path place(Path named) {
    Path absolute = named.toAbsolutePath();
    try {
      Path folder = absolute.getParent();
      return folder == null || Files.isDirectory(absolute)
          ? absolute.toRealPath()
          : folder.toRealPath().resolve(absolute.getFileName());
    } catch (IOException | SecurityException e) {
      return absolute.normalize(); // Not there, which whoever reads it will say.
    }
  }

  /** The file or folder. */
  public Path path() {
    return Path.of(location);
  }

  /** Whether it consists of picture files. */
  public boolean isPictures() {
    return kind.equals(FOLDER) || kind.equals(CELEBA) || kind.equals(RGBD);
  }
}
