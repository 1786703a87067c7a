package dev.cogan.cli.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A number that is no longer finite. */
@Name("cogan.Divergence")
@Label("Divergence")
@Category("CoGAN")
@Description("A loss or a weight is no longer finite")
@StackTrace(false)
final class DivergenceEvent extends Event {
  @Label("Step")
  long step;

  @Label("Tensor")
  String tensor;

  @Label("Reason")
  String reason;
}
