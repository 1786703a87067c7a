package dev.cogan.cli;

import dev.cogan.cli.dashboard.Dashboard;
import dev.cogan.engine.data.DomainData;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.train.Sampler;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Options of {@code train} about who is told how it goes. */
final class PublishOptions {
  private static final int ANY = 0;
  private static final int USUAL = 8060;

  @Option(
      names = "--dashboard",
      paramLabel = "PORT",
      arity = "0..1",
      fallbackValue = "-1",
      description =
          "Serve a live page about this training on 127.0.0.1, for this machine only (port: 8060"
              + " or, if it is taken, a free one).")
  private Integer port;

  /** Refuses a wrong port before anything is written. */
  void check() {
    if (port != null && (port < -1 || port > 65535)) {
      throw new InputException("--dashboard must be a port, 0 to 65535, got " + port);
    }
  }

  /** What tells others about a run; its dashboard is there as soon as this returns. */
  RunPublisher open(
      Path folder, List<String> specs, List<DomainData> data, Sampler sampler, PrintWriter err) {
    Dashboard dashboard = port == null ? null : dashboard(folder);
    if (dashboard != null) {
      err.println(Fields.line("dashboard", dashboard.address()));
    }
    return new RunPublisher(folder, specs, data, sampler, dashboard, err);
  }

  private Dashboard dashboard(Path folder) {
    if (port != -1) {
      return Dashboard.start(port, folder, Version.text());
    }
    try {
      return Dashboard.start(USUAL, folder, Version.text());
    } catch (InputException e) {
      return Dashboard.start(ANY, folder, Version.text());
    }
  }
}
