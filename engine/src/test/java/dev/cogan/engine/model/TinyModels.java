package dev.cogan.engine.model;

import dev.cogan.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Configs with a handful of channels. */
final class TinyModels {
  static final ModelConfig DIGITS =
      new ModelConfig(
          "digits", 3, List.of(4, 3, 2, 2), List.of(2, 2, 4), 4, 3, 0f, false, domains(1, 1));

  static final ModelConfig MLP =
      new ModelConfig(
          "digits-mlp", 3, List.of(5, 4), List.of(2, 2, 4), 2, 1, 0.5f, true, domains(1, 1));

  private TinyModels() {}

  /** Domains a, b, ... of 28x28 with these numbers of channels. */
  static List<DomainShape> domains(int... channels) {
    List<DomainShape> domains = new ArrayList<>();
    for (int i = 0; i < channels.length; i++) {
      domains.add(new DomainShape(DomainShape.name(i), Shape.of(channels[i], 28, 28)));
    }
    return domains;
  }
}
