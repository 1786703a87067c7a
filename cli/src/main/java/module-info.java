/** The command line: training, sampling and looking into checkpoints. */
module dev.cogan.cli {
  requires dev.cogan.engine;
  requires info.picocli;
  requires static java.desktop;
  // Only to know the collector's ways with large arrays.
  requires static java.management;
  // Only for bench, to see when the compiler is done, and for training, to keep the heap small.
  requires static jdk.management;
  // Events of a training; a JVM without it records none.
  requires static jdk.jfr;
  requires static jdk.unsupported;
  // Only for train --dashboard; a JVM without it runs everything else.
  requires static jdk.httpserver;

  opens dev.cogan.cli to
      info.picocli;
}
