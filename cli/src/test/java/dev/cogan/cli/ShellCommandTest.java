package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ShellCommandTest {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");

  @TempDir private Path folder;

  @Test
  void theJarIsNamedFromTheFolderWhereTheProgramRuns() throws IOException {
    Path jar = jar(folder.resolve("cogan.jar"), Main.class.getName(), "", null);
    Path blank = Files.createDirectory(folder.resolve("my tools"));
    Path other = jar(blank.resolve("cogan.jar"), Main.class.getName(), "", null);
    assertThat(ShellCommand.jar(jar, folder)).isEqualTo("cogan.jar");
    assertThat(ShellCommand.jar(jar, folder.getParent()))
        .isEqualTo(folder.getFileName().resolve("cogan.jar").toString());
    assertThat(ShellCommand.jar(jar, blank)).isEqualTo(ShellCommand.quoted(jar));
    assertThat(ShellCommand.jar(other, folder)).isEqualTo("\"" + folder.relativize(other) + "\"");
  }

  @Test
  void whatCannotBeStartedAsAJarIsCalledAsTheDocumentsDo() throws IOException {
    Path library = jar(folder.resolve("library.jar"), null, "", null);
    Path broken = Files.writeString(folder.resolve("broken.jar"), "no jar");
    for (Path code : List.of(folder, library, broken, folder.resolve("none.jar"))) {
      assertThat(ShellCommand.jar(code, folder)).as("%s", code).isEqualTo(ShellCommand.JAR);
    }
  }

  @Test
  void onWindowsOnlyBlanksAndTheLikeAreQuoted() {
    assertThat(ShellCommand.quoted("C:\\runs\\00000-mnist", true))
        .isEqualTo("C:\\runs\\00000-mnist");
    assertThat(ShellCommand.quoted("C:\\my runs\\a(1)", true)).isEqualTo("\"C:\\my runs\\a(1)\"");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aShellReadsAQuotedNameAsItIs() throws Exception {
    List<String> names =
        List.of(
            "runs/00000-mnist",
            "läufe/zahlen",
            "my runs",
            "a\\b",
            "$HOME",
            "`id`",
            "it's",
            "it's a \"$x\"",
            "a;b&c|d(e)",
            "~",
            "*",
            "50% off!");
    String words =
        names.stream().map(n -> ShellCommand.quoted(n, false)).collect(Collectors.joining(" "));
    assertThat(shell("printf '%s\\n' " + words).lines()).containsExactlyElementsOf(names);
    assertThat(ShellCommand.quoted("runs/00000-mnist", false)).isEqualTo("runs/00000-mnist");
    assertThat(ShellCommand.quoted("my runs", false)).isEqualTo("\"my runs\"");
  }

  /** The program as a jar in a folder with a blank, a run in another; nothing is typed by hand. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void whatTrainPrintsWorksWhenPasted() throws Exception {
    Path tools = Files.createDirectory(folder.resolve("my tools"));
    Path classes = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    jar(tools.resolve("cogan.jar"), Main.class.getName(), libraries(classes), classes);
    String options = String.join(" ", TrainingProcess.TINY) + " --steps 1 --outdir 'my runs'";
    String train =
        "java -Dcogan.kernels=scalar -XX:TieredStopAtLevel=1 -jar 'my tools/cogan.jar' train ";
    String printed = shell(train + options);
    assertThat(printed).contains("-jar \"my tools/cogan.jar\" sample");
    Matcher sample = Pattern.compile("(?m)^sample {6}((?:.*\\\\\n)*.*)$").matcher(printed);
    assertThat(sample.find()).as(printed).isTrue();
    shell(sample.group(1));
    assertThat(folder.resolve("pairs.png")).isNotEmptyFile();
    assertThat(shell("java -jar 'my tools/cogan.jar' --help"))
        .contains("-jar \"my tools/cogan.jar\" train");
    String goOn =
        TrainingSession.goOn(new RunDirectory(Path.of("my runs", "00000-mnist-edge-digits-small")))
            .replace("-jar cogan.jar", "-jar 'my tools/cogan.jar'");
    assertThat(goOn).startsWith("go on     java ");
    shell(goOn.substring("go on     ".length()) + " --steps 2");
    assertThat(
            folder.resolve("my runs/00000-mnist-edge-digits-small/checkpoint-000002.safetensors"))
        .exists();
  }

  /** What the classes need beside themselves, as a manifest names it. */
  private static String libraries(Path classes) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath())
        .filter(entry -> !entry.equals(classes))
        .map(entry -> entry.toUri().toString())
        .collect(Collectors.joining(" "));
  }

  private static Path jar(Path file, String main, String libraries, Path classes)
      throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.CLASS_PATH, libraries);
    if (main != null) {
      attributes.put(Attributes.Name.MAIN_CLASS, main);
    }
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out, manifest);
        Stream<Path> all = classes == null ? Stream.of() : Files.walk(classes)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        jar.putNextEntry(new JarEntry(classes.relativize(each).toString()));
        Files.copy(each, jar);
      }
    }
    return file;
  }

  /** Runs a line in a shell, in the test's folder; returns what it prints on standard output. */
  private String shell(String line) throws IOException, InterruptedException {
    Path errors = folder.resolve("errors.txt");
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", line)
            .directory(folder.toFile())
            .redirectError(errors.toFile());
    builder.environment().merge("PATH", JAVA.toString(), (old, java) -> java + ":" + old);
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(line + "\n" + out + Files.readString(errors)).isZero();
    return out;
  }
}
