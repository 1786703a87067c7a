package dev.cogan.cli.evaluation;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.IdxFile;
import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.data.ImageTransform;
import dev.cogan.engine.data.ImageTransforms;
import dev.cogan.engine.io.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Labelled images from IDX files, and what the transforms make of them. */
public final class LabelledImages {
  private LabelledImages() {}

  /**
   * Reads images and their labels.
   *
   * @throws InputException if a file is not right, or their counts differ
   */
  public static ImageSet read(Path images, Path labels) {
    ImageSet set = IdxFile.readImages(images);
    byte[] classes = IdxFile.readLabels(labels);
    if (classes.length != set.count()) {
      throw new InputException(
          labels
              + ": "
              + classes.length
              + " labels for the "
              + set.count()
              + " images of "
              + images);
    }
    return set.withLabels(classes);
  }

  /** One more than the highest label. */
  public static int classes(ImageSet set) {
    return used(set).length();
  }

  private static BitSet used(ImageSet set) {
    BitSet used = new BitSet();
    for (int i = 0; i < set.count(); i++) {
      used.set(set.label(i));
    }
    return used;
  }

  /**
   * Refuses what no classifier can learn from: one class, or labels most of which no image has, as
   * those of a damaged or of another file are. A few gaps are fine: letters count from 1.
   *
   * @param labels where they are from
   */
  public static void requireClasses(ImageSet set, Path labels) {
    BitSet used = used(set);
    int classes = used.length();
    if (used.cardinality() < 2) {
      throw new InputException(
          labels + ": every label is " + (classes - 1) + "; expected two classes or more");
    }
    if (2 * used.cardinality() < classes) {
      throw new InputException(
          labels
              + ": "
              + used.cardinality()
              + " different labels up to "
              + (classes - 1)
              + "; expected classes numbered from 0, most of them with images");
    }
  }

  /** The set under each transform, all images in all of them. */
  public static List<DomainData> domains(ImageSet set, List<ImageTransform> transforms) {
    int[] all = new int[set.count()];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    List<DomainData> domains = new ArrayList<>();
    for (ImageTransform t : transforms) {
      ImageSet images = t == ImageTransforms.IDENTITY ? set : set.transformed(t, all);
      domains.add(new DomainData(t.name(), t.name(), images));
    }
    return domains;
  }

  /**
   * Transforms by name, in the given order.
   *
   * @throws InputException if there is none of a name
   */
  public static List<ImageTransform> transforms(List<String> names) {
    List<ImageTransform> transforms = new ArrayList<>();
    for (String name : names) {
      transforms.add(
          ImageTransforms.named(name)
              .orElseThrow(
                  () ->
                      new InputException(
                          "--transforms: no transform '"
                              + name
                              + "', known: "
                              + String.join(", ", ImageTransforms.names()))));
    }
    return transforms;
  }
}
