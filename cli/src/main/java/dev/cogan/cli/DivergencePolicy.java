package dev.cogan.cli;

import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What happens when a training diverges: {@code stop}, or {@code rollback[:N]}.
 *
 * @param rollbacks how often at most it goes back to the last checkpoint
 */
record DivergencePolicy(int rollbacks) {
  private static final int USUAL = 3;
  private static final int MOST = 1000;

  /** Ends with exit code 3. */
  static final DivergencePolicy STOP = new DivergencePolicy(0);

  /** The rates of a training that went back are multiplied by this. */
  static final float SLOWER = 0.5f;

  /** As {@link #label} says it, or {@code rollback} without a number; empty for other texts. */
  static Optional<DivergencePolicy> parse(String text) {
    if (text.equals("stop")) {
      return Optional.of(STOP);
    }
    if (text.equals("rollback")) {
      return Optional.of(new DivergencePolicy(USUAL));
    }
    if (text.matches("rollback:\\d{1,4}")) {
      int n = Integer.parseInt(text.substring("rollback:".length()));
      return n >= 1 && n <= MOST ? Optional.of(new DivergencePolicy(n)) : Optional.empty();
    }
    return Optional.empty();
  }

  /** The option's value. */
  String label() {
    return rollbacks == 0 ? "stop" : "rollback:" + rollbacks;
  }

  /** Reads the option. */
  static final class Converter implements ITypeConverter<DivergencePolicy> {
    @Override
    public DivergencePolicy convert(String text) {
      return parse(text)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "expected stop, rollback or rollback:N with N from 1 to "
                          + MOST
                          + ", got '"
                          + text
                          + "'"));
    }
  }
}
