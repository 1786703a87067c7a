package dev.cogan.cli.evaluation;

import dev.cogan.cli.text.Wrap;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.metric.ClassHistogram;
import dev.cogan.engine.metric.CouplingReport;
import dev.cogan.engine.metric.DomainReport;
import dev.cogan.engine.metric.Evaluation;
import dev.cogan.engine.metric.EvaluationDomain;
import dev.cogan.engine.metric.PairReport;
import dev.cogan.engine.metric.PixelAgreement;
import java.io.PrintWriter;
import java.util.Locale;

/** An evaluation for people: at most 80 columns where names are not too long. */
public final class EvaluationText {
  private EvaluationText() {}

  /** Prints all domains, then all pairs. */
  public static void print(PrintWriter out, Evaluation evaluation) {
    evaluation.domains().forEach(report -> print(out, report));
    evaluation.pairs().forEach(report -> print(out, report));
  }

  private static final int INDENT = 18;

  private static void print(PrintWriter out, DomainReport r) {
    EvaluationDomain d = r.domain();
    out.println();
    out.println(InputException.oneLine("domain " + d.name() + "  " + d.spec().text()));
    line(out, "real images", r.realCount() + " of split " + d.split());
    if (r.cover() != null) {
      line(out, "extractor", d.extractor().name());
      line(out, "frechet", "%.2f  (0 is best)", r.frechet());
      line(
          out,
          "precision",
          "%.3f  recall %.3f  (k = 3)",
          r.cover().precision(),
          r.cover().recall());
      line(
          out,
          "density",
          "%.3f  coverage %.3f  (k = 5)",
          r.cover().density(),
          r.cover().coverage());
      if (Double.isFinite(r.diversity())) {
        line(out, "diversity", "%.3f  of the real images'", r.diversity());
      }
    }
    if (r.histogram() != null) {
      line(out, "classes %", shares(r.histogram()));
      line(out, "real %", shares(r.realHistogram()));
      line(out, "class distance", "%.3f", r.histogram().distance(r.realHistogram()));
    }
    if (Double.isFinite(r.accuracy())) {
      line(out, "labels right", "%.4f  by the extractor on these real images", r.accuracy());
    }
    r.notes().forEach(note -> line(out, "left out", note));
  }

  private static void print(PrintWriter out, PairReport r) {
    out.println();
    out.println(
        InputException.oneLine(
            "pair "
                + r.first().name()
                + " "
                + r.second().name()
                + "  "
                + r.first().spec().text()
                + " / "
                + r.second().spec().text()));
    if (r.pixels() != null) {
      EvaluationDomain to = r.operator().from() == 0 ? r.second() : r.first();
      CouplingReport p = r.pixels();
      line(
          out,
          "pixels",
          "%.4f  chance %.3f  blank %.3f  (both sides of 0.5 alike)",
          p.model().binarised(),
          p.chance().binarised(),
          p.blank().binarised());
      reading(out, "|d| <= 0.1", p, PixelAgreement::within);
      reading(out, "1 - MAE", p, PixelAgreement::oneMinusDistance);
      line(
          out,
          "",
          "%d pairs; %s gives domain %s; real: split %s",
          p.pairs(),
          r.operator().name(),
          to.name(),
          to.split());
    }
    if (r.labels() != null) {
      line(
          out,
          "labels",
          "%.4f  chance %.3f%s",
          r.labels().agreement(),
          r.labels().chance(),
          Double.isNaN(r.labels().perfect())
              ? ""
              : String.format(Locale.ROOT, "  perfect coupling %.3f", r.labels().perfect()));
      line(out, "", "%d pairs; share of those whose images are of one class", r.labels().pairs());
    }
    r.notes().forEach(note -> line(out, "left out", note));
  }

  private interface Reading {
    double of(PixelAgreement agreement);
  }

  private static void reading(PrintWriter out, String name, CouplingReport p, Reading reading) {
    line(
        out,
        "  " + name,
        "%.4f  chance %.3f  blank %.3f",
        reading.of(p.model()),
        reading.of(p.chance()),
        reading.of(p.blank()));
  }

  private static String shares(ClassHistogram histogram) {
    StringBuilder text = new StringBuilder();
    for (int c = 0; c < histogram.counts().length; c++) {
      text.append(c == 0 ? "" : " ");
      text.append(String.format(Locale.ROOT, "%.1f", 100 * histogram.share(c)));
    }
    return text.toString();
  }

  private static void line(PrintWriter out, String name, String format, Object... values) {
    line(out, name, String.format(Locale.ROOT, format, values));
  }

  private static void line(PrintWriter out, String name, String text) {
    out.println(Wrap.hanging("  " + name, InputException.oneLine(text), INDENT));
  }
}
