package dev.cogan.cli;

import dev.cogan.cli.dataset.DatasetImages;
import dev.cogan.cli.dataset.Decoders;
import dev.cogan.cli.dataset.DomainPlaces;
import dev.cogan.engine.data.BadFile;
import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.DomainLoader;
import dev.cogan.engine.data.DomainSpec;
import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.image.FalseColour;
import dev.cogan.engine.image.RawImage;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.model.ModelConfig;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Checkpoint;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Loads the images of domains, with every decoder that the runtime has, and shows them. */
final class DomainImages {
  private static final int LISTED = 10;

  /** Side of images made of pictures where no model says otherwise. */
  private static final int SIDE = 64;

  private DomainImages() {}

  /**
   * A loader.
   *
   * @param folder of the MNIST files, or null for the digits in the jar
   * @param side of images made of pictures
   */
  static DomainLoader loader(Path folder, int side) {
    DomainLoader loader = new DomainLoader(Digits.in(folder)).decoder(Decoders.available());
    try {
      return loader.side(side);
    } catch (InputException e) {
      throw new InputException("--size: " + e.getMessage(), e);
    }
  }

  /**
   * Every image of one domain, for {@code dataset}.
   *
   * @param size side asked for, or null
   * @param alpha what becomes of transparency, or null
   */
  static DatasetImages all(String spec, Integer size, RawImage.Alpha alpha, Path folder) {
    DomainSpec domain = DomainSpec.parse(spec);
    int side = size == null ? SIDE : size;
    DomainLoader loader = loader(folder, side);
    if (alpha != null && !domain.source().isPictures()) {
      throw new InputException("--alpha: the images of " + spec + " have no transparency");
    }
    DatasetImages images = DatasetImages.load(domain, side, alpha, loader);
    if (size != null) {
      requireSide(side, spec, images.shape());
    }
    return images;
  }

  /** A folder of digits that nothing reads would be believed to be read. */
  static void requireMnist(Path folder, List<DomainSpec> specs) {
    if (folder != null && specs.stream().noneMatch(spec -> spec.source().kind().equals("mnist"))) {
      throw new InputException(
          "--data "
              + folder
              + ": goes with mnist, not with "
              + String.join(" and ", specs.stream().map(DomainSpec::text).toList()));
    }
  }

  /** A hint behind a message on images of another size. */
  static String howToResize(DomainSpec spec) {
    boolean idx = spec.source().kind().equals("idx") && spec.pad() < 0;
    return idx ? "; idx:FILE:pad=N adds N black pixels per side and resizes" : "";
  }

  /** The side of a model's images: that of the first domain. */
  static int side(ModelConfig config) {
    return config.domains().get(0).image().size(1);
  }

  /** Loads domains a, b, ...; files that had to be left out are listed on {@code err}. */
  static List<DomainData> load(
      List<String> specs, Path folder, boolean disjoint, long seed, int side, PrintWriter err) {
    List<DomainSpec> parsed = specs.stream().map(DomainSpec::parse).toList();
    return loadParsed(parsed, folder, disjoint, seed, side, err);
  }

  /**
   * The same, of images at the {@linkplain DomainPlaces places} of a run; those that are elsewhere
   * than the spec would say from here are told on {@code err}.
   */
  static List<DomainData> load(
      List<String> specs,
      Map<String, String> places,
      Path folder,
      boolean disjoint,
      long seed,
      int side,
      PrintWriter err) {
    List<DomainSpec> placed = DomainPlaces.domains(specs, places);
    for (DomainSpec spec : placed) {
      if (!DomainSpec.parse(spec.text()).source().equals(spec.source())) {
        String place = InputException.oneLine(spec.text() + " is " + spec.source().location());
        err.println(Fields.line("images", place));
      }
    }
    return loadParsed(placed, folder, disjoint, seed, side, err);
  }

  private static List<DomainData> loadParsed(
      List<DomainSpec> specs, Path folder, boolean disjoint, long seed, int side, PrintWriter err) {
    DomainLoader loader = loader(folder, side).disjoint(disjoint);
    List<DomainData> data = loader.load(specs, seed);
    report(loader.bad(), err);
    return data;
  }

  /**
   * What the images are, in a few words by domain, for a checkpoint's provenance: the same for the
   * same images wherever they lie.
   */
  static Map<String, Object> prints(List<DomainData> data) {
    Map<String, Object> prints = new LinkedHashMap<>();
    for (DomainData domain : data) {
      prints.put(
          domain.name(),
          String.format(
              Locale.ROOT,
              "%d images %s, CRC-32 %08x",
              domain.count(),
              domain.shape(),
              domain.checksum()));
    }
    return prints;
  }

  /** An option that changed nothing would be believed; {@code side} is what was asked for. */
  static void requireSide(int side, List<DomainData> data) {
    for (DomainData domain : data) {
      requireSide(side, "domain " + domain.name(), domain.shape());
    }
  }

  /**
   * The same for images of one source.
   *
   * @param what messages call it
   */
  static void requireSide(int side, String what, Shape found) {
    if (found.size(1) != side) {
      throw new InputException(
          "--size "
              + side
              + ": the images of "
              + what
              + " keep their "
              + found.size(1)
              + "x"
              + found.size(2)
              + "; only pictures and idx:FILE:pad=N are resized");
    }
  }

  /** Names files that were left out, the first ten of them. */
  static void report(List<BadFile> bad, PrintWriter err) {
    if (bad.isEmpty()) {
      return;
    }
    err.println(
        "cogan: " + bad.size() + (bad.size() == 1 ? " file" : " files") + " could not be used:");
    bad.stream().limit(LISTED).forEach(file -> err.println("  " + file));
    if (bad.size() > LISTED) {
      err.println("  and " + (bad.size() - LISTED) + " more; 'dataset inspect' lists them all");
    }
  }

  /** Tells data sets apart by what is in them, not by how their files are called. */
  static String identity(ImageSet set) {
    return String.format(Locale.ROOT, "%d images, crc32 %08x", set.count(), set.checksum());
  }

  /** Images as a picture should show them: depth in false colour, the others as they are. */
  static List<Tensor> shown(List<String> specs, List<Tensor> images) {
    List<Tensor> shown = new ArrayList<>();
    for (int d = 0; d < images.size(); d++) {
      boolean depth = d < specs.size() && isDepth(specs.get(d)) && images.get(d).size(1) == 1;
      shown.add(depth ? FalseColour.of(images.get(d)) : images.get(d));
    }
    return shown;
  }

  /** What {@link #shown} will make of the images {@code [c, h, w]} of the domains of a model. */
  static List<Shape> shapesShown(Checkpoint checkpoint) {
    List<String> specs = specs(checkpoint);
    List<Shape> shapes = new ArrayList<>();
    for (DomainShape domain : checkpoint.config().domains()) {
      Shape image = domain.image();
      int d = shapes.size();
      boolean depth = d < specs.size() && isDepth(specs.get(d)) && image.size(0) == 1;
      shapes.add(depth ? Shape.of(3, image.size(1), image.size(2)) : image);
    }
    return shapes;
  }

  /** The specs of a checkpoint's domains, as far as it tells. */
  static List<String> specs(Checkpoint checkpoint) {
    List<String> specs = new ArrayList<>();
    if (checkpoint.provenance().get("domains") instanceof List<?> list) {
      list.forEach(item -> specs.add(String.valueOf(item)));
    }
    return specs;
  }

  /**
   * The domains that a file names.
   *
   * @throws InputException if what it says of one is no spec; the message names the file
   */
  static List<DomainSpec> parsed(Path file, List<String> specs) {
    try {
      return specs.stream().map(DomainSpec::parse).toList();
    } catch (InputException e) {
      throw new InputException(file + ": names its images by " + e.getMessage(), e);
    }
  }

  /** Whether a domain is depth, by what a checkpoint says of it. */
  static boolean isDepth(String spec) {
    try {
      return DomainSpec.parse(spec).isDepth();
    } catch (InputException e) {
      return false; // A checkpoint from elsewhere may say what it wants.
    }
  }
}
