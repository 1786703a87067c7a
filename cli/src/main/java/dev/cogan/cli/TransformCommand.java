package dev.cogan.cli;

import dev.cogan.engine.io.ImageGrid;
import dev.cogan.engine.io.InputException;
import dev.cogan.engine.io.Npy;
import dev.cogan.engine.kernel.KernelSelection;
import dev.cogan.engine.kernel.Parallel;
import dev.cogan.engine.kernel.ScalarKernels;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.model.DomainShape;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Workspace;
import dev.cogan.engine.random.RandomStream;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.tensor.Tensor;
import dev.cogan.engine.train.Checkpoint;
import dev.cogan.engine.train.Sampler;
import dev.cogan.engine.transform.Inversion;
import dev.cogan.engine.transform.LatentSearch;
import dev.cogan.engine.transform.SearchOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cogan transform}. */
@Command(
    name = "transform",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Turns images of one domain into those of the others.",
      "Searches the z whose drawn image is nearest to the given one, and draws the other domains"
          + " from it. That works for images that the model covers; the residual tells."
    },
    footer = {
      "",
      "Examples:",
      "  transform --input digit.png",
      "  transform --input mnist --images 0-15 --out edges.png",
      "  transform --input t10k-images-idx3-ubyte.gz --from a --to b --json",
      "  transform --input mnist:edge --from b --out digits.png"
    })
final class TransformCommand implements Callable<Integer> {
  private static final int MOST_IMAGES = 10_000;

  @Spec private CommandSpec spec;

  @Mixin private ModelSource model;

  @Mixin private ConfigOption config;

  @Mixin private TransformInput input;

  @Option(
      names = "--from",
      paramLabel = "DOMAIN",
      defaultValue = "a",
      description = "Domain of the images given (default: ${DEFAULT-VALUE}).")
  private String from;

  @Option(
      names = "--to",
      paramLabel = "DOMAIN",
      description = "Domain to draw, such as b (default: all others).")
  private String to;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "transformed.png",
      description =
          "NAME.png for a grid: the image, the nearest that the model draws, the other domains;"
              + " NAME.npy for one file per domain, NAME.a.npy, ..., and NAME.z.npy (default:"
              + " ${DEFAULT-VALUE}).")
  private Path outFile;

  @Option(
      names = "--restarts",
      paramLabel = "N",
      defaultValue = "8",
      description = "Searches per image; the best one counts (default: ${DEFAULT-VALUE}).")
  private int restarts;

  @Option(
      names = "--candidates",
      paramLabel = "N",
      defaultValue = "512",
      description =
          "Random z of which the nearest ones begin the searches (default: ${DEFAULT-VALUE}).")
  private int candidates;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "100",
      description = "Steps of L-BFGS per search at most (default: ${DEFAULT-VALUE}).")
  private int iterations;

  @Option(
      names = "--prior",
      paramLabel = "X",
      defaultValue = "0",
      description =
          "Weight, beside the squared error, of the squared distance of z from the middle of its"
              + " distribution, or of a mixture's nearest part: against z that training never saw"
              + " (default: ${DEFAULT-VALUE}, as in the paper).")
  private double prior;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of the candidates (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--scale",
      paramLabel = "N",
      defaultValue = "2",
      description = "Enlarges the picture N times (default: ${DEFAULT-VALUE}).")
  private int scale;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "64",
      description = "Searches side by side (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Mixin private JsonOutput json;

  @Mixin(name = "Machine")
  private Machine machine;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    requireRange("--batch", batch, 4096);
    requireRange("--scale", scale, 64);
    OutputPlace.requireName("--out", outFile, ".png", ".npy");
    OutputPlace.require("--out", outFile);
    try (Checkpoint checkpoint = model.open()) {
      List<DomainShape> domains = checkpoint.config().domains();
      int source = domain("--from", from, domains);
      List<Integer> targets = targets(source, domains);
      List<Path> files = files(checkpoint, source, targets);
      files.forEach(file -> OutputPlace.require("--out", file));
      SearchOptions options = searchOptions(checkpoint);
      Tensor images =
          input.load(domains.get(source), isDepth(checkpoint, source), MOST_IMAGES, err);
      files.forEach(file -> input.requireOther("--out", file));
      report(checkpoint, images, source, targets, options, out, err);
    }
    return ExitCode.DONE;
  }

  private static boolean isDepth(Checkpoint checkpoint, int domain) {
    List<String> specs = DomainImages.specs(checkpoint);
    return domain < specs.size() && DomainImages.isDepth(specs.get(domain));
  }

  private SearchOptions searchOptions(Checkpoint checkpoint) {
    try {
      return new SearchOptions(
          checkpoint.options().noise(), restarts, candidates, iterations, prior, seed);
    } catch (IllegalArgumentException e) {
      throw new InputException("--" + e.getMessage(), e);
    }
  }

  private static void requireRange(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new InputException(option + " must be 1 to " + most + ", got " + value);
    }
  }

  private static int domain(String option, String name, List<DomainShape> domains) {
    for (int d = 0; d < domains.size(); d++) {
      if (domains.get(d).name().equals(name)) {
        return d;
      }
    }
    throw new InputException(
        option
            + " "
            + name
            + ": the model's domains are "
            + String.join(", ", domains.stream().map(DomainShape::name).toList()));
  }

  private List<Integer> targets(int source, List<DomainShape> domains) {
    if (to != null) {
      return List.of(domain("--to", to, domains));
    }
    List<Integer> targets = new ArrayList<>();
    for (int d = 0; d < domains.size(); d++) {
      if (d != source) {
        targets.add(d);
      }
    }
    return targets;
  }

  private void report(
      Checkpoint checkpoint,
      Tensor images,
      int source,
      List<Integer> targets,
      SearchOptions options,
      PrintWriter out,
      PrintWriter err) {
    KernelSelection selection = Machine.select(err);
    int atOnce = Math.min(batch, images.size(0) * restarts);
    Memory plan = Memory.counting();
    Workspace counting =
        new Workspace(new ScalarKernels(Parallel.none()), plan, RandomStream.of(0, "dropout"));
    new LatentSearch(
        CoupledModel.forSampling(checkpoint.config(), plan).generators(), atOnce, counting);
    // Searched for minutes: what comes of it must have room, too.
    plan.claim("picture", pictureBytes(checkpoint, images.size(0), source, targets));
    Machine.requireHeap(plan, 16L * images.count(), "this search", "lower --batch or --scale");
    try (Machine.Engine engine = new Machine.Engine(selection, machine.threads())) {
      Workspace workspace = Workspace.inference(engine.kernels);
      CoupledModel loaded = checkpoint.loadForSampling(workspace.memory());
      LatentSearch search = new LatentSearch(loaded.generators(), atOnce, workspace);
      List<Inversion> found =
          search.invert(images, source, options, (done, of) -> progress(err, done, of));
      List<Tensor> drawn =
          new Sampler(loaded.generators(), Math.min(batch, found.size()), workspace)
              .sample(latents(found));
      List<Path> written = write(checkpoint, images, found, drawn, source, targets);
      if (json.wanted()) {
        json.print(out, toJson(checkpoint, found, source, options, written));
      } else {
        print(out, found, written);
      }
    }
  }

  private static void progress(PrintWriter err, int done, int of) {
    int tenth = Math.max(1, of / 10);
    if (done % tenth == 0 || done == of) {
      err.printf(Locale.ROOT, "searched  %d of %d%n", done, of);
    }
  }

  private static Tensor latents(List<Inversion> found) {
    int latent = found.get(0).z().length;
    Tensor z = Tensor.zeros(found.size(), latent);
    for (int i = 0; i < found.size(); i++) {
      System.arraycopy(found.get(i).z(), 0, z.data(), i * latent, latent);
    }
    return z;
  }

  /** The domain of each column of the picture: the image given, the nearest one, the others. */
  private static List<Integer> columns(int source, List<Integer> targets) {
    List<Integer> columns = new ArrayList<>(List.of(source, source));
    columns.addAll(targets);
    return columns;
  }

  /** What the picture takes while it is made and written; 0 where there will be none. */
  private long pictureBytes(Checkpoint checkpoint, int count, int source, List<Integer> targets) {
    if (!isPicture()) {
      return 0;
    }
    List<Shape> shown = DomainImages.shapesShown(checkpoint);
    List<Shape> shapes = columns(source, targets).stream().map(shown::get).toList();
    return ImageGrid.planned(count, shapes).scale(scale).writingBytes();
  }

  private boolean isPicture() {
    return outFile.toString().endsWith(".png");
  }

  /** The files that will be written: the picture, or one of arrays per domain and one of z. */
  private List<Path> files(Checkpoint checkpoint, int source, List<Integer> targets) {
    if (isPicture()) {
      return List.of(outFile);
    }
    List<Path> files = new ArrayList<>();
    for (int d : arrays(source, targets)) {
      files.add(numbers(checkpoint.config().domains().get(d).name()));
    }
    boolean taken = checkpoint.config().domains().stream().anyMatch(d -> d.name().equals("z"));
    files.add(numbers(taken ? "z-latents" : "z"));
    return files;
  }

  private static List<Integer> arrays(int source, List<Integer> targets) {
    List<Integer> all = new ArrayList<>(List.of(source));
    targets.stream().filter(d -> d != source).forEach(all::add);
    return all;
  }

  /** {@code NAME.npy} becomes {@code NAME.PART.npy}. */
  private Path numbers(String part) {
    String name = outFile.getFileName().toString();
    String stem = name.substring(0, name.length() - ".npy".length());
    return outFile.resolveSibling(stem + "." + part + ".npy");
  }

  private List<Path> write(
      Checkpoint checkpoint,
      Tensor images,
      List<Inversion> found,
      List<Tensor> drawn,
      int source,
      List<Integer> targets) {
    List<Path> files = files(checkpoint, source, targets);
    if (isPicture()) {
      List<String> specs = DomainImages.specs(checkpoint);
      List<Integer> order = columns(source, targets);
      List<Tensor> columns = new ArrayList<>();
      for (int i = 0; i < order.size(); i++) {
        Tensor column = i == 0 ? images : drawn.get(order.get(i));
        int d = order.get(i);
        List<String> spec = d < specs.size() ? List.of(specs.get(d)) : List.of();
        columns.addAll(DomainImages.shown(spec, List.of(column)));
      }
      ImageGrid.ofDomains(columns).scale(scale).write(outFile);
      return files;
    }
    int file = 0;
    for (int d : arrays(source, targets)) {
      Npy.write(files.get(file++), drawn.get(d));
    }
    Npy.write(files.get(file), latents(found));
    return files;
  }

  private void print(PrintWriter out, List<Inversion> found, List<Path> written) {
    out.println("image   residual  explained  steps");
    int covered = 0;
    for (int i = 0; i < found.size(); i++) {
      Inversion inversion = found.get(i);
      covered += inversion.covered() ? 1 : 0;
      out.printf(
          Locale.ROOT,
          "%-7s %8.4f  %8.1f%%  %5d%s%n",
          input.label(i),
          inversion.residual(),
          100 * inversion.explained(),
          inversion.iterations(),
          inversion.covered() ? "" : "  not covered by the model");
    }
    out.println("covered " + covered + " of " + found.size());
    written.forEach(out::println);
  }

  private Map<String, Object> toJson(
      Checkpoint checkpoint,
      List<Inversion> found,
      int source,
      SearchOptions options,
      List<Path> written) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("model", checkpoint.file().path().toString());
    map.put("input", input.text());
    map.put("from", checkpoint.config().domains().get(source).name());
    map.put("restarts", options.restarts());
    map.put("candidates", options.candidates());
    map.put("iterations", options.iterations());
    map.put("prior", options.prior());
    map.put("seed", options.seed());
    map.put("covered_from", Inversion.COVERED);
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("image", input.label(i));
      entry.put("residual", found.get(i).residual());
      entry.put("explained", found.get(i).explained());
      entry.put("steps", found.get(i).iterations());
      entry.put("covered", found.get(i).covered());
      list.add(entry);
    }
    map.put("images", list);
    map.put("files", written.stream().map(Path::toString).toList());
    return map;
  }
}
