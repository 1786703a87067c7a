package dev.cogan.cli;

import dev.cogan.engine.io.SafetensorsFile;
import dev.cogan.engine.train.Checkpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * A small trained model that the jar carries, so that there is something to sample before anyone
 * has trained: MNIST digits, their edges and their negatives (domains a, b, c). Its metadata tell
 * how it was trained.
 */
final class BuiltInModel {
  /** What {@code --model} calls it. */
  static final String NAME = "builtin";

  private static final String RESOURCE = "model/digits-edges-negatives.safetensors";

  private BuiltInModel() {}

  /** Opens it. */
  static Checkpoint open() {
    try (InputStream in = BuiltInModel.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("this jar carries no model: " + RESOURCE + " is missing");
      }
      return Checkpoint.of(SafetensorsFile.of(in.readAllBytes(), NAME));
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + ": cannot read", e);
    }
  }
}
