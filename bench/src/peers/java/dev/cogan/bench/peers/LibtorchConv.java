package dev.cogan.bench.peers;

import dev.cogan.bench.ConvProblem;
import dev.cogan.bench.Operation;
import dev.cogan.bench.Pass;
import dev.cogan.engine.kernel.ConvShape;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** One pass of a convolution or transposed convolution, called as libtorch's autograd calls it. */
final class LibtorchConv implements Operation {
  private static final long[] ONE = {1, 1};
  private static final long[] ZERO = {0, 0};

  private final boolean transposed;
  private final Pass pass;
  private final long[] stride;
  private final long[] pad;
  private final Tensor x;
  private final Tensor weight;
  private final Tensor dy;
  private final TensorOptional noBias = new TensorOptional();
  private final LongArrayRefOptional noBiasSizes = new LongArrayRefOptional();
  private final BoolPointer mask;

  LibtorchConv(ConvProblem problem) {
    ConvShape s = problem.shape();
    transposed = problem.layer().transposed();
    pass = problem.pass();
    stride = new long[] {s.stride(), s.stride()};
    pad = new long[] {s.pad(), s.pad()};
    Tensor large = tensor(problem.large(), s.n(), s.cin(), s.h(), s.w());
    Tensor small = tensor(problem.small(), s.n(), s.cout(), s.oh(), s.ow());
    weight = tensor(problem.weights(), s.cout(), s.cin(), s.kh(), s.kw());
    x = transposed ? small : large;
    dy = transposed ? large : small;
    mask = new BoolPointer(3);
    mask.put(0, pass == Pass.INPUT_GRAD).put(1, pass == Pass.WEIGHT_GRAD).put(2, false);
  }

  private static Tensor tensor(float[] values, long... shape) {
    Tensor tensor = torch.empty(shape);
    tensor.data_ptr_float().put(values, 0, values.length);
    return tensor;
  }

  @Override
  public void run() {
    // Frees the output at once: the garbage collector does not see how large it is.
    try (PointerScope scope = new PointerScope()) {
      compute();
    }
  }

  private Tensor compute() {
    if (pass == Pass.FORWARD) {
      return torch.convolution(x, weight, noBias, stride, pad, ONE, transposed, ZERO, 1);
    }
    var gradients =
        torch.convolution_backward(
            dy, x, weight, noBiasSizes, stride, pad, ONE, transposed, ZERO, 1, mask);
    return pass == Pass.INPUT_GRAD ? gradients.get0() : gradients.get1();
  }

  @Override
  public float[] result() {
    try (PointerScope scope = new PointerScope()) {
      Tensor plain = compute().contiguous();
      float[] values = new float[Math.toIntExact(plain.numel())];
      plain.data_ptr_float().get(values, 0, values.length);
      return values;
    }
  }
}
