package dev.cogan.engine.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;

/** Damages valid files; a reader must answer with an {@link InputException} or not notice. */
public final class Damage {
  private Damage() {}

  /** Every truncation must be noticed. */
  public static void truncate(byte[] valid, Consumer<byte[]> reader) {
    reader.accept(valid);
    for (int length = 0; length < valid.length; length++) {
      if (!refused(Arrays.copyOf(valid, length), reader, "cut to " + length)) {
        fail("not noticed: cut to " + length + " of " + valid.length + " bytes");
      }
    }
  }

  /** One to four random bytes change; at least some of the damage must be noticed. */
  public static void flip(byte[] valid, int rounds, Consumer<byte[]> reader) {
    Random random = new Random(1);
    int noticed = 0;
    for (int round = 0; round < rounds; round++) {
      byte[] damaged = valid.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      if (refused(damaged, reader, "round " + round)) {
        noticed++;
      }
    }
    assertThat(noticed).isPositive();
  }

  private static boolean refused(byte[] bytes, Consumer<byte[]> reader, String what) {
    try {
      reader.accept(bytes);
      return false;
    } catch (InputException e) {
      assertThat(e.getMessage()).as(what).isNotBlank().doesNotContain("\n");
      return true;
    } catch (RuntimeException | Error e) {
      throw new AssertionError(what + ": " + e, e);
    }
  }
}
