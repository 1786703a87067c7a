package dev.cogan.cli;

import dev.cogan.cli.dashboard.Dashboard;
import dev.cogan.engine.io.InputException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The dashboard of a training, from its beginning to its end, whatever rollbacks lie between; or
 * none, where none was asked for.
 */
final class LivePage implements AutoCloseable {
  private static final int ANY_PORT = 0;
  private static final int USUAL_PORT = 8060;

  private Dashboard dashboard;
  private boolean begun;
  private String end = "stopped";

  /**
   * Refuses a port that is taken, before anything is made for the run.
   *
   * @param port as {@link #open} takes it
   */
  static void requirePort(Integer port) {
    if (port != null && port > 0) {
      Dashboard.requireFree(port);
    }
  }

  /**
   * Starts the dashboard, and says where it is; one that is open stays.
   *
   * @param port -1 for the usual one, or a free one if that is taken; null for no dashboard
   */
  void open(Integer port, RunDirectory directory, RunLog log) {
    if (port == null || isOpen()) {
      return;
    }
    try {
      dashboard = start(port < 0 ? USUAL_PORT : port, directory);
    } catch (InputException e) {
      if (port >= 0) {
        throw e;
      }
      dashboard = start(ANY_PORT, directory);
    } catch (NoClassDefFoundError e) {
      throw new InputException("--dashboard needs the module jdk.httpserver, not in this JVM", e);
    }
    log.println(Fields.line("dashboard", dashboard.address()));
  }

  private static Dashboard start(int port, RunDirectory directory) {
    return Dashboard.start(port, directory.path(), Version.text());
  }

  boolean isOpen() {
    return dashboard != null;
  }

  /** The training begins; when it does so again, after a rollback, pages read its files anew. */
  void begin() {
    if (begun) {
      publish("reload", Map.of());
    }
    begun = true;
  }

  /** Tells all pages; never waits for them. */
  void publish(String event, Map<String, ?> values) {
    if (isOpen()) {
      dashboard.publish(event, values);
    }
  }

  /** A new picture of generated images. */
  void publishFrame(long step, Path picture) {
    if (isOpen()) {
      dashboard.publishFrame(step, picture);
    }
  }

  /** What pages are to say if this is the end, such as {@code diverged at step 7}. */
  void setEnd(String text) {
    end = text;
  }

  /** The training is over, one way or the other: tells all pages, and stops. */
  @Override
  public void close() {
    if (isOpen()) {
      dashboard.end(end + "; see report.html");
      dashboard = null;
    }
  }
}
