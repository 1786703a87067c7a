package dev.cogan.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Runs the program inside a test and keeps what it prints. */
final class Cli {
  final int code;
  final String out;
  final String err;

  private Cli(int code, String out, String err) {
    this.code = code;
    this.out = out;
    this.err = err;
  }

  static Cli run(Object... args) {
    String[] texts = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      texts[i] = String.valueOf(args[i]);
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), texts);
    return new Cli(code, out.toString(), err.toString());
  }

  /**
   * The message: the last line on standard error that the program starts with its name, with the
   * lines that it goes on in.
   */
  String message() {
    StringBuilder message = new StringBuilder();
    boolean inside = false;
    for (String line : err.lines().toList()) {
      if (line.startsWith("cogan: ")) {
        message.setLength(0);
        message.append(line);
        inside = true;
      } else {
        inside &= line.startsWith("       ");
        message.append(inside ? " " + line.strip() : "");
      }
    }
    return message.toString();
  }

  @Override
  public String toString() {
    return "exit code " + code + "\n--- out\n" + out + "--- err\n" + err;
  }
}
