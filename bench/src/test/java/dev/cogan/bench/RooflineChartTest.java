package dev.cogan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class RooflineChartTest {

  /** A kernel that reaches the roof lies on it, whichever part of it that is. */
  @Test
  void points_lie_where_they_belong() throws Exception {
    List<RooflineChart.Point> points =
        List.of(
            new RooflineChart.Point("ridge", "a", 10, 200),
            new RooflineChart.Point("left", "b", 1, 20),
            new RooflineChart.Point("lower", "b", 10, 20));
    String svg = RooflineChart.svg("2026-11-30, <a> & b", 2, 200, 20, points);
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    NodeList circles = document.getElementsByTagName("circle");
    double[] ridge = place(circles.item(0));
    double[] left = place(circles.item(1));
    double[] lower = place(circles.item(2));
    assertThat(document.getElementsByTagName("title").item(0).getTextContent())
        .isEqualTo("Roofline: kernels with 2 threads, 2026-11-30, <a> & b");
    assertThat(svg).contains(String.format("L%.1f %.1f", ridge[0], ridge[1]));
    assertThat(left[0]).isLessThan(ridge[0]);
    assertThat(lower[0]).isEqualTo(ridge[0]);
    assertThat(lower[1]).isEqualTo(left[1]).isGreaterThan(ridge[1]);
    assertThat(circles.item(1).getTextContent())
        .isEqualTo("left: 20.0 GFLOP/s at 1.00 FLOP per byte");
  }

  /** A machine of many cores, and a kernel above its peak, stay within the axes. */
  @Test
  void the_axes_end_above_everything() {
    List<RooflineChart.Point> points = List.of(new RooflineChart.Point("fast", "a", 2000, 12000));
    String svg = RooflineChart.svg("here", 64, 5000, 20, points);
    assertThat(svg).contains(">100000</text>").doesNotContain(">1000000</text>");
    Matcher y = Pattern.compile("c[xy]=\"(\\S+)\" cy=\"(\\S+)\"").matcher(svg);
    assertThat(y.find()).isTrue();
    assertThat(Double.parseDouble(y.group(1))).isBetween(64.0, 836.0);
    assertThat(Double.parseDouble(y.group(2))).isBetween(60.0, 458.0);
    assertThat(RooflineChart.svg("here", 2, 200, 20, List.of())).doesNotContain(">10000</text>");
  }

  private static double[] place(Node circle) {
    Element element = (Element) circle;
    return new double[] {
      Double.parseDouble(element.getAttribute("cx")), Double.parseDouble(element.getAttribute("cy"))
    };
  }
}
