package dev.cogan.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads names of files and folders. An empty one, as a shell makes of a variable that is not set,
 * would be the working directory, and a message about it would name nothing.
 */
final class PathConverter implements ITypeConverter<Path> {
  @Override
  public Path convert(String text) {
    if (text.isEmpty()) {
      throw new TypeConversionException("expected the name of a file or folder, got ''");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException(
          "expected the name of a file or folder, got '" + text + "': " + e.getReason());
    }
  }
}
