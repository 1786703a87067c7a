package dev.cogan.bench;

import dev.cogan.engine.model.ConfigException;
import java.io.PrintStream;
import java.util.List;

/**
 * What the programs beside JMH's benchmarks have in common: how they are asked for their usage, and
 * how they end. 0: done; 1: it could not be done, or its results could not be written; 2: an
 * argument is wrong.
 *
 * @param name of the program, in front of its messages
 * @param usage one line
 * @param body what it does
 */
record Program(String name, String usage, Body body) {

  /** The work of a program. */
  @FunctionalInterface
  interface Body {

    /**
     * @param arguments as they were typed
     * @param out where the results go
     * @param err where it says what it does
     * @throws ConfigException if an argument is wrong
     * @throws IllegalStateException if something fails, with a message for the user
     * @throws UnsupportedOperationException if a contender cannot do what it is asked for
     */
    void run(String[] arguments, PrintStream out, PrintStream err);
  }

  /** Runs, and ends the JVM: peers may leave threads behind that would keep it alive. */
  void main(String[] arguments) {
    PrintStream out = System.out;
    // Libraries print notices of their own accord, which must not stand among the results.
    System.setOut(System.err);
    System.exit(run(arguments, out, System.err));
  }

  /** What {@link #main} does; returns the exit code. */
  int run(String[] arguments, PrintStream out, PrintStream err) {
    List<String> typed = List.of(arguments);
    try {
      if (typed.contains("--help") || typed.contains("-h")) {
        out.println(usage);
      } else {
        body.run(arguments, out, err);
      }
      requireWritten(out);
      return 0;
    } catch (ConfigException e) {
      err.println(name + ": " + e.getMessage());
      return 2;
    } catch (IllegalStateException | UnsupportedOperationException e) {
      err.println(name + ": " + e.getMessage());
      return 1;
    } catch (OutOfMemoryError e) {
      err.println(name + ": does not fit into memory, raise the heap with -Xmx: " + e.getMessage());
      return 1;
    } catch (RuntimeException | Error e) {
      e.printStackTrace(err);
      return 1;
    }
  }

  /**
   * Writes what is still in the stream; a measurement that nobody can read need not go on.
   *
   * @throws IllegalStateException if not everything could be written
   */
  static void requireWritten(PrintStream out) {
    if (out.checkError()) {
      throw new IllegalStateException("standard output: the results could not be written");
    }
  }
}
