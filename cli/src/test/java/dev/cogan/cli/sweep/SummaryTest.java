package dev.cogan.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Means and intervals against numbers worked out by hand, and what a chart shows of them. */
class SummaryTest {

  @Test
  void fiveNumbers() {
    Summary summary = new Summary();
    for (double value : new double[] {0.95, 0.96, 0.94, 0.97, 0.93}) {
      summary.add(value);
    }
    assertThat(summary.mean()).isCloseTo(0.95, within(1e-12));
    assertThat(summary.deviation()).isCloseTo(0.0158114, within(1e-6));
    // t(0.975, 4) = 2.776
    assertThat(summary.halfInterval()).isCloseTo(2.776 * 0.0158114 / Math.sqrt(5), within(1e-6));
    assertThat(summary).hasToString("0.9500 +- 0.0196 (5 runs)");
  }

  @Test
  void oneNumberHasNoInterval() {
    Summary summary = new Summary();
    summary.add(0.5);
    assertThat(summary.halfInterval()).isNaN();
    assertThat(summary).hasToString("0.5000 (1 run)");
    assertThat(new Summary().mean()).isNaN();
  }

  private static Map<?, ?> line(String task, String algorithm, int k, int l, double agreement) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("task", task);
    line.put("algorithm", algorithm);
    line.put("k", k);
    line.put("l", l);
    line.put("agreement", Map.of("binarised", agreement));
    return line;
  }

  @Test
  void chartShowsCoupledRunsOnly() {
    List<Map<?, ?>> lines = new ArrayList<>();
    lines.add(line("edge", "cogan", 0, 3, 0.85));
    lines.add(line("edge", "cogan", 4, 3, 0.95));
    lines.add(line("edge", "cogan", 4, 0, 0.93));
    lines.add(line("negative", "cogan", 4, 3, 0.97));
    lines.add(line("edge", "cgan", 0, 0, 0.31));
    lines.add(Map.of("task", "edge", "algorithm", "cogan", "k", 1, "l", 1, "diverged", "yes"));
    String svg = SweepChart.of(lines);
    assertThat(svg).contains("mnist:edge", "mnist:negative", "l (k = 4)").doesNotContain("NaN");
    // Three edge runs by k and two by l, one negative run in each, and one dot per legend.
    assertThat(svg.split("r=\"2\"", -1)).hasSize(1 + 3 + 2 + 2);
    Map<String, Summary> tasks =
        SweepTable.by(lines, line -> String.valueOf(line.get("task")), SweepTable::agreement);
    assertThat(tasks.get("edge").count()).isEqualTo(4);
  }

  @Test
  void emptyChartIsAPicture() {
    assertThat(SweepChart.of(List.of())).startsWith("<svg").doesNotContain("NaN");
  }
}
