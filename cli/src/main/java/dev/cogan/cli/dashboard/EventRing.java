package dev.cogan.cli.dashboard;

import java.nio.charset.StandardCharsets;

/**
 * The newest server-sent events, already encoded. One writer, which never waits for a reader; any
 * number of readers, each with a position of its own. Who is too slow loses the oldest events and
 * is told so.
 */
final class EventRing {
  /** What a reader got. */
  record Batch(byte[] bytes, long next, boolean missed) {}

  private final byte[][] events;
  private long written;
  private boolean closed;

  EventRing(int capacity) {
    events = new byte[capacity][];
  }

  /** Adds an event; its number goes out as its id. */
  synchronized void publish(String name, String json) {
    String text = "id: " + (written + 1) + "\nevent: " + name + "\ndata: " + json + "\n\n";
    events[(int) (written % events.length)] = text.getBytes(StandardCharsets.UTF_8);
    written++;
    notifyAll();
  }

  /** No more events; readers get what is left, then null. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** Number of events so far, which is the newest's id. */
  synchronized long last() {
    return written;
  }

  /**
   * Waits for events after number {@code after}.
   *
   * @return the events, none after the time is over; null if the ring is closed and all were read
   */
  synchronized Batch read(long after, long millis) throws InterruptedException {
    long deadline = System.nanoTime() + millis * 1_000_000;
    while (written <= after && !closed) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return new Batch(new byte[0], after, false);
      }
      wait(left);
    }
    if (written <= after && closed) {
      return null;
    }
    long oldest = Math.max(0, written - events.length);
    boolean missed = after < oldest;
    long from = Math.max(after, oldest);
    int length = 0;
    for (long i = from; i < written; i++) {
      length += events[(int) (i % events.length)].length;
    }
    byte[] bytes = new byte[length];
    int at = 0;
    for (long i = from; i < written; i++) {
      byte[] event = events[(int) (i % events.length)];
      System.arraycopy(event, 0, bytes, at, event.length);
      at += event.length;
    }
    return new Batch(bytes, written, missed);
  }
}
