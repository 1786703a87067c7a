package dev.cogan.engine.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cogan.engine.io.ImageGrid.Picture;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageGridTest {
  @TempDir Path dir;

  @Test
  void pairsStandSideBySide() {
    Tensor a = Tensor.of(new float[] {0, 0.2f, 0.4f}, 3, 1, 1, 1);
    Tensor b = Tensor.of(new float[] {1, 0.8f, 0.6f}, 3, 1, 1, 1);
    Picture picture = ImageGrid.ofDomains(List.of(a, b)).columns(2).padding(1).gap(2).toPicture();
    assertThat(rows(picture, 0))
        .isEqualTo(
            """
            128 128 128 128 128 128 128 128 128 128
            128 0 128 255 128 128 51 128 204 128
            128 128 128 128 128 128 128 128 128 128
            128 128 128 128 128 128 128 128 128 128
            128 102 128 153 128 128 128 128 128 128
            128 128 128 128 128 128 128 128 128 128
            """);
  }

  @Test
  void scalesByWholePixels() {
    Tensor image = Tensor.of(new float[] {-1, 0.6f, -0.2f, 1}, 1, 1, 2, 2);
    Picture picture = ImageGrid.of(image).range(-1, 1).scale(2).padding(0).toPicture();
    assertThat(rows(picture, 0))
        .isEqualTo("0 0 204 204\n0 0 204 204\n102 102 255 255\n102 102 255 255\n");
  }

  @Test
  void clampsAndPaintsNanBlack() {
    Tensor image = Tensor.of(new float[] {-5, 7, Float.NaN, Float.POSITIVE_INFINITY}, 1, 1, 1, 4);
    assertThat(rows(ImageGrid.of(image).padding(0).toPicture(), 0)).isEqualTo("0 255 0 255\n");
  }

  @Test
  void domainsMayDifferInChannelsAndSize() {
    Tensor colour =
        Tensor.of(new float[] {1, 1, 1, 1, 0, 0, 0, 0, 0.2f, 0.2f, 0.2f, 0.2f}, 1, 3, 2, 2);
    Tensor depth = Tensor.of(new float[] {0.4f, 0.4f, 0.4f, 0.4f}, 1, 1, 1, 4);
    Picture picture = ImageGrid.ofDomains(List.of(colour, depth)).padding(1).toPicture();
    assertThat(picture.channels()).isEqualTo(3);
    String border = "128 128 128 128 128 128 128 128 128 128 128\n";
    String last = "128 128 %1$d %1$d 128 128 128 128 128 128 128\n";
    String first = "128 128 %1$d %1$d 128 128 102 102 102 102 128\n";
    assertThat(rows(picture, 0))
        .isEqualTo(border + first.formatted(255) + last.formatted(255) + border);
    assertThat(rows(picture, 1))
        .isEqualTo(border + first.formatted(0) + last.formatted(0) + border);
    assertThat(rows(picture, 2))
        .isEqualTo(border + first.formatted(51) + last.formatted(51) + border);
  }

  @Test
  void isAboutSquareByDefault() {
    Picture picture = ImageGrid.of(Tensor.zeros(100, 1, 28, 28)).toPicture();
    assertThat(picture.width()).isEqualTo(10 * 28 + 9 * 4 + 2).isEqualTo(picture.height());
    assertThat(ImageGrid.of(Tensor.zeros(2, 1, 1, 1)).columns(50).padding(0).toPicture().width())
        .isEqualTo(6);
  }

  @Test
  void writesPng() throws IOException {
    Path path = dir.resolve("grid.png");
    ImageGrid grid = ImageGrid.of(Tensor.zeros(4, 3, 8, 8));
    grid.write(path);
    assertThat(Files.readAllBytes(path)).isEqualTo(grid.toPicture().toPng());
  }

  @Test
  void readsViewsOfTensors() {
    Tensor all = Tensor.of(new float[] {0, 0.2f, 0.4f, 0.6f}, 4, 1, 1, 1);
    assertThat(rows(ImageGrid.of(all.slice(2, 1)).padding(0).toPicture(), 0)).isEqualTo("102\n");
  }

  /** What a picture will take is known before there is anything to show. */
  @Test
  void aPlannedPictureHasTheSizeOfTheRealOne() {
    List<Tensor> images = List.of(Tensor.zeros(7, 1, 5, 6), Tensor.zeros(7, 3, 8, 4));
    ImageGrid real = ImageGrid.ofDomains(images).columns(3).scale(2);
    List<Shape> shapes = List.of(Shape.of(1, 5, 6), Shape.of(3, 8, 4));
    ImageGrid planned = ImageGrid.planned(7, shapes).columns(3).scale(2);
    ImageGrid.Picture picture = real.toPicture();
    assertThat(planned.pictureBytes())
        .isEqualTo(real.pictureBytes())
        .isEqualTo((long) picture.channels() * picture.height() * picture.width());
    assertThat(planned.writingBytes()).isGreaterThan(planned.pictureBytes());
    assertThatThrownBy(planned::toPicture).isInstanceOf(IllegalStateException.class);
    ImageGrid large = ImageGrid.planned(1000, shapes).scale(1000);
    assertThatThrownBy(large::writingBytes)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("too large");
    assertThatThrownBy(() -> ImageGrid.planned(0, shapes))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesWhatCannotBeShown() {
    assertThatThrownBy(() -> ImageGrid.of(Tensor.zeros(1, 2, 4, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[1, 2, 4, 4]");
    assertThatThrownBy(() -> ImageGrid.of(Tensor.zeros(28, 28)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> ImageGrid.ofDomains(List.of(Tensor.zeros(1, 1, 2, 2), Tensor.zeros(2, 1, 2, 2))))
        .isInstanceOf(IllegalArgumentException.class);
    ImageGrid grid = ImageGrid.of(Tensor.zeros(100, 1, 28, 28));
    assertThatThrownBy(() -> grid.range(1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> grid.scale(0))
        .isInstanceOf(InputException.class)
        .hasMessage("scale must be from 1 to 10000, not 0");
    assertThatThrownBy(() -> grid.scale(10_000).toPicture())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("too large");
  }

  private static String rows(Picture picture, int channel) {
    StringBuilder text = new StringBuilder();
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++) {
        text.append(x == 0 ? "" : " ").append(picture.level(channel, y, x));
      }
      text.append('\n');
    }
    return text.toString();
  }
}
