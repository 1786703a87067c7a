package dev.cogan.cli.dashboard;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Who may ask what. The server is bound to the loopback address, but a web page from elsewhere can
 * still make a browser on this machine send requests to it, under a name of its own that points
 * here (DNS rebinding). So the Host header has to be the address that was printed.
 */
final class Guard {
  private final Set<String> hosts;
  private final Set<String> origins;

  Guard(int port) {
    hosts = Set.of("127.0.0.1:" + port, "localhost:" + port);
    origins = Set.of("http://127.0.0.1:" + port, "http://localhost:" + port);
  }

  /** The status to refuse a request with, or 0 if it is welcome. */
  int refusal(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    List<String> host = headers.get("Host");
    if (host == null || host.size() != 1 || !hosts.contains(host.get(0).toLowerCase(Locale.ROOT))) {
      return 421;
    }
    String origin = headers.getFirst("Origin");
    if (origin != null && !origins.contains(origin.toLowerCase(Locale.ROOT))) {
      return 403;
    }
    String method = exchange.getRequestMethod();
    return method.equals("GET") || method.equals("HEAD") ? 0 : 405;
  }

  /** Headers of every answer. */
  static void harden(Headers headers) {
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cache-Control", "no-store");
    headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  }
}
