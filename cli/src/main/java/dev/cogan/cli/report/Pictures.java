package dev.cogan.cli.report;

import dev.cogan.engine.image.ImageDecoder;
import dev.cogan.engine.image.ImageFormat;
import dev.cogan.engine.io.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Turns pictures into what the page shows: data inside the page, or addresses of the server. */
abstract class Pictures {
  /** The text of {@code <img src>}; empty for a file that is no picture to be shown. */
  abstract Optional<String> source(Path picture);

  /** Most bytes that all generated pictures of a run may have together. */
  abstract long budget();

  /** Addresses below {@code pictures/}. */
  static Pictures served() {
    return new Pictures() {
      @Override
      Optional<String> source(Path picture) {
        return Optional.of("pictures/" + picture.getFileName());
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
      Optional<String> source(Path picture) {
        try (InputStream in = Files.newInputStream(picture)) {
          // A page is passed on: whatever else has such a name, or a link of it leads to, has no
          // place in it.
          byte[] png = in.readNBytes(ImageDecoder.MAX_FILE_BYTES + 1);
          return png.length > ImageDecoder.MAX_FILE_BYTES || ImageFormat.of(png) != ImageFormat.PNG
              ? Optional.empty()
              : Optional.of("data:image/png;base64," + Base64.getEncoder().encodeToString(png));
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

  List<Object> frames(List<RunFiles.Picture> pictures, List<Object> notes) {
    return items(pictures, "step", RunFiles.Picture::step, notes);
  }

  List<Object> reals(List<RunFiles.Picture> pictures, List<Object> notes) {
    return items(pictures, "domain", RunFiles.Picture::label, notes);
  }

  private List<Object> items(
      List<RunFiles.Picture> pictures,
      String key,
      Function<RunFiles.Picture, Object> label,
      List<Object> notes) {
    List<Object> items = new ArrayList<>();
    for (RunFiles.Picture picture : pictures) {
      Optional<String> source = source(picture.path());
      if (source.isEmpty()) {
        notes.add(
            picture.path().getFileName()
                + " is left out: expected a PNG of at most "
                + (ImageDecoder.MAX_FILE_BYTES >> 20)
                + " MiB.");
        continue;
      }
      Map<String, Object> item = new LinkedHashMap<>();
      item.put(key, label.apply(picture));
      item.put("src", source.get());
      items.add(item);
    }
    return items;
  }
}
