package dev.cogan.cli;

import picocli.CommandLine.IVersionProvider;

/** The program's version: from the jar's manifest, or, as a module, from its descriptor. */
final class Version implements IVersionProvider {

  /** For example {@code cogan 0.1.0}. */
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    if (version == null && Version.class.getModule().isNamed()) {
      version = Version.class.getModule().getDescriptor().rawVersion().orElse(null);
    }
    return "cogan " + (version == null ? "(not packaged)" : version);
  }

  @Override
  public String[] getVersion() {
    return new String[] {text()};
  }
}
