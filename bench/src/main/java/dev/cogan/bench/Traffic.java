package dev.cogan.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Counts the memory that a kernel has to read and write; JMH divides it by the time, so the row
 * {@code :gbyte} reads GB/s.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Traffic {
  /** 1e9 bytes: each array once per time that the formula needs it. */
  public double gbyte;
}
