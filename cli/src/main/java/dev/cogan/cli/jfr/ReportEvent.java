package dev.cogan.cli.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A report written. */
@Name("cogan.Report")
@Label("Report")
@Category("CoGAN")
@Description("The page about the run, written")
@StackTrace(false)
final class ReportEvent extends Event {
  @Label("Step")
  long step;

  @Label("Path")
  String path;

  @Label("Size")
  @DataAmount
  long bytes;
}
