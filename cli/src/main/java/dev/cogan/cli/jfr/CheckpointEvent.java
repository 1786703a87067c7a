package dev.cogan.cli.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A checkpoint written, forced to the disk, read back and verified. */
@Name("cogan.Checkpoint")
@Label("Checkpoint")
@Category("CoGAN")
@Description("Written, forced to the disk, read back and verified")
@StackTrace(false)
final class CheckpointEvent extends Event {
  @Label("Step")
  long step;

  @Label("Path")
  String path;

  @Label("Size")
  @DataAmount
  long bytes;
}
