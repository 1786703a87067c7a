package dev.cogan.golden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Writes the three golden files. */
public final class GenerateGolden {
  private static final String MADE_BY =
      "libtorch 2.10.0 (org.bytedeco:pytorch:2.10.0-1.5.13, linux-x86_64), float32, 1 thread";
  private static final String DATA = "MNIST test images, CC BY-SA 3.0, Y. LeCun, C. Cortes";
  private static final int BATCH = TrainingFile.BATCH;

  private GenerateGolden() {}

  /**
   * @param args the folder to write to, and MNIST's {@code t10k-images-idx3-ubyte.gz}
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      System.err.println("usage: GenerateGolden OUTPUT_FOLDER T10K_IMAGES_GZ");
      System.exit(2);
    }
    Path folder = Path.of(args[0]);
    torch.set_num_threads(1);
    torch.manual_seed(0);
    MnistImages mnist = MnistImages.read(Path.of(args[1]), 20 * BATCH);
    layers(folder.resolve("layers.safetensors"));
    small(folder.resolve("cogan-small.safetensors"), mnist);
    fullyConnected(folder.resolve("digits-mlp-small.safetensors"), mnist);
  }

  private static void layers(Path path) throws IOException {
    SafetensorsWriter file = new SafetensorsWriter();
    file.metadata("generator", MADE_BY);
    new LinearCases(file, new Values(1)).addAll();
    new NormCases(file, new Values(2)).addAll();
    new ActivationCases(file, new Values(3)).addAll();
    new LossCases(file, new Values(4)).addAll();
    new OptimizerCases(file, new Values(5)).addAll();
    file.write(path);
  }

  private static void small(Path path, MnistImages mnist) throws IOException {
    Cogan model = Cogan.digits(new Values(11), new int[] {10, 16, 12, 8, 6}, 4, 6, 16);
    new TrainingFile()
        .describe("generator", MADE_BY)
        .describe("data", DATA + "; domain b is the negative, 1 - x, of other images")
        .describe(
            "generators.shared",
            "ConvTranspose2d(10,16,4,1,0) BN PReLU ConvTranspose2d(16,12,3,2,1) BN PReLU"
                + " ConvTranspose2d(12,8,3,2,1) BN PReLU ConvTranspose2d(8,6,3,2,1) BN PReLU;"
                + " no bias, BN not affine, one slope")
        .describe("generators.private", "ConvTranspose2d(6,1,6,1,1) with bias, Sigmoid")
        .describe("discriminators.private", "Conv2d(1,4,5) MaxPool2d(2)")
        .describe(
            "discriminators.shared",
            "Conv2d(4,6,5) MaxPool2d(2) Flatten Linear(96,16) PReLU Linear(16,1)")
        .write(
            path,
            model,
            new Values(12),
            new long[] {BATCH, 10},
            10,
            t -> {
              float[] a = mnist.batch(2 * t * BATCH, BATCH);
              float[] b = mnist.batch((2 * t + 1) * BATCH, BATCH);
              for (int i = 0; i < b.length; i++) {
                b[i] = 1 - b[i];
              }
              return List.of(images(a, MnistImages.SIDE), images(b, MnistImages.SIDE));
            });
  }

  private static void fullyConnected(Path path, MnistImages mnist) throws IOException {
    new TrainingFile()
        .describe("generator", MADE_BY)
        .describe(
            "data",
            DATA
                + "; inner 24x24 pixels averaged over 3x3; domain b is other images turned by 90"
                + " degrees")
        .describe(
            "generators.shared",
            "Linear(10,24) BN PReLU Linear(24,24) BN PReLU; no bias, BN not affine, one slope")
        .describe("generators.private", "Linear(24,64) Sigmoid, seen as [1,8,8]")
        .describe("discriminators.private", "Flatten Linear(64,12) PReLU")
        .describe("discriminators.shared", "Linear(12,1)")
        .write(
            path,
            Cogan.fullyConnected(new Values(21)),
            new Values(22),
            new long[] {BATCH, 10},
            3,
            t -> {
              float[] a = mnist.smallBatch(2 * t * BATCH, BATCH);
              float[] b = mnist.smallBatch((2 * t + 1) * BATCH, BATCH);
              Tensor turned = torch.rot90(images(b, 8), 1, 2, 3).contiguous();
              return List.of(images(a, 8), turned);
            });
  }

  private static Tensor images(float[] pixels, int side) {
    return Torch.tensor(pixels, pixels.length / (side * side), 1, side, side);
  }
}
