package dev.cogan.cli;

import dev.cogan.engine.data.DomainSource;
import dev.cogan.engine.data.DomainSpec;
import java.nio.file.Path;

/**
 * The name of a run behind its number: the data, what each domain shows of it, the preset. {@code
 * mnist-edge-digits} is digits and their edges; a source that the domain before has, too, is not
 * named again.
 */
final class RunName {
  private static final int LONGEST = 60;

  private RunName() {}

  /** Letters, digits, dots, dashes and underscores, none of them in front but a letter or digit. */
  static String of(TrainPlan plan) {
    StringBuilder name = new StringBuilder();
    DomainSource before = null;
    for (String text : plan.specs()) {
      DomainSpec domain = DomainSpec.parse(text);
      String view = view(domain);
      if (!domain.source().equals(before)) {
        append(name, source(domain.source()));
      } else if (view.isEmpty()) {
        append(name, source(domain.source()));
      }
      append(name, view);
      before = domain.source();
    }
    String all = name.toString().replaceAll("[^A-Za-z0-9._-]", "_").replaceFirst("^[._-]+", "");
    return all.substring(0, Math.min(LONGEST, all.length())) + "-" + plan.preset();
  }

  private static void append(StringBuilder name, String part) {
    name.append(name.isEmpty() || part.isEmpty() ? "" : "-").append(part);
  }

  private static String source(DomainSource source) {
    if (source.kind().equals("mnist")) {
      return source.kind();
    }
    Path file = source.path().getFileName();
    return file == null
        ? source.kind()
        : file.toString().replaceFirst("(?i)(-images)?(-idx3-ubyte)?(\\.(gz|zip|idx))*$", "");
  }

  /** For example {@code Smiling-noMale}, {@code depth}, {@code edge}; often nothing. */
  private static String view(DomainSpec domain) {
    StringBuilder view = new StringBuilder();
    if (domain.view() != null) {
      for (String attribute : domain.view().attributes()) {
        append(view, attribute.replaceFirst("^\\+", "").replaceFirst("^-", "no"));
      }
    }
    if (domain.source().kind().equals("rgbd")) {
      append(view, domain.isDepth() ? "depth" : "color");
    }
    if (!domain.transform().name().equals("identity")) {
      append(view, domain.transform().name());
    }
    return view.toString();
  }
}
