package dev.cogan.cli.fuzz;

import java.io.IOException;

/** What Jazzer calls: the {@link FuzzTarget} that the property {@code cogan.fuzz} names. */
public final class JazzerTarget {
  private static final FuzzTarget TARGET = FuzzTarget.valueOf(System.getProperty("cogan.fuzz"));

  private JazzerTarget() {}

  /** One execution. */
  public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
    TARGET.run(bytes);
  }
}
