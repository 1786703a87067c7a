package dev.cogan.cli.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Percentage;
import jdk.jfr.StackTrace;

/** The agreement of pairs whose operator is known. */
@Name("cogan.Evaluation")
@Label("Evaluation")
@Category("CoGAN")
@Description("Agreement of drawn pairs with the operator that is known from one domain to another")
@StackTrace(false)
final class EvaluationEvent extends Event {
  @Label("Step")
  long step;

  @Label("Pairs")
  int pairs;

  @Label("Mean Agreement")
  @Percentage
  float agreement;
}
