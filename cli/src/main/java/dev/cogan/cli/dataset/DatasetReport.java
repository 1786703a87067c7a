package dev.cogan.cli.dataset;

import dev.cogan.engine.data.BadFile;
import dev.cogan.engine.io.ImageGrid;
import dev.cogan.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code dataset inspect} says about a domain. */
public final class DatasetReport {
  private static final int BINS = 16;
  private static final int FORMATS = 12;

  private final DatasetImages images;
  private final double[] mean;
  private final long[] histogram = new long[BINS];
  private double sum;
  private double squares;

  private DatasetReport(DatasetImages images) {
    this.images = images;
    this.mean = new double[images.shape().count()];
  }

  /** Goes through all images once. */
  public static DatasetReport of(DatasetImages images) {
    DatasetReport report = new DatasetReport(images);
    float[] values = new float[report.mean.length];
    for (int i = 0; i < images.count(); i++) {
      images.data().fill(values, 0, i);
      for (int j = 0; j < values.length; j++) {
        report.mean[j] += values[j];
        report.sum += values[j];
        report.squares += (double) values[j] * values[j];
        report.histogram[Math.min(BINS - 1, (int) (values[j] * BINS))]++;
      }
    }
    for (int j = 0; j < report.mean.length; j++) {
      report.mean[j] /= images.count();
    }
    return report;
  }

  private double values() {
    return (double) images.count() * mean.length;
  }

  private double average() {
    return sum / values();
  }

  private double deviation() {
    return Math.sqrt(Math.max(0, squares / values() - average() * average()));
  }

  private double share(int bin) {
    return histogram[bin] / values();
  }

  /** Files that were left out. */
  public List<BadFile> bad() {
    return images.bad();
  }

  /** Lines of text by name. */
  public Map<String, String> lines() {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("domain", images.spec().text());
    lines.put("images", images.count() + " of " + images.shape());
    List<String> formats = new ArrayList<>();
    images.formats().forEach((format, count) -> formats.add(count + " of " + format));
    String more =
        formats.size() > FORMATS ? ", and " + (formats.size() - FORMATS) + " other kinds" : "";
    lines.put(
        "files", String.join(", ", formats.subList(0, Math.min(FORMATS, formats.size()))) + more);
    if (images.spec().isDepth()) {
      lines.put("depth", images.low() + " to " + images.high() + " become 0 to 1");
    }
    lines.put(
        "values", String.format(Locale.ROOT, "mean %.3f, deviation %.3f", average(), deviation()));
    StringBuilder shares = new StringBuilder();
    for (int bin = 0; bin < BINS; bin++) {
      shares.append(String.format(Locale.ROOT, "%s%.1f", bin == 0 ? "" : " ", 100 * share(bin)));
    }
    lines.put("histogram", "in % of the values, 16 equal steps from 0 to 1: " + shares);
    if (images.missing() > 0) {
      lines.put("missing", images.missing() + " files that the list of attributes names");
    }
    lines.put("bad", images.bad().size() + " files" + (images.bad().isEmpty() ? "" : ":"));
    return lines;
  }

  /** The same as JSON values. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("domain", images.spec().text());
    json.put("images", images.count());
    json.put("channels", images.shape().size(0));
    json.put("height", images.shape().size(1));
    json.put("width", images.shape().size(2));
    json.put("formats", new LinkedHashMap<>(images.formats()));
    if (images.spec().isDepth()) {
      json.put("depth_low", images.low());
      json.put("depth_high", images.high());
    }
    json.put("mean", average());
    json.put("deviation", deviation());
    List<Object> shares = new ArrayList<>();
    for (int bin = 0; bin < BINS; bin++) {
      shares.add(share(bin));
    }
    json.put("histogram", shares);
    json.put("missing", images.missing());
    json.put("bad", DatasetWriter.badJson(images.bad()));
    return json;
  }

  /** Writes the mean images of domains side by side. */
  public static void writeMeans(List<DatasetReport> reports, Path file) {
    List<Tensor> means = new ArrayList<>();
    for (DatasetReport report : reports) {
      Tensor mean = Tensor.zeros(report.images.shape().prepend(1));
      for (int i = 0; i < report.mean.length; i++) {
        mean.set(i, (float) report.mean[i]);
      }
      means.add(mean);
    }
    ImageGrid.ofDomains(means).write(file);
  }
}
