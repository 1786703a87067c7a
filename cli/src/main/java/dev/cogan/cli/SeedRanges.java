package dev.cogan.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads seeds as StyleGAN's users write them: {@code 0,1,4-6}. */
final class SeedRanges implements ITypeConverter<SeedRanges.Seeds> {
  private static final int MOST = 100_000;

  /** The seeds, in the order they were written. */
  record Seeds(long[] values) {}

  @Override
  public Seeds convert(String text) {
    List<Long> seeds = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String trimmed = part.trim();
      if (!trimmed.matches("\\d{1,18}(-\\d{1,18})?")) {
        throw new TypeConversionException(
            "expected numbers such as 0-63 or 0,1,4-6, found '" + part + "' in '" + text + "'");
      }
      int dash = trimmed.indexOf('-');
      long from = Long.parseLong(dash < 0 ? trimmed : trimmed.substring(0, dash));
      long to = dash < 0 ? from : Long.parseLong(trimmed.substring(dash + 1));
      if (to < from) {
        throw new TypeConversionException("range '" + trimmed + "' runs backwards");
      }
      if (to - from >= MOST - seeds.size()) {
        throw new TypeConversionException("at most " + MOST + " numbers, '" + text + "' has more");
      }
      for (long seed = from; seed <= to; seed++) {
        seeds.add(seed);
      }
    }
    return new Seeds(seeds.stream().mapToLong(Long::longValue).toArray());
  }
}
