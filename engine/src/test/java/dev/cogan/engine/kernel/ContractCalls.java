package dev.cogan.engine.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Every method of the contract once or more, at sizes that are cut into several tasks. */
record ContractCalls(String name, Parity.Call call, Buffer... buffers) {

  static List<ContractCalls> all() {
    Random random = new Random(61);
    List<ContractCalls> calls = new ArrayList<>();
    for (int flags = 0; flags < 4; flags++) {
      calls.add(gemm("gemm" + flags, (flags & 1) != 0, (flags & 2) != 0, 131, 303, 270, random));
    }
    // More than two blocks along k.
    calls.add(gemm("gemm of many rows", false, false, 262, 70, 600, random));
    calls.add(gemm("gemm of one row", false, true, 1, 303, 270, random));
    for (ConvShape shape :
        List.of(
            ConvShape.of(9, 1, 28, 28, 20, 5, 5, 1, 0),
            ConvShape.of(9, 1, 17, 17, 12, 6, 6, 1, 1),
            ConvShape.of(5, 66, 13, 13, 34, 3, 3, 2, 1),
            ConvShape.of(9, 130, 4, 4, 50, 4, 4, 1, 0),
            ConvShape.of(5, 17, 14, 15, 33, 3, 3, 1, 1),
            ConvShape.of(40, 34, 7, 7, 66, 3, 3, 2, 1),
            ConvShape.of(16, 260, 7, 7, 96, 3, 3, 2, 1),
            ConvShape.of(4, 20, 32, 32, 33, 5, 5, 2, 2),
            ConvShape.of(8, 20, 24, 24, 10, 5, 5, 2, 2))) {
      Buffer x = Buffer.random(random, shape.inputSize());
      Buffer y = Buffer.random(random, shape.outputSize());
      Buffer w = Buffer.random(random, shape.weightSize());
      Buffer cin = Buffer.random(random, shape.cin());
      Buffer cout = Buffer.random(random, shape.cout());
      calls.add(new ContractCalls("forward " + shape, ConvParity.forward(shape), y, x, w, cout));
      calls.add(
          new ContractCalls("input grad " + shape, ConvParity.inputGrad(shape), x, y, w, cin));
      calls.add(new ContractCalls("weight grad " + shape, ConvParity.weightGrad(shape), w, x, y));
    }
    addNorms(calls, random);
    addElementwise(calls, random);
    return calls;
  }

  private static ContractCalls gemm(
      String name, boolean transA, boolean transB, int m, int n, int k, Random random) {
    int[] size = {m, n, k};
    return new ContractCalls(
        name,
        GemmParity.gemm(transA, transB, size, transA ? m : k, transB ? k : n, n, 1),
        Buffer.random(random, m * k),
        Buffer.random(random, k * n),
        Buffer.random(random, m * n));
  }

  private static void addNorms(List<ContractCalls> calls, Random random) {
    Buffer columns = Buffer.random(random, 33 * 37);
    Buffer perColumn = Buffer.random(random, 37);
    calls.add(
        new ContractCalls(
            "batchNorm of columns",
            NormParity.forward(new int[] {33, 37, 1}),
            columns.copy(),
            columns,
            perColumn,
            perColumn,
            perColumn.copy(),
            perColumn.copy()));
    int[] size = {33, 37, 49};
    Buffer x = Buffer.random(random, 33 * 37 * 49);
    Buffer y = Buffer.random(random, x.length);
    Buffer c = Buffer.random(random, 37);
    Buffer one = Buffer.random(random, 1);
    calls.add(
        new ContractCalls(
            "addBias",
            (k, b) -> k.addBias(33, 37, 49, b[0].array, b[0].offset, b[1].array, b[1].offset),
            x,
            c));
    calls.add(new ContractCalls("biasGrad", NormParity.biasGrad(size), c, x));
    calls.add(
        new ContractCalls("batchNorm", NormParity.forward(size), y, x, c, c, c.copy(), c.copy()));
    calls.add(
        new ContractCalls(
            "batchNorm backward",
            NormParity.backward(size, false),
            x.copy(),
            y,
            x,
            c,
            c,
            c,
            c.copy(),
            c.copy()));
    calls.add(new ContractCalls("scaleShift", NormParity.scaleShift(size, 1), y, x, c, c));
    for (Buffer slope : List.of(one, c)) {
      int slopes = slope.length;
      calls.add(
          new ContractCalls(
              "prelu " + slopes, ActivationParity.preluForward(size, slopes, 1), y, x, slope));
      calls.add(
          new ContractCalls(
              "prelu backward " + slopes,
              ActivationParity.preluBackward(size, slopes, 0),
              x.copy(),
              y,
              x,
              slope,
              slope.copy()));
      calls.add(
          new ContractCalls(
              "batchNormPrelu " + slopes,
              NormPreluParity.forward(size, slopes),
              y,
              x,
              c,
              c,
              slope,
              c.copy(),
              c.copy()));
      calls.add(
          new ContractCalls(
              "batchNormPrelu backward " + slopes,
              NormPreluParity.backward(size, slopes, 0),
              x.copy(),
              y,
              x,
              c,
              c,
              slope,
              c,
              c,
              c.copy(),
              c.copy(),
              slope.copy()));
      calls.add(
          new ContractCalls(
              "scaleShiftPrelu " + slopes,
              NormPreluParity.fixed(size, slopes, 0, 1),
              y,
              x,
              c,
              c,
              slope));
      calls.add(
          new ContractCalls(
              "scaleShiftPrelu backward " + slopes,
              NormPreluParity.fixedBackward(size, slopes, 0),
              x.copy(),
              x,
              c,
              c,
              slope,
              y));
    }
    int[] argmax = new int[33 * 37 * 9];
    calls.add(
        new ContractCalls(
            "maxPool and back",
            (k, b) -> {
              k.maxPoolForward(
                  33 * 37, 7, 7, 2, b[0].array, b[0].offset, argmax, 0, b[1].array, b[1].offset);
              k.maxPoolBackward(
                  33 * 37, 7, 7, 2, b[2].array, b[2].offset, b[0].array, b[0].offset, argmax, 0);
            },
            Buffer.filled(argmax.length, 0),
            x,
            y));
  }

  private static void addElementwise(List<ContractCalls> calls, Random random) {
    int length = 70_003;
    Buffer y = Buffer.random(random, length);
    Buffer a = Buffer.random(random, length);
    Buffer b = Buffer.random(random, length);
    Buffer v = Buffer.filled(length, 0.5f);
    calls.add(new ContractCalls("leaky", ActivationParity.leakyForward(0.2f, 1), y, a));
    calls.add(
        new ContractCalls("leaky backward", ActivationParity.leakyBackward(0.2f, 0), y, a, b));
    for (boolean tanh : new boolean[] {false, true}) {
      String name = tanh ? "tanh" : "sigmoid";
      calls.add(new ContractCalls(name, ActivationParity.squashForward(tanh, 1), y, a));
      calls.add(
          new ContractCalls(name + " backward", ActivationParity.squashBackward(tanh, 0), y, a, b));
    }
    calls.add(new ContractCalls("multiply", ElementwiseParity.multiply(0, 1, 2), y, a, b));
    calls.add(new ContractCalls("axpy", ElementwiseParity.axpy(0.3f), y, a));
    calls.add(new ContractCalls("adam", ElementwiseParity.adam(0.1f, 0.1f), y, a, b, v));
    // The results go where the comparison sees all their bits.
    calls.add(
        new ContractCalls(
            "reductions",
            (k, x) -> {
              double sum = k.sum(length, x[0].array, x[0].offset);
              double squares = k.sumOfSquares(length, x[0].array, x[0].offset);
              long bits = Double.doubleToRawLongBits(sum) ^ Double.doubleToRawLongBits(squares);
              x[1].set(0, (int) (bits & 0xffffff));
              x[1].set(1, (int) (bits >>> 24 & 0xffffff));
              x[1].set(2, (int) (bits >>> 48));
              x[1].set(3, k.firstNonFinite(length, x[0].array, x[0].offset));
            },
            a,
            Buffer.filled(4, 0)));
  }

  /** The call's arrays after it ran on copies. */
  Buffer[] run(Kernels kernels) {
    Buffer[] copies = Buffer.copies(buffers);
    call.run(kernels, copies);
    return copies;
  }
}
