/** The command line: training, sampling and looking into checkpoints. */
module dev.cogan.cli {
  requires dev.cogan.engine;
  requires info.picocli;
  requires static java.desktop;
  requires static jdk.unsupported;

  opens dev.cogan.cli to
      info.picocli;
}
