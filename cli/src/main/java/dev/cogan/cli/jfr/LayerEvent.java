package dev.cogan.cli.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * The kernels that one layer runs, forward or backward, in one step of {@link
 * FlightRecorder#EVERY}.
 */
@Name("cogan.Kernels")
@Label("Kernels of a Layer")
@Category("CoGAN")
@Description("The kernels that one layer runs, forward or backward; sampled: one step in 50")
@StackTrace(false)
final class LayerEvent extends Event {
  @Label("Step")
  long step;

  @Label("Layer")
  String layer;

  @Label("Kind")
  String kind;

  @Label("Backward")
  boolean backward;
}
