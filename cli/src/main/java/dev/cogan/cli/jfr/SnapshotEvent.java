package dev.cogan.cli.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Everything that is done at a snapshot: pictures, checkpoint, metrics, report. */
@Name("cogan.Snapshot")
@Label("Snapshot")
@Category("CoGAN")
@Description("Pictures, checkpoint, metrics and report at a snapshot")
@StackTrace(false)
final class SnapshotEvent extends Event {
  @Label("Step")
  long step;
}
