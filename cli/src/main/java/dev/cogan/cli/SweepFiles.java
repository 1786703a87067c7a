package dev.cogan.cli;

import dev.cogan.cli.sweep.SweepRun;
import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the picture and the model of a training go. They are named by what varies within one sweep;
 * a file of that name may be another sweep's, of other widths or steps, and is not replaced.
 *
 * @param pictures folder, or null for no pictures
 * @param models folder, or null for no models
 */
record SweepFiles(Path pictures, Path models) {
  private static final String PICTURE = ".png";
  private static final String MODEL = ".safetensors";
  private static final int SHOWN = 8;

  /**
   * The name of a training's files without their endings: {@code edge-cogan-k4-l3-seed0}, or where
   * one of them is there already, with the first characters of the training's id behind it.
   */
  String name(SweepRun run, String id) {
    boolean taken = isTaken(pictures, run.name() + PICTURE) || isTaken(models, run.name() + MODEL);
    return taken ? run.name() + "-" + id.substring(0, SHOWN) : run.name();
  }

  private static boolean isTaken(Path folder, String file) {
    return folder != null && Files.isRegularFile(folder.resolve(file));
  }

  /** The picture's file, in its folder, which is made if need be. */
  Path picture(String name) {
    return in(pictures, name + PICTURE);
  }

  /** The model's file, in its folder, which is made if need be. */
  Path model(String name) {
    return in(models, name + MODEL);
  }

  private static Path in(Path folder, String file) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw InputException.writingFailed(folder, e);
    }
    return folder.resolve(file);
  }
}
