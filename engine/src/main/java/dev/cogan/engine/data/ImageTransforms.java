package dev.cogan.engine.data;

import dev.cogan.engine.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * The transforms that make the second domain of the paper's digit experiments (Liu and Tuzel 2016,
 * section 4). All keep 8-bit images 8-bit: they move values, or take differences of two values k /
 * 255.
 */
public final class ImageTransforms {
  /** The image itself. */
  public static final ImageTransform IDENTITY =
      new OnBytes("identity") {
        @Override
        public void apply(float[] src, int srcOffset, Shape shape, float[] dest, int destOffset) {
          System.arraycopy(src, srcOffset, dest, destOffset, shape.count());
        }
      };

  /**
   * Task A: grey dilation with a 3 x 3 square of ones, minus the image, per channel. {@code out[y,
   * x] = max(in[y + i, x + j], i, j in -1..1) - in[y, x]}; at the border only the pixels inside the
   * image take part in the maximum.
   */
  public static final ImageTransform EDGE =
      new OnBytes("edge") {
        @Override
        public void apply(float[] src, int srcOffset, Shape shape, float[] dest, int destOffset) {
          int height = shape.size(1);
          int width = shape.size(2);
          for (int row = 0; row < shape.size(0) * height; row++) {
            int y = row % height;
            int at = srcOffset + row * width;
            int above = y == 0 ? at : at - width;
            int below = y == height - 1 ? at : at + width;
            int to = destOffset + row * width;
            // The maximum over the square is that along the row of those along the columns.
            for (int x = 0; x < width; x++) {
              dest[to + x] = Math.max(src[at + x], Math.max(src[above + x], src[below + x]));
            }
            float left = dest[to];
            for (int x = 0; x < width; x++) {
              float here = dest[to + x];
              float right = x == width - 1 ? here : dest[to + x + 1];
              dest[to + x] = Math.max(here, Math.max(left, right)) - src[at + x];
              left = here;
            }
          }
        }
      };

  /** Task B: {@code out = 1 - in}. */
  public static final ImageTransform NEGATIVE =
      new OnBytes("negative") {
        @Override
        public void apply(float[] src, int srcOffset, Shape shape, float[] dest, int destOffset) {
          for (int i = 0; i < shape.count(); i++) {
            dest[destOffset + i] = 1 - src[srcOffset + i];
          }
        }
      };

  /**
   * The image turned by 90 degrees counter-clockwise: the right column becomes the top row. {@code
   * [c, h, w]} becomes {@code [c, w, h]}, {@code out[y, x] = in[x, w - 1 - y]}.
   */
  public static final ImageTransform ROTATE90 =
      new OnBytes("rotate90") {
        @Override
        public Shape outputShape(Shape shape) {
          return Shape.of(shape.size(0), shape.size(2), shape.size(1));
        }

        @Override
        public void apply(float[] src, int srcOffset, Shape shape, float[] dest, int destOffset) {
          int height = shape.size(1);
          int width = shape.size(2);
          for (int c = 0; c < shape.size(0); c++) {
            int from = srcOffset + c * height * width;
            int to = destOffset + c * height * width;
            for (int y = 0; y < width; y++) {
              for (int x = 0; x < height; x++) {
                dest[to + y * height + x] = src[from + x * width + width - 1 - y];
              }
            }
          }
        }
      };

  private static final List<ImageTransform> ALL = List.of(IDENTITY, EDGE, NEGATIVE, ROTATE90);

  private ImageTransforms() {}

  /** The names of all transforms, in a fixed order. */
  public static List<String> names() {
    return ALL.stream().map(ImageTransform::name).toList();
  }

  /** The transform with this name, if there is one. */
  public static Optional<ImageTransform> named(String name) {
    return ALL.stream().filter(transform -> transform.name().equals(name)).findFirst();
  }

  /** What all of them have in common; the shape stays unless a transform says otherwise. */
  private abstract static class OnBytes implements ImageTransform {
    private final String name;

    OnBytes(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Shape outputShape(Shape shape) {
      return shape;
    }

    @Override
    public boolean keepsBytes() {
      return true;
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
