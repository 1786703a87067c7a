/** The command line: training, sampling and looking into checkpoints. */
module dev.cogan.cli {
  requires dev.cogan.engine;
  requires info.picocli;
  requires static java.desktop;
  requires static jdk.unsupported;
  // Only for train --dashboard; a JVM without it runs everything else.
  requires static jdk.httpserver;

  opens dev.cogan.cli to
      info.picocli;
}
