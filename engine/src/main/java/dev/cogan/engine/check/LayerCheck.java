package dev.cogan.engine.check;

import dev.cogan.engine.kernel.Kernels;
import dev.cogan.engine.nn.Parameter;
import dev.cogan.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The backward of one layer against central differences, block by block. */
public final class LayerCheck {
  private LayerCheck() {}

  /**
   * One block of numbers that was checked.
   *
   * @param layer the case
   * @param block {@code input}, or the parameter's name
   * @param count numbers in it
   * @param error relative L2 error of the gradient
   * @param tolerance largest error that is right
   */
  public record Row(String layer, String block, int count, double error, double tolerance) {
    /** Whether the gradient is right. NaN is not. */
    public boolean passed() {
      return error <= tolerance;
    }
  }

  /**
   * Checks the gradients to the input and to every parameter.
   *
   * @param sabotaged whether to turn the sign of the computed gradients first, to see what a
   *     mistake looks like
   */
  public static List<Row> run(LayerCase layer, Kernels kernels, boolean sabotaged) {
    LayerRun run = layer.run(kernels);
    run.forward();
    Tensor din = run.newDin();
    run.backward(din, true);
    List<Row> rows = new ArrayList<>();
    rows.add(row(layer, "input", run, run.in, din, sabotaged));
    for (Parameter p : run.layer.parameters()) {
      String block = p.name().substring(p.name().lastIndexOf('.') + 1);
      rows.add(row(layer, block, run, p.value(), p.gradient(), sabotaged));
    }
    return rows;
  }

  private static Row row(
      LayerCase layer, String block, LayerRun run, Tensor values, Tensor gradient, boolean turn) {
    float[] computed = gradient.toArray();
    for (int i = 0; turn && i < computed.length; i++) {
      computed[i] = -computed[i];
    }
    double error = FiniteDifference.error(values, computed, run::loss);
    return new Row(layer.name(), block, computed.length, error, FiniteDifference.TOLERANCE);
  }
}
