package dev.cogan.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;

/** What the README says of the benchmarks. */
class ReadmeTest {
  private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| [^|]+ \\| ([^|]+) \\|");

  private static List<String> lines() throws IOException {
    return Files.readAllLines(Path.of("README.md"));
  }

  /** A row per benchmark, with its parameters and no others. */
  @Test
  void the_table_has_the_parameters_of_every_benchmark() throws Exception {
    Map<String, List<String>> found = new TreeMap<>();
    List<String> lines = lines();
    int from = lines.indexOf("| benchmark | what | parameters |") + 2;
    for (int i = from; !lines.get(i).isEmpty(); i++) {
      Matcher row = ROW.matcher(lines.get(i));
      assertThat(row.matches()).as(lines.get(i)).isTrue();
      List<String> names = new ArrayList<>();
      Matcher name = Pattern.compile("`([a-z]\\w*)`").matcher(row.group(2));
      while (name.find()) {
        names.add(name.group(1));
      }
      found.put(row.group(1), names);
    }
    Map<String, List<String>> expected = new TreeMap<>();
    for (BenchmarkListEntry entry : BenchmarkList.defaultList().getAll(null, List.of())) {
      Class<?> benchmark = Class.forName(entry.getUserClassQName());
      List<String> names = new ArrayList<>();
      for (Field field : benchmark.getFields()) {
        if (field.isAnnotationPresent(Param.class)) {
          names.add(field.getName());
        }
      }
      expected.put(benchmark.getSimpleName().replaceFirst("Benchmark$", ""), names);
    }
    assertThat(found).isEqualTo(expected).hasSizeGreaterThan(10);
  }

  /** Layers, presets and problems that it tells people to type. */
  @Test
  void what_it_names_can_be_measured() throws IOException {
    String text = String.join("\n", lines());
    Map<String, Integer> found = new LinkedHashMap<>();
    Matcher problem = Pattern.compile("(?:conv|step|sample|gemm):[a-z0-9][\\w.@:-]*").matcher(text);
    while (problem.find()) {
      assertThat(TurnProblems.parse(problem.group())).as(problem.group()).isNotEmpty();
      found.merge("problem", 1, Integer::sum);
    }
    Matcher layer =
        Pattern.compile("\\b(?:digits|faces?\\d+|rgbd64)[\\w-]*\\.[gd]\\d[\\w@-]*").matcher(text);
    while (layer.find()) {
      assertThat(ConvLayer.named(layer.group()).shape().n()).isPositive();
      found.merge("layer", 1, Integer::sum);
    }
    assertThat(found.get("problem")).isGreaterThan(4);
    assertThat(found.get("layer")).isGreaterThan(5);
  }
}
