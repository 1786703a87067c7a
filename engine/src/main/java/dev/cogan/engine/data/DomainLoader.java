package dev.cogan.engine.data;

import dev.cogan.engine.image.ImageDecoder;
import dev.cogan.engine.image.RawImage;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Loads the domains of an experiment.
 *
 * <p>Domains with one source get disjoint parts of it, so that no image and its transform are ever
 * both in the training data (Liu and Tuzel 2016, section 4: two halves of MNIST). The images of the
 * source are shuffled by the seed and cut into as many equal parts as there are domains; up to that
 * number of images minus one is left over and not used. A source of one domain is used whole.
 * Pictures that only one of the domains wants (faces with and without glasses) go to that one; the
 * others are dealt out evenly in an order shuffled by the seed.
 */
public final class DomainLoader {
  private static final int MAX_DOMAINS = 26;
  private static final int DEFAULT_SIDE = 64;
  private static final int LARGEST_SIDE = 1024;

  private final MnistSource mnist;
  private final List<BadFile> bad = new ArrayList<>();
  private boolean disjoint = true;
  private ImageDecoder decoder = ImageDecoder.pngOnly();
  private int side = DEFAULT_SIDE;

  /** A loader that finds the digits of {@code mnist} specs in the given place. */
  public DomainLoader(MnistSource mnist) {
    this.mnist = mnist;
  }

  /** Whether domains with one source get disjoint parts (default) or each all of its images. */
  public DomainLoader disjoint(boolean parts) {
    disjoint = parts;
    return this;
  }

  /** What reads the files of folders of pictures; PNG only unless something is given. */
  public DomainLoader decoder(ImageDecoder value) {
    decoder = value;
    return this;
  }

  /**
   * The side of the images made of pictures, and of IDX files with {@code pad=N}; 64 unless
   * something is given. MNIST and other IDX files keep theirs.
   *
   * @throws InputException unless it is from 4 to 1024
   */
  public DomainLoader side(int value) {
    if (value < 4 || value > LARGEST_SIDE) {
      throw new InputException(
          "the size of images must be from 4 to " + LARGEST_SIDE + ", got " + value);
    }
    side = value;
    return this;
  }

  /** The files that the last {@link #load} left out. */
  public List<BadFile> bad() {
    return List.copyOf(bad);
  }

  /** The name of domain {@code index}: a, b, c, ... */
  public static String domainName(int index) {
    if (index < 0 || index >= MAX_DOMAINS) {
      throw new IllegalArgumentException("domains are numbered from 0 to 25: " + index);
    }
    return String.valueOf((char) ('a' + index));
  }

  /**
   * Loads domains a, b, c, ...; a source that occurs more than once is read once.
   *
   * @param specs one per domain, at most 26
   * @param seed decides which images go to which domain
   * @throws InputException if a source cannot be read or has too few images
   */
  public List<DomainData> load(List<DomainSpec> specs, long seed) {
    if (specs.isEmpty() || specs.size() > MAX_DOMAINS) {
      throw new InputException("expected 1 to " + MAX_DOMAINS + " domains, got " + specs.size());
    }
    Map<DomainSource, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < specs.size(); i++) {
      groups.computeIfAbsent(specs.get(i).source(), source -> new ArrayList<>()).add(i);
    }
    bad.clear();
    DomainData[] result = new DomainData[specs.size()];
    groups.forEach(
        (source, members) -> {
          if (source.isPictures()) {
            loadPictures(source, members, specs, seed, result);
            return;
          }
          ImageSet images = read(source);
          int[][] parts = parts(images, members, specs, seed);
          boolean shared = members.stream().allMatch(i -> keepsSource(specs.get(i)));
          for (int part = 0; part < parts.length; part++) {
            int domain = members.get(part);
            result[domain] =
                domain(domainName(domain), specs.get(domain), images, parts[part], shared);
          }
        });
    return List.of(result);
  }

  private ImageSet read(DomainSource source) {
    return switch (source.kind()) {
      case DomainSource.MNIST -> mnist.load();
      case DomainSource.IDX -> IdxFile.readImages(source.path());
      default -> throw new IllegalArgumentException("unknown source: " + source);
    };
  }

  private int[][] parts(ImageSet images, List<Integer> members, List<DomainSpec> specs, long seed) {
    int n = members.size();
    int[] order = upTo(images.count());
    int[][] parts = new int[n][];
    if (n == 1 || !disjoint) {
      Arrays.fill(parts, order);
      return parts;
    }
    int size = order.length / n;
    if (size == 0) {
      throw new InputException(
          "domain '"
              + specs.get(members.get(0)).text()
              + "': "
              + n
              + " domains need disjoint parts of its "
              + order.length
              + " images");
    }
    // Named by the domain, not by the file: a moved file gives the same parts.
    RandomStream.of(seed, "parts." + domainName(members.get(0))).shuffle(order);
    for (int i = 0; i < n; i++) {
      parts[i] = Arrays.copyOfRange(order, i * size, (i + 1) * size);
    }
    return parts;
  }

  private void loadPictures(
      DomainSource source,
      List<Integer> members,
      List<DomainSpec> specs,
      long seed,
      DomainData[] result) {
    PictureLoader loader = new PictureLoader(decoder, side, RawImage.Alpha.WHITE);
    try (PictureSource pictures = PictureSource.open(source)) {
      List<PictureView> views = members.stream().map(i -> specs.get(i).view()).toList();
      views.forEach(pictures::require);
      // Named by the domain, not by the file: a moved file gives the same parts.
      RandomStream random = RandomStream.of(seed, "parts." + domainName(members.get(0)));
      List<List<String>> parts = new PictureParts(pictures, views).deal(random, disjoint);
      for (int i = 0; i < parts.size(); i++) {
        int domain = members.get(i);
        DomainSpec spec = specs.get(domain);
        if (parts.get(i).isEmpty()) {
          throw PictureLoader.none(spec);
        }
        PictureLoader.Loaded loaded = loader.load(pictures, parts.get(i), spec);
        ImageSet images = PictureLoader.transformed(loaded.images(), spec);
        result[domain] =
            new DomainData(domainName(domain), spec.text(), images, null, loaded.augmentation());
      }
      bad.addAll(loader.bad());
    }
  }

  private static int[] upTo(int count) {
    int[] indices = new int[count];
    for (int i = 0; i < count; i++) {
      indices[i] = i;
    }
    return indices;
  }

  /** Whether a domain shows images of its source as they are. */
  private static boolean keepsSource(DomainSpec spec) {
    return spec.pad() < 0 && spec.transform() == ImageTransforms.IDENTITY;
  }

  /**
   * One domain.
   *
   * @param shared whether all domains of the source show its images as they are
   */
  private DomainData domain(
      String name, DomainSpec spec, ImageSet images, int[] part, boolean shared) {
    if (spec.pad() >= 0) {
      // Floats; with a transform there are two copies for a while.
      double copies = spec.transform() == ImageTransforms.IDENTITY ? 1 : 2;
      double pixels = (double) images.shape().size(0) * side * side;
      PictureLoader.requireHeap(spec, part.length, copies * pixels * Float.BYTES);
      ImageSet resized = images.transformed(new PadResize(spec.pad(), side), part);
      return spec.transform() == ImageTransforms.IDENTITY
          ? new DomainData(name, spec.text(), resized)
          : new DomainData(
              name, spec.text(), resized.transformed(spec.transform(), upTo(resized.count())));
    }
    if (keepsSource(spec) && (shared || part.length == images.count())) {
      return new DomainData(name, spec.text(), images, part);
    }
    // Also unchanged ones are copied: else the parts of other domains would stay for nothing.
    return new DomainData(name, spec.text(), images.transformed(spec.transform(), part));
  }
}
