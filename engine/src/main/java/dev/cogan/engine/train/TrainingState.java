package dev.cogan.engine.train;

import dev.cogan.engine.model.ConfigException;
import dev.cogan.engine.model.JsonFields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The counters, random streams and data positions of a training, as JSON values. */
final class TrainingState {
  private TrainingState() {}

  static Map<String, Object> of(Trainer trainer) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("step", trainer.stepsDone());
    json.put("generator_adam_steps", trainer.generatorAdam().steps());
    json.put("discriminator_adam_steps", trainer.discriminatorAdam().steps());
    json.put("noise", hex(trainer.noise().state()));
    json.put("dropout", hex(trainer.workspace().dropout().state()));
    if (trainer.instanceNoise() != null) {
      json.put("instance_noise", hex(trainer.instanceNoise().state()));
    }
    List<Object> data = new ArrayList<>();
    for (var stream : trainer.data()) {
      List<Object> numbers = new ArrayList<>();
      for (long number : stream.state()) {
        numbers.add(hex(number));
      }
      data.add(numbers);
    }
    json.put("data", data);
    return json;
  }

  /** Hexadecimal text: JSON numbers lose bits beyond 2^53 in many readers. */
  private static String hex(long value) {
    return Long.toHexString(value);
  }

  private static long fromHex(String name, Object text) {
    try {
      return Long.parseUnsignedLong((String) text, 16);
    } catch (NumberFormatException | ClassCastException e) {
      throw new ConfigException(
          "state: field \"" + name + "\" should be a hexadecimal text, found " + text);
    }
  }

  /**
   * @throws ConfigException if a field is missing, wrong, or does not fit the data
   */
  static void restore(Trainer trainer, JsonFields state) {
    List<?> data = state.list("data");
    if (data.size() != trainer.data().size()) {
      throw new ConfigException(
          "state: positions of "
              + data.size()
              + " data streams, expected "
              + trainer.data().size());
    }
    for (int d = 0; d < data.size(); d++) {
      if (!(data.get(d) instanceof List<?> numbers)) {
        throw new ConfigException("state: field \"data\" should hold lists, found " + data.get(d));
      }
      long[] values = new long[numbers.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = fromHex("data", numbers.get(i));
      }
      trainer.data().get(d).restore(values);
    }
    trainer.noise().restore(fromHex("noise", state.text("noise")));
    trainer.workspace().dropout().restore(fromHex("dropout", state.text("dropout")));
    // A training that gets its noise only now has a fresh stream.
    if (trainer.instanceNoise() != null && state.has("instance_noise")) {
      trainer.instanceNoise().restore(fromHex("instance_noise", state.text("instance_noise")));
    }
    trainer.generatorAdam().restore(counter(state, "generator_adam_steps"));
    trainer.discriminatorAdam().restore(counter(state, "discriminator_adam_steps"));
    trainer.restoreStep(counter(state, "step"));
  }

  private static long counter(JsonFields state, String name) {
    long value = state.longInteger(name);
    if (value < 0) {
      throw new ConfigException("state: field \"" + name + "\" must not be negative: " + value);
    }
    return value;
  }
}
