package dev.cogan.cli.report;

import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns pictures into what the page shows: data inside the page, or addresses of the server. */
abstract class Pictures {
  /** The text of {@code <img src>}. */
  abstract String source(Path picture);

  /** Most bytes that all generated pictures of a run may have together. */
  abstract long budget();

  /** Addresses below {@code pictures/}. */
  static Pictures served() {
    return new Pictures() {
      @Override
      String source(Path picture) {
        return "pictures/" + picture.getFileName();
      }

      @Override
      long budget() {
        return Long.MAX_VALUE;
      }
    };
  }

  /** Data inside the page, of at most so many bytes before their encoding. */
  static Pictures inlined(long budget) {
    return new Pictures() {
      @Override
      String source(Path picture) {
        try {
          return "data:image/png;base64,"
              + Base64.getEncoder().encodeToString(Files.readAllBytes(picture));
        } catch (IOException e) {
          throw InputException.cannotRead(picture, e);
        }
      }

      @Override
      long budget() {
        return budget;
      }
    };
  }

  /** Those of {@code all} that are shown: the first, the last and evenly spaced ones between. */
  List<RunFiles.Picture> thin(List<RunFiles.Picture> all, int most) {
    int n = Math.min(all.size(), most);
    List<RunFiles.Picture> chosen = spaced(all, n);
    while (n > 1 && bytes(chosen) > budget()) {
      n = Math.max(1, Math.min(n - 1, (int) (n * (double) budget() / bytes(chosen))));
      chosen = spaced(all, n);
    }
    return chosen;
  }

  private static List<RunFiles.Picture> spaced(List<RunFiles.Picture> all, int n) {
    List<RunFiles.Picture> chosen = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      // With one picture only, the last one.
      double position = n == 1 ? all.size() - 1 : i * (all.size() - 1.0) / (n - 1);
      chosen.add(all.get((int) Math.round(position)));
    }
    return chosen;
  }

  private static long bytes(List<RunFiles.Picture> pictures) {
    return pictures.stream().mapToLong(RunFiles.Picture::bytes).sum();
  }

  List<Object> frames(List<RunFiles.Picture> pictures) {
    List<Object> frames = new ArrayList<>();
    for (RunFiles.Picture picture : pictures) {
      Map<String, Object> frame = new LinkedHashMap<>();
      frame.put("step", picture.step());
      frame.put("src", source(picture.path()));
      frames.add(frame);
    }
    return frames;
  }

  List<Object> reals(List<RunFiles.Picture> pictures) {
    List<Object> reals = new ArrayList<>();
    for (RunFiles.Picture picture : pictures) {
      Map<String, Object> real = new LinkedHashMap<>();
      real.put("domain", picture.label());
      real.put("src", source(picture.path()));
      reals.add(real);
    }
    return reals;
  }
}
