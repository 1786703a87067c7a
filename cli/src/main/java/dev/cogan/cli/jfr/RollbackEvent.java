package dev.cogan.cli.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A training that goes back to its last checkpoint. */
@Name("cogan.Rollback")
@Label("Rollback")
@Category("CoGAN")
@Description("The training goes back to its last checkpoint with lower rates")
@StackTrace(false)
final class RollbackEvent extends Event {
  @Label("Diverged at Step")
  long divergedAt;

  @Label("Back to Step")
  long step;

  @Label("Generator Rate")
  double generatorRate;

  @Label("Discriminator Rate")
  double discriminatorRate;
}
