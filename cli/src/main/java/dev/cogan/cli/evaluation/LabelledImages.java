package dev.cogan.cli.evaluation;

import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.data.IdxFile;
import dev.cogan.engine.data.ImageSet;
import dev.cogan.engine.data.ImageTransform;
import dev.cogan.engine.data.ImageTransforms;
import dev.cogan.engine.io.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
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
    int most = 0;
    for (int i = 0; i < set.count(); i++) {
      most = Math.max(most, set.label(i));
    }
    return most + 1;
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
