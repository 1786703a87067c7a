package dev.cogan.engine.data;

import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;

/** A folder with its folders, down to a depth of ten; symbolic links in it are not followed. */
final class FolderTree implements FileTree {
  private static final int MAX_DEPTH = 10;

  private final Path root;
  private final List<String> names = new ArrayList<>();

  FolderTree(Path root) {
    this.root = root;
    try {
      // The given folder itself may be a link.
      Path real = root.toRealPath();
      Files.walkFileTree(
          real,
          EnumSet.noneOf(java.nio.file.FileVisitOption.class),
          MAX_DEPTH,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              String name = name(real.relativize(file));
              if (attributes.isRegularFile() && !FileTree.isHidden(name)) {
                names.add(name);
              }
              if (names.size() > MAX_FILES) {
                throw new InputException(root + ": more than " + MAX_FILES + " files");
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              // Hidden ones are not wanted: lost files of a disk, another user's trash.
              if (FileTree.isHidden(name(real.relativize(file)))) {
                return FileVisitResult.CONTINUE;
              }
              throw InputException.cannotRead(file, e);
            }
          });
    } catch (IOException e) {
      throw InputException.cannotRead(root, e);
    } catch (UncheckedIOException e) {
      throw InputException.cannotRead(root, e.getCause());
    }
    Collections.sort(names);
  }

  /** With slashes; a backslash is part of a name where it does not separate names. */
  private static String name(Path relative) {
    return relative.toString().replace(relative.getFileSystem().getSeparator(), "/");
  }

  @Override
  public List<String> names() {
    return Collections.unmodifiableList(names);
  }

  @Override
  public byte[] read(String name) {
    try {
      return OneFile.read(root.resolve(name));
    } catch (InvalidPathException e) {
      // The walk can list such a file; a path cannot be made of its name.
      throw new InputException(
          label(name)
              + ": its name has characters that this locale has not; start with LC_ALL=C.UTF-8",
          e);
    }
  }

  @Override
  public String label(String name) {
    try {
      return root.resolve(name).toString();
    } catch (InvalidPathException e) {
      return root + "/" + name;
    }
  }

  @Override
  public void close() {}
}
