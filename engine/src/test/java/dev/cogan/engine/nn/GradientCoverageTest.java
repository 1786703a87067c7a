package dev.cogan.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cogan.engine.MainClasses;
import dev.cogan.engine.check.LayerCase;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** No layer without a gradient check. */
class GradientCoverageTest {

  @Test
  void everyConcreteLayerHasACase() {
    List<Class<?>> layers =
        MainClasses.besides(Layer.class).stream()
            .filter(Layer.class::isAssignableFrom)
            .filter(type -> !Modifier.isAbstract(type.getModifiers()))
            .toList();
    Set<Class<?>> checked =
        LayerCase.ALL.stream().map(c -> c.run().layer.getClass()).collect(Collectors.toSet());

    assertThat(layers).as("the search finds layers").contains(Linear.class, Relu.class);
    assertThat(layers.stream().filter(type -> !checked.contains(type)).map(Class::getSimpleName))
        .as("layers without a case in LayerCase.ALL")
        .isEmpty();
  }

  @Test
  void namesOfCasesDiffer() {
    assertThat(LayerCase.ALL).extracting(LayerCase::name).doesNotHaveDuplicates();
  }
}
