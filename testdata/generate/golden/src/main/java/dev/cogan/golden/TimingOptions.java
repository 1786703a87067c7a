package dev.cogan.golden;

/**
 * Options of {@link PeerTiming}.
 *
 * @param threads threads of libtorch
 * @param batch images per domain
 * @param repeats measured runs after the warm-up
 * @param iterations whether to time training iterations
 * @param layers whether to time single convolutions
 */
record TimingOptions(int threads, int batch, int repeats, boolean iterations, boolean layers) {
  static final String USAGE =
      """
      usage: PeerTiming [--threads N] [--batch N] [--repeats N] [--only iterations|layers]
        --threads N   threads of libtorch (default 2)
        --batch N     images per domain (default 64)
        --repeats N   measured runs, after two that are not counted (default 5)
        --only WHAT   training iterations or single layers only (default both)
      """;

  /**
   * @throws IllegalArgumentException with one line for people
   */
  static TimingOptions parse(String[] args) {
    int threads = 2;
    int batch = 64;
    int repeats = 5;
    String only = "";
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        throw new IllegalArgumentException("option " + args[i] + " needs a value");
      }
      String value = args[i + 1];
      switch (args[i]) {
        case "--threads" -> threads = positive(args[i], value);
        case "--batch" -> batch = positive(args[i], value);
        case "--repeats" -> repeats = positive(args[i], value);
        case "--only" -> only = value;
        default -> throw new IllegalArgumentException("unknown option " + args[i]);
      }
    }
    if (!only.isEmpty() && !only.equals("iterations") && !only.equals("layers")) {
      throw new IllegalArgumentException("--only: expected iterations or layers, got " + only);
    }
    return new TimingOptions(
        threads, batch, repeats, !only.equals("layers"), !only.equals("iterations"));
  }

  private static int positive(String option, String value) {
    try {
      int number = Integer.parseInt(value);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, as for zero.
    }
    throw new IllegalArgumentException(option + ": expected a positive number, got " + value);
  }
}
