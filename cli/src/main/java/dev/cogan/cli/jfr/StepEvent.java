package dev.cogan.cli.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Percentage;
import jdk.jfr.StackTrace;

/** One step of the discriminators and one of the generators. */
@Name("cogan.TrainingStep")
@Label("Training Step")
@Category("CoGAN")
@Description("One step of the discriminators and one of the generators")
@StackTrace(false)
final class StepEvent extends Event {
  @Label("Step")
  long step;

  @Label("Discriminator Loss")
  @Description("As --loss says: with bce in nats, summed over the domains")
  double discriminatorLoss;

  @Label("Generator Loss")
  @Description("As --loss says: with bce in nats, summed over the domains")
  double generatorLoss;

  @Label("Discriminator Right")
  @Percentage
  float discriminatorRight;

  @Label("Real Images")
  int images;
}
