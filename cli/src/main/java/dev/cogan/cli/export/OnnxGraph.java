package dev.cogan.cli.export;

import dev.cogan.cli.protobuf.ProtoWriter;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects nodes and initialisers of an ONNX graph and encodes the model (IR version 7, operator
 * set 13: what any runtime since 2020 reads). The batch is the named dimension {@code N}.
 */
final class OnnxGraph {
  private static final int IR_VERSION = 7;
  private static final int OPERATOR_SET = 13;
  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  private final ProtoWriter graph = new ProtoWriter();
  private final Set<String> initialisers = new HashSet<>();
  private int nodes;

  /** An attribute of a node. */
  record Attribute(ProtoWriter message) {
    static Attribute of(String name, float value) {
      return new Attribute(new ProtoWriter().text(1, name).float32(2, value).int64(20, 1));
    }

    static Attribute of(String name, long value) {
      return new Attribute(new ProtoWriter().text(1, name).int64(3, value).int64(20, 2));
    }

    static Attribute of(String name, long... values) {
      ProtoWriter message = new ProtoWriter().text(1, name);
      for (long value : values) {
        message.int64(8, value);
      }
      return new Attribute(message.int64(20, 7));
    }
  }

  /** Adds a node with one output, which gets the given name. */
  String node(String operator, String output, List<String> inputs, Attribute... attributes) {
    ProtoWriter node = new ProtoWriter();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, output).text(3, output + "/" + operator + nodes++).text(4, operator);
    for (Attribute attribute : attributes) {
      node.message(5, attribute.message);
    }
    graph.message(1, node);
    return output;
  }

  /** Adds floats under a name, once, however often they are used. */
  String floats(String name, Tensor values, Shape shape) {
    if (initialisers.add(name)) {
      ByteBuffer raw = ByteBuffer.allocate(4 * values.count()).order(ByteOrder.LITTLE_ENDIAN);
      raw.asFloatBuffer().put(values.data(), values.offset(), values.count());
      tensor(name, FLOAT, shape.toArray(), raw.array());
    }
    return name;
  }

  /** Adds a list of whole numbers under a name. */
  String longs(String name, long... values) {
    if (initialisers.add(name)) {
      ByteBuffer raw = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
      raw.asLongBuffer().put(values);
      tensor(name, INT64, new int[] {values.length}, raw.array());
    }
    return name;
  }

  private void tensor(String name, int type, int[] sizes, byte[] raw) {
    ProtoWriter tensor = new ProtoWriter();
    for (int size : sizes) {
      tensor.int64(1, size);
    }
    graph.message(5, tensor.int64(2, type).text(8, name).bytes(9, raw));
  }

  /** Names an input of the graph, {@code [N, shape...]} floats. */
  void input(String name, Shape shape) {
    graph.message(11, value(name, shape));
  }

  /** Names an output of the graph, {@code [N, shape...]} floats. */
  void output(String name, Shape shape) {
    graph.message(12, value(name, shape));
  }

  private static ProtoWriter value(String name, Shape shape) {
    ProtoWriter sizes = new ProtoWriter().message(1, new ProtoWriter().text(2, "N"));
    for (int size : shape.toArray()) {
      sizes.message(1, new ProtoWriter().int64(1, size));
    }
    ProtoWriter tensor = new ProtoWriter().int64(1, FLOAT).message(2, sizes);
    return new ProtoWriter().text(1, name).message(2, new ProtoWriter().message(1, tensor));
  }

  /**
   * The whole file.
   *
   * @param metadata lines for {@code metadata_props}
   */
  byte[] toModel(String name, String description, String version, Map<String, String> metadata) {
    graph.text(2, name);
    ProtoWriter model =
        new ProtoWriter()
            .int64(1, IR_VERSION)
            .text(2, "cogan")
            .text(3, version)
            .text(6, description)
            .message(7, graph)
            .message(8, new ProtoWriter().text(1, "").int64(2, OPERATOR_SET));
    metadata.forEach(
        (key, text) -> model.message(14, new ProtoWriter().text(1, key).text(2, text)));
    return model.toByteArray();
  }

  /** Names of all initialisers. */
  List<String> initialisers() {
    return new ArrayList<>(initialisers);
  }
}
