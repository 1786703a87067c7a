package dev.cogan.engine;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the compiled classes of a package, so that a test notices when one is added. */
public final class MainClasses {
  private MainClasses() {}

  /**
   * All classes of the package of {@code member}, nested ones too, without initialising them.
   *
   * @param member a class that was compiled into a folder, not into a jar
   */
  public static List<Class<?>> besides(Class<?> member) {
    String prefix = member.getPackageName();
    try {
      Path root = Path.of(member.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.list(root.resolve(prefix.replace('.', '/')))) {
        return files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith(".class"))
            .sorted()
            .<Class<?>>map(name -> load(prefix + '.' + name.substring(0, name.length() - 6)))
            .toList();
      }
    } catch (IOException | URISyntaxException e) {
      throw new AssertionError("cannot list the classes of " + prefix, e);
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, MainClasses.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
