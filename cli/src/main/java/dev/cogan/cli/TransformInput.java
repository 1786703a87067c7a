package dev.cogan.cli;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.DomainLoader;
import dev.cogan.engine.data.DomainSpec;
import dev.cogan.engine.data.FileTree;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import picocli.CommandLine.Option;

/** The images that {@code transform} is given. */
final class TransformInput {
  private static final int DEFAULT_IMAGES = 8;

  private static final Pattern PICTURE = Pattern.compile("(?i)\\.(png|jpe?g)$");
  private static final Pattern FILE =
      Pattern.compile("(?i)^([a-z]:)?[^:]*(\\.(png|jpe?g|idx|gz)|-ubyte)$");

  /** No source of images has a slash in its name. */
  private static final Pattern PATH = Pattern.compile("(?i)^([a-z]:)?[^:]*[/\\\\]");

  @Option(
      names = "--input",
      paramLabel = "IMAGES",
      required = true,
      description =
          "A PNG, JPEG or IDX file, or images as train knows them: mnist:edge, folder:DIR, ...")
  private String text;

  @Option(
      names = "--images",
      paramLabel = "LIST",
      converter = SeedRanges.class,
      description = "Which of them, counted from 0, such as 0-15 or 3,8 (default: the first 8).")
  private SeedRanges.Seeds chosen;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder with the MNIST files (default: 10,000 digits carried in the jar).")
  private Path data;

  private long[] indices;

  /** As it was given. */
  String text() {
    return text;
  }

  /** The number of an image, for a table. */
  String label(int index) {
    return Long.toString(indices[index]);
  }

  /**
   * Reads the images.
   *
   * @param domain of the model that they are images of
   * @param depth whether those are depth maps
   * @param err learns which files could not be read
   * @return {@code [n, channels, height, width]}
   */
  Tensor load(DomainShape domain, boolean depth, int most, PrintWriter err) {
    requireThere();
    requirePictures();
    if (depth) {
      requireDepth(domain.name());
    }
    Shape shape = domain.image();
    DomainSpec spec = DomainSpec.parse(isFile() ? fileSpec(shape) : text);
    DomainImages.requireMnist(data, List.of(spec));
    DomainLoader loader = DomainImages.loader(data, shape.size(1));
    DomainData images = loader.load(List.of(spec), 0).get(0);
    DomainImages.report(loader.bad(), err);
    if (!images.shape().equals(shape)) {
      throw new InputException(
          "--input "
              + text
              + ": the model expects images "
              + shape
              + ", found "
              + images.shape()
              + DomainImages.howToResize(spec));
    }
    indices =
        chosen == null
            ? LongStream.range(0, Math.min(DEFAULT_IMAGES, images.count())).toArray()
            : chosen.values();
    if (indices.length > most) {
      throw new InputException("--images: at most " + most + " at a time, got " + indices.length);
    }
    Tensor result = Tensor.zeros(shape.prepend(indices.length));
    for (int i = 0; i < indices.length; i++) {
      if (indices[i] >= images.count()) {
        throw new InputException(
            "--images: "
                + text
                + " has images 0 to "
                + (images.count() - 1)
                + ", not "
                + indices[i]);
      }
      images.fill(result.data(), i * shape.count(), (int) indices[i]);
    }
    return result;
  }

  /**
   * Refuses to write over the images; for {@link #load}ed ones.
   *
   * @param file that the command will write
   */
  void requireOther(String option, Path file) {
    String location = isFile() ? text : DomainSpec.parse(text).source().location();
    if (!location.isEmpty()) { // MNIST's has none.
      OutputPlace.requireOther(option, file, "--input", Path.of(location));
    }
  }

  /** A path that leads nowhere would be called a source of images that is not known. */
  private void requireThere() {
    if (isFile() || !FILE.matcher(text).find() && !PATH.matcher(text).find()) {
      return;
    }
    throw new InputException(
        "--input "
            + text
            + (is(Files::isDirectory)
                ? ": is a folder, say folder:" + text
                : is(Files::exists) ? ": is no regular file" : ": no such file"));
  }

  /** A picture by name that is none by content would be called a bad IDX file. */
  private void requirePictures() {
    if (isFile() && PICTURE.matcher(text).find() && !FileTree.isPicture(Path.of(text))) {
      throw new InputException("--input " + text + ": neither a PNG nor a JPEG");
    }
  }

  /** The grey of a picture is not the depth that a training has mapped from its domain's range. */
  private void requireDepth(String domain) {
    if (isFile() && FileTree.isPicture(Path.of(text))) {
      throw new InputException(
          "--input "
              + text
              + ": domain "
              + domain
              + " is depth, and a picture by itself does not say which depths are black and white;"
              + " put it into a folder DIR/depth and say rgbd:DIR:depth:range=LOW-HIGH, with the"
              + " range of the training");
    }
  }

  /** What train would call this file. */
  private String fileSpec(Shape shape) {
    return FileTree.isPicture(Path.of(text))
        ? "folder:" + text + ":" + (shape.size(0) == 1 ? "grey" : "rgb")
        : "idx:" + text + ":identity";
  }

  private boolean isFile() {
    return is(Files::isRegularFile);
  }

  private boolean is(Predicate<Path> kind) {
    try {
      return kind.test(Path.of(text));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
