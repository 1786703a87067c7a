package dev.cogan.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Counts arithmetic; JMH divides it by the time, so the row {@code :gflop} reads GFLOP/s. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Rate {
  /** 1e9 floating-point operations; a multiply-add counts as two. */
  public double gflop;
}
