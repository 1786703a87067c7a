package dev.cogan.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A part of a training's time, as a row of its own in JMH's table. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Share {
  /** Of the time from the first step to the end of the last snapshot. */
  public double percent;
}
