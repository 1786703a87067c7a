package dev.cogan.cli;

import dev.cogan.engine.io.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Options that say what the images are. */
final class DomainOptions {
  @Option(
      names = "--a",
      paramLabel = "SPEC",
      description = {
        "Images of the first domain:",
        "mnist, mnist:edge, mnist:negative, mnist:rotate90, or the same with idx:FILE in place of"
            + " mnist; folder:DIR, celeba:DIR:+Attribute, rgbd:DIR:color or rgbd:DIR:depth with"
            + " DIR a folder or zip file of pictures."
      })
  private String a;

  @Option(names = "--b", paramLabel = "SPEC", description = "Images of the second domain.")
  private String b;

  @Option(names = "--c", paramLabel = "SPEC", description = "Images of a third domain.")
  private String c;

  @Option(names = "--d", paramLabel = "SPEC", description = "Images of a fourth domain.")
  private String d;

  @Option(
      names = "--size",
      paramLabel = "N",
      description =
          "Side of the images made of pictures (default: the preset's; on a resume, the run's).")
  private Integer size;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder with the MNIST files train-images-idx3-ubyte[.gz] (default: 10,000 of these"
              + " digits, carried in the jar; on a resume, the run's).")
  private Path data;

  @Option(
      names = "--overlap",
      description =
          "Domains of one source all see all of its images, instead of disjoint parts of it.")
  private boolean overlap;

  Path data() {
    return data;
  }

  /** As given, or null. */
  Integer size() {
    return size;
  }

  boolean overlap() {
    return overlap;
  }

  /** The specs given, in order; empty if there is none. */
  List<String> given() {
    List<String> specs = new ArrayList<>();
    String[] all = {a, b, c, d};
    boolean gap = false;
    for (int i = 0; i < all.length; i++) {
      if (all[i] == null) {
        gap = true;
      } else if (gap) {
        throw new InputException(
            "--"
                + "abcd".charAt(i)
                + " is given but --"
                + "abcd".charAt(specs.size())
                + " is not; domains go in order");
      } else {
        specs.add(all[i]);
      }
    }
    if (specs.size() == 1) {
      throw new InputException("a coupled model needs two domains: --b is missing");
    }
    return specs;
  }
}
