package dev.cogan.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;

/** What a browser at a dashboard asks for all the time: the stream of events, once it is there. */
final class Follower implements AutoCloseable {
  private static final int PAUSE_MILLIS = 20;

  private final URI events;
  private final AtomicLong bytes = new AtomicLong();
  private final Thread thread = new Thread(this::follow, "follower");
  private volatile boolean closed;

  Follower(int port) {
    events = URI.create("http://127.0.0.1:" + port + "/events");
    thread.setDaemon(true);
    thread.start();
  }

  private void follow() {
    byte[] buffer = new byte[8192];
    while (!closed) {
      try (InputStream in = events.toURL().openStream()) {
        int read;
        while ((read = in.read(buffer)) >= 0) {
          bytes.addAndGet(read);
        }
      } catch (IOException e) {
        // Not yet there, or no longer.
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** What has come so far. */
  long bytes() {
    return bytes.get();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  @Override
  public String toString() {
    return events + ": " + bytes + " bytes";
  }
}
