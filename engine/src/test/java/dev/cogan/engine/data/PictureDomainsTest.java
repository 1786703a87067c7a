package dev.cogan.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cogan.engine.image.PngBuilder;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Png;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Folders and zip files of pictures as domains. */
class PictureDomainsTest {
  @TempDir Path folder;

  private final DomainLoader loader =
      new DomainLoader(
          () -> {
            throw new AssertionError("no digits wanted");
          });

  /** A picture of one value. */
  private static byte[] flat(int value, int channels, int height, int width) {
    byte[] planes = new byte[channels * height * width];
    java.util.Arrays.fill(planes, (byte) value);
    return Png.encode(planes, channels, height, width);
  }

  private void put(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private List<DomainData> load(String... specs) {
    return loader.load(List.of(specs).stream().map(DomainSpec::parse).toList(), 3);
  }

  /** The first value of each image, times 255. */
  private static List<Integer> values(DomainData data) {
    List<Integer> values = new ArrayList<>();
    float[] image = new float[data.shape().count()];
    for (int i = 0; i < data.count(); i++) {
      data.fill(image, 0, i);
      values.add(Math.round(image[0] * 255));
    }
    return values;
  }

  private void zip(Path file, String... names) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      for (String name : names) {
        out.putNextEntry(new ZipEntry(name));
        out.write(Files.readAllBytes(folder.resolve(name)));
        out.closeEntry();
      }
    }
  }

  @Test
  void aFolderWithFoldersSortedByName() throws IOException {
    put("in/b/2.PNG", flat(20, 1, 8, 8));
    put("in/a.png", flat(10, 1, 16, 8));
    put("in/.hidden/3.png", flat(30, 1, 8, 8));
    put("in/notes.txt", new byte[] {1});
    DomainData data = load("folder:" + folder.resolve("in")).get(0);
    assertThat(data.shape()).isEqualTo(Shape.of(1, 64, 64));
    assertThat(values(data)).containsExactly(10, 20);
    assertThat(data.isAugmented()).isFalse();
  }

  /** To all systems but Windows a backslash is a letter like others. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aBackslashInANameIsNoFolder() throws IOException {
    put("in/a/b.png", flat(10, 1, 8, 8));
    put("in/a\\b.png", flat(20, 1, 8, 8));
    put("in/x\\.png", flat(30, 1, 8, 8));
    assertThat(values(load("folder:" + folder.resolve("in")).get(0))).containsExactly(10, 20, 30);
    assertThat(loader.bad()).isEmpty();
  }

  /** As some programs on Windows write them. */
  @Test
  void namesInAnArchiveNeedNotBeUtf8() throws IOException {
    Path file = folder.resolve("old.zip");
    Charset western = Charset.forName("windows-1252");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file), western)) {
      for (String name : List.of("1 B\u00e4r.png", "2 M\u00f6we.png")) {
        out.putNextEntry(new ZipEntry(name));
        out.write(flat(name.charAt(0), 1, 8, 8));
      }
    }
    assertThat(values(load("folder:" + file).get(0))).containsExactly((int) '1', (int) '2');
  }

  /** The JDK passes over the second end, since no directory is where it says. */
  @Test
  void anEndInTheCommentOfAnArchiveHidesNoLargeDirectory() throws IOException {
    Path file = folder.resolve("large.zip");
    ByteBuffer ends = ByteBuffer.allocate(44).order(ByteOrder.LITTLE_ENDIAN);
    ends.putInt(0, 0x06054b50).putInt(12, 600 << 20).putShort(20, (short) 22);
    ends.putInt(22, 0x06054b50).putInt(22 + 16, 77).putShort(22 + 20, (short) 5);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.seek(600 << 20);
      sparse.write(ends.array());
    }
    assertThatThrownBy(() -> ZipDirectory.check(file))
        .isInstanceOf(InputException.class)
        .hasMessage(file + ": a zip directory of 600 MiB is too large for this heap");
    Files.delete(file);
  }

  @Test
  void hiddenFoldersNeedNotBeReadable() throws IOException {
    put("in/1.png", flat(10, 1, 8, 8));
    put("in/.trash/2.png", flat(20, 1, 8, 8));
    put("in/locked/3.png", flat(30, 1, 8, 8));
    Path locked = folder.resolve("in/locked");
    Path trash = folder.resolve("in/.trash");
    assumeTrue(locked.toFile().setReadable(false) && trash.toFile().setReadable(false));
    assumeFalse(Files.isReadable(trash), "this user may read everything");
    assertThatThrownBy(() -> load("folder:" + folder.resolve("in")))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("locked: cannot read: permission denied");
    assertThat(locked.toFile().setReadable(true)).isTrue();
    assertThat(values(load("folder:" + folder.resolve("in")).get(0))).containsExactly(10, 30);
    assertThat(trash.toFile().setReadable(true)).isTrue(); // So that it can be removed.
  }

  @Test
  void greyBecomesColourBesideColour() throws IOException {
    put("in/1.png", flat(10, 1, 8, 8));
    put("in/2.png", flat(20, 3, 8, 8));
    String spec = "folder:" + folder.resolve("in");
    assertThat(load(spec).get(0).shape()).isEqualTo(Shape.of(3, 64, 64));
    assertThat(values(load(spec + ":grey").get(0))).containsExactly(10, 20);
    assertThat(load(spec + ":grey").get(0).shape().size(0)).isEqualTo(1);
    assertThat(load(spec + ":rgb,negative").get(0).spec()).isEqualTo(spec + ":rgb,negative");
    assertThat(values(load(spec + ":rgb,negative").get(0))).containsExactly(245, 235);
  }

  @Test
  void badFilesAreLeftOutAndListed() throws IOException {
    put("in/1.png", flat(10, 1, 8, 8));
    put("in/2.png", new byte[0]);
    put("in/3.png", "GIF89a".getBytes());
    put("in/4.png", new PngBuilder(70_000, 70_000, 8, 2, 0).rows(0).end());
    DomainData data = load("folder:" + folder.resolve("in")).get(0);
    assertThat(values(data)).containsExactly(10);
    assertThat(loader.bad()).hasSize(3);
    assertThat(loader.bad().get(0).file()).endsWith("2.png");
    assertThat(loader.bad().get(0).reason()).isEqualTo("neither PNG nor JPEG: empty");
    assertThat(loader.bad().get(1).reason()).startsWith("neither PNG nor JPEG: starts with 47 49");
    assertThat(loader.bad().get(2).reason()).startsWith("70000 x 70000 pixels");
  }

  @Test
  void nothingUsable() throws IOException {
    put("in/1.png", new byte[] {1, 2});
    put("empty/a.txt", new byte[] {1});
    assertThatThrownBy(() -> load("folder:" + folder.resolve("in")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("none of its 1 files can be used; the first: ");
    assertThatThrownBy(() -> load("folder:" + folder.resolve("empty")))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("empty: holds no pictures (.png, .jpg, .jpeg)");
    assertThatThrownBy(() -> load("folder:" + folder.resolve("none")))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("none: no such folder or zip file");
    put("in/1.png", new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, 0});
    assertThatThrownBy(() -> load("folder:" + folder.resolve("in")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("truncated JPEG");
  }

  @Test
  void twoDomainsOfOneFolderGetDisjointHalves() throws IOException {
    for (int i = 0; i < 11; i++) {
      put("in/" + (char) ('a' + i) + ".png", flat(i, 1, 8, 8));
    }
    String spec = "folder:" + folder.resolve("in");
    List<DomainData> data = load(spec, spec + ":negative");
    Set<Integer> first = new TreeSet<>(values(data.get(0)));
    Set<Integer> second = new TreeSet<>();
    values(data.get(1)).forEach(value -> second.add(255 - value));
    assertThat(first.size() + second.size()).isEqualTo(11);
    assertThat(Math.abs(first.size() - second.size())).isEqualTo(1);
    assertThat(first).doesNotContainAnyElementsOf(second);
    List<DomainData> both =
        loader
            .disjoint(false)
            .load(List.of(DomainSpec.parse(spec), DomainSpec.parse(spec + ":negative")), 3);
    assertThat(both.get(0).count()).isEqualTo(11);
    assertThat(both.get(1).count()).isEqualTo(11);
  }

  @Test
  void aFolderAndALinkToItAreOneSource() throws IOException {
    for (int i = 0; i < 6; i++) {
      put("real/deep/" + i + ".png", flat(i, 1, 8, 8));
      put("real/other/" + i + ".png", flat(100 + i, 1, 8, 8));
    }
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real/deep"));
    List<DomainData> data =
        load("folder:" + folder.resolve("real/deep"), "folder:" + link + ":negative");
    assertThat(data.get(0).count() + data.get(1).count()).isEqualTo(6);
    // Behind a link the folder above is that of where the link leads.
    put("other/wrong.png", flat(200, 1, 8, 8));
    assertThat(values(load("folder:" + link + "/../other").get(0)))
        .containsExactly(100, 101, 102, 103, 104, 105);
  }

  /** 33/32 of 28 is still 28. */
  @Test
  void smallPicturesAreCutAtRandomToo() throws IOException {
    byte[] pixels = new byte[29 * 29];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i % 29);
    }
    put("ramp/0.png", Png.encode(pixels, 1, 29, 29));
    loader.side(28);
    DomainData data = load("folder:" + folder.resolve("ramp") + ":crop").get(0);
    RandomStream random = RandomStream.of(1, "test");
    Set<Integer> firsts = new TreeSet<>();
    float[] image = new float[28 * 28];
    for (int i = 0; i < 40; i++) {
      data.fillRandom(image, 0, 0, random);
      firsts.add(Math.round(255 * image[0]));
    }
    assertThat(firsts).containsExactly(0, 1);
  }

  @Test
  void theCopyThatATransformMakesIsPlanned() throws IOException {
    // As many as fit into the heap once, but not twice.
    int side = 1024;
    int count = (int) (0.6 * Runtime.getRuntime().maxMemory() / (3 * side * side) / 1.5);
    for (int i = 0; i < count; i++) {
      put("in/" + i + ".png", flat(1, 3, 8, 8));
    }
    DomainSpec negative = DomainSpec.parse("folder:" + folder.resolve("in") + ":rgb,negative");
    assertThatThrownBy(() -> loader.side(side).load(List.of(negative), 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(count + " images need");
  }

  private void celeba() throws IOException {
    StringBuilder list = new StringBuilder("6\nGlasses Smile\n");
    for (int i = 0; i < 6; i++) {
      list.append(i).append(".jpg ").append(i < 2 ? " 1" : "-1").append(i % 2 == 0 ? " 1" : " -1");
      list.append('\n');
      if (i < 5) { // The last is in the list only.
        put("celeba/img_align_celeba/" + i + ".jpg", flat(10 * i, 3, 218, 178));
      }
    }
    put("celeba/list_attr_celeba.txt", list.toString().getBytes());
  }

  @Test
  void celebaByAttribute() throws IOException {
    celeba();
    String spec = "celeba:" + folder.resolve("celeba");
    List<DomainData> data = load(spec + ":+Glasses", spec + ":-Glasses");
    assertThat(values(data.get(0))).containsExactly(0, 10);
    assertThat(values(data.get(1))).containsExactly(20, 30, 40);
    assertThat(data.get(0).shape()).isEqualTo(Shape.of(3, 64, 64));
    assertThat(data.get(0).isAugmented()).isTrue();
    assertThat(values(load(spec + ":-Glasses,+Smile").get(0))).containsExactly(20, 40);
    assertThat(load(spec + ":-Glasses:plain").get(0).isAugmented()).isFalse();
    List<DomainData> overlapping = load(spec + ":-Glasses", spec + ":+Smile");
    Set<Integer> all = new HashSet<>(values(overlapping.get(0)));
    all.addAll(values(overlapping.get(1)));
    assertThat(overlapping.get(0).count() + overlapping.get(1).count()).isEqualTo(4);
    assertThat(all).containsExactlyInAnyOrder(0, 20, 30, 40);
    assertThatThrownBy(() -> load(spec + ":+Glases"))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("no attribute 'Glases'; did you mean Glasses?");
    assertThatThrownBy(() -> load("celeba:" + folder + "/celeba/img_align_celeba:+Glasses"))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("holds no list_attr_celeba.txt");
  }

  @Test
  void celebaAsZipOrAsZipBesideTheList() throws IOException {
    celeba();
    String[] names = new String[6];
    for (int i = 0; i < 5; i++) {
      names[i] = "celeba/img_align_celeba/" + i + ".jpg";
    }
    names[5] = "celeba/list_attr_celeba.txt";
    zip(folder.resolve("all.zip"), names);
    assertThat(values(load("celeba:" + folder.resolve("all.zip") + ":-Glasses").get(0)))
        .containsExactly(20, 30, 40);
    Files.createDirectories(folder.resolve("beside"));
    zip(folder.resolve("beside/img_align_celeba.zip"), java.util.Arrays.copyOf(names, 5));
    Files.copy(
        folder.resolve("celeba/list_attr_celeba.txt"),
        folder.resolve("beside/list_attr_celeba.txt"));
    assertThat(values(load("celeba:" + folder.resolve("beside") + ":+Glasses").get(0)))
        .containsExactly(0, 10);
    put("beside/preview.png", flat(200, 3, 8, 8));
    assertThat(values(load("celeba:" + folder.resolve("beside") + ":+Glasses").get(0)))
        .as("a picture that the list does not name")
        .containsExactly(0, 10);
    put("beside/0.jpg", flat(77, 3, 218, 178));
    assertThat(values(load("celeba:" + folder.resolve("beside") + ":+Glasses").get(0)))
        .as("a picture that it names")
        .containsExactly(77);
  }

  private static byte[] depth16(int... values) {
    int[] row = new int[1 + 2 * values.length];
    for (int i = 0; i < values.length; i++) {
      row[1 + 2 * i] = values[i] >> 8;
      row[2 + 2 * i] = values[i];
    }
    return new PngBuilder(values.length, 1, 16, 0, 0).rows(row).end();
  }

  @Test
  void colourAndDepthInDisjointHalves() throws IOException {
    for (int i = 0; i < 8; i++) {
      put("rgbd/color/" + i + ".png", flat(i, 3, 8, 8));
      put("rgbd/depth/" + i + ".png", depth16(1000 + 100 * i, 0));
    }
    String spec = "rgbd:" + folder.resolve("rgbd");
    List<DomainData> data = load(spec + ":color", spec + ":depth:range=1000-1700");
    assertThat(data.get(0).shape()).isEqualTo(Shape.of(3, 64, 64));
    assertThat(data.get(1).shape()).isEqualTo(Shape.of(1, 64, 64));
    Set<Integer> scenes = new HashSet<>(values(data.get(0)));
    for (int value : values(data.get(1))) {
      scenes.add(Math.round(value * 7 / 255f));
    }
    assertThat(scenes).as("every scene is in one of the domains").hasSize(8);
    assertThat(DomainSpec.parse(spec + ":depth").isDepth()).isTrue();
  }

  @Test
  void depthIsClippedAndMappedToTheWholeRange() throws IOException {
    int[] ramp = new int[200];
    for (int i = 0; i < 200; i++) {
      ramp[i] = i == 0 ? 1 : i == 199 ? 60_000 : 1000 + i;
    }
    put("rgbd/depth/1.png", depth16(ramp));
    PictureLoader pictures =
        new PictureLoader(
            dev.cogan.engine.image.ImageDecoder.pngOnly(),
            8,
            dev.cogan.engine.image.RawImage.Alpha.WHITE);
    PictureLoader.Whole whole =
        pictures.loadWhole(DomainSpec.parse("rgbd:" + folder.resolve("rgbd") + ":depth"));
    assertThat(whole.low()).isEqualTo(1001);
    assertThat(whole.high()).isEqualTo(1197);
    put("rgbd/depth/1.png", depth16(5, 5, 5));
    assertThatThrownBy(() -> load("rgbd:" + folder.resolve("rgbd") + ":depth"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("nearly all depths are 5; no range to map");
    put("rgbd/depth/2.png", flat(9, 1, 2, 2));
    load("rgbd:" + folder.resolve("rgbd") + ":depth:range=1-9");
    assertThat(loader.bad().get(0).reason()).isEqualTo("has 8 bits, the depth maps before it 16");
  }

  @Test
  void zipFilesThatAreNot() throws IOException {
    put("a.zip", new byte[100]);
    assertThatThrownBy(() -> load("folder:" + folder.resolve("a.zip")))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("a.zip: neither a folder nor a whole zip file");
    put("1.png", flat(1, 1, 8, 8));
    zip(folder.resolve("b.zip"), "1.png");
    byte[] whole = Files.readAllBytes(folder.resolve("b.zip"));
    byte[] huge = whole.clone();
    huge[huge.length - 10] = (byte) 0xff; // The directory's size.
    huge[huge.length - 7] = (byte) 0x0f;
    put("b.zip", huge);
    assertThatThrownBy(() -> load("folder:" + folder.resolve("b.zip")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("its directory would not fit into it");
    for (int length = 0; length < whole.length; length++) {
      put("c.zip", java.util.Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> load("folder:" + folder.resolve("c.zip")))
          .isInstanceOf(InputException.class);
    }
  }

  @Test
  void entriesThatUnfoldWithoutEndAreBadFiles() throws IOException {
    put("1.png", flat(1, 1, 8, 8));
    try (ZipOutputStream out =
        new ZipOutputStream(Files.newOutputStream(folder.resolve("z.zip")))) {
      out.putNextEntry(new ZipEntry("../../0.png"));
      out.write(Files.readAllBytes(folder.resolve("1.png")));
      out.putNextEntry(new ZipEntry("/dir/0.png"));
      out.write(Files.readAllBytes(folder.resolve("1.png")));
      out.putNextEntry(new ZipEntry("bomb.png"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 30; i++) {
        out.write(zeros);
      }
    }
    DomainData data = load("folder:" + folder.resolve("z.zip")).get(0);
    assertThat(data.count()).as("a name is only a name, and .. is hidden").isEqualTo(1);
    assertThat(loader.bad().get(0).reason()).startsWith("unfolds to more than");
  }

  @Test
  void anEntryThatIsNotWhereTheDirectorySaysIsABadFile() throws IOException {
    put("1.png", flat(1, 1, 8, 8));
    put("2.png", flat(1, 1, 8, 8));
    zip(folder.resolve("o.zip"), "1.png", "2.png");
    byte[] bytes = Files.readAllBytes(folder.resolve("o.zip"));
    int entry = bytes.length;
    while (bytes[entry - 4] != 'P' || bytes[entry - 2] != 1) {
      entry--;
    }
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(entry - 4 + 42, 0xfffffff0);
    put("o.zip", bytes);
    assertThat(load("folder:" + folder.resolve("o.zip")).get(0).count()).isEqualTo(1);
    assertThat(loader.bad().get(0).reason()).isEqualTo("cannot unpack: it ends too early");
  }

  @Test
  void cutsAndMirrorsAreDrawnAndResumed() throws IOException {
    for (int i = 0; i < 3; i++) {
      byte[] planes = new byte[64 * 64];
      new java.util.Random(i).nextBytes(planes);
      put("in/" + i + ".png", Png.encode(planes, 1, 64, 64));
    }
    DomainData data = load("folder:" + folder.resolve("in") + ":crop,mirror").get(0);
    assertThat(data.isAugmented()).isTrue();
    int size = data.shape().count();
    ImageStream stream = ImageStream.of(data, 9);
    float[] before = new float[5 * size];
    stream.next(before, 0, 5);
    long[] state = stream.state();
    assertThat(state).hasSize(5);
    float[] after = new float[20 * size];
    stream.next(after, 0, 20);
    Set<Integer> different = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      different.add(
          java.util.Arrays.hashCode(java.util.Arrays.copyOfRange(after, i * size, (i + 1) * size)));
    }
    assertThat(different).hasSizeGreaterThan(10);
    ImageStream resumed = ImageStream.of(data, 9);
    resumed.restore(state);
    float[] again = new float[20 * size];
    resumed.next(again, 0, 20);
    assertThat(again).containsExactly(after);
    assertThatThrownBy(() -> resumed.restore(java.util.Arrays.copyOf(state, 4)))
        .isInstanceOf(InputException.class);
  }

  @Test
  void mirroringTurnsLeftAndRight() {
    byte[] pixels = {1, 2, 3, 4};
    ImageSet set = ImageSet.ofBytes(Shape.of(1, 1, 4), pixels);
    DomainData data = new DomainData("a", "x", set, null, new Augmentation(1, 3, true, true));
    Set<List<Integer>> seen = new HashSet<>();
    RandomStream random = RandomStream.of(1, "test");
    float[] image = new float[3];
    for (int i = 0; i < 100; i++) {
      data.fillRandom(image, 0, 0, random);
      List<Integer> row = new ArrayList<>();
      for (float value : image) {
        row.add(Math.round(value * 255));
      }
      seen.add(row);
    }
    assertThat(seen)
        .containsExactlyInAnyOrder(
            List.of(1, 2, 3), List.of(2, 3, 4), List.of(3, 2, 1), List.of(4, 3, 2));
  }

  @Test
  void wrongSpecs() {
    for (String[] wrong :
        new String[][] {
          {"folder", "expected folder:DIR"},
          {"folder:xx:gray", "no 'gray', known: identity, edge"},
          {"folder:xx:grey,", "no word between or behind the commas"},
          {"folder:xx:range=1-2", "range is for rgbd:DIR:depth only"},
          {"celeba:x", "expected celeba:DIR:+Attribute"},
          {"celeba:x:Smiling", "expected celeba:DIR:+Attribute"},
          {"celeba:x:+", "found '+'"},
          {"rgbd:x", "expected rgbd:DIR:color or rgbd:DIR:depth"},
          {"rgbd:x:depth:rgb", "depth has one channel"},
          {"rgbd:x:depth:range=5-5", "range needs LOW < HIGH"},
          {"rgbd:x:depth:range=a", "expected range=LOW-HIGH"},
          {"foldr:x", "did you mean folder?"}
        }) {
      assertThatThrownBy(() -> DomainSpec.parse(wrong[0]))
          .as(wrong[0])
          .isInstanceOf(InputException.class)
          .hasMessageContaining(wrong[1]);
    }
  }

  @Test
  void pathsOfSpecs() {
    Path x = Path.of("xx").toAbsolutePath();
    assertThat(DomainSpec.parse("folder:xx:grey,edge").source().path()).isEqualTo(x);
    assertThat(DomainSpec.parse("celeba:x:+A,-B:plain").view().attributes())
        .containsExactly("+A", "-B");
    PictureView cropped = DomainSpec.parse("celeba:x:+A:plain,crop").view();
    assertThat(cropped.crop()).isTrue();
    assertThat(cropped.mirror()).isFalse();
    assertThat(DomainSpec.parse("celeba:C:/x:-A").source().location()).contains("C:");
    assertThat(DomainSpec.parse("rgbd:a:b:colour").source().location()).endsWith("a:b");
  }

  /** As a walk lists files whose names the locale has no characters for. */
  @Test
  void aNameThatIsNoPathIsABadFile() {
    String name = "x\ud800.png";
    FolderTree tree = new FolderTree(folder);
    assertThat(tree.label(name)).isEqualTo(folder + "/" + name);
    assertThatThrownBy(() -> tree.read(name))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(tree.label(name) + ": its name has characters")
        .hasMessageEndingWith("start with LC_ALL=C.UTF-8");
  }
}
