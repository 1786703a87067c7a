package dev.cogan.engine.model;

import dev.cogan.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that decides a coupled model's parameters: two models with equal configs have the same
 * parameter names, shapes and offsets. Stored in every checkpoint.
 *
 * @param family name of the {@link Architecture}, one of {@link Families}
 * @param latent size of z
 * @param generatorWidths outputs of the generator's rows but the last
 * @param discriminatorWidths outputs of the discriminator's rows but the last
 * @param sharedGenerator k: how many FIRST rows of the generators are one
 * @param sharedDiscriminator l: how many LAST rows of the discriminators are one
 * @param dropout probability of a zero before the discriminator's last row, 0 for none; what
 *     earlier rows have follows from it
 * @param slopePerChannel whether a PReLU has one slope per channel or one in all
 * @param domains 2 to 26
 * @param algorithm how the domains' networks belong together; k and l are 0 in all but {@link
 *     Algorithm#COGAN}
 */
public record ModelConfig(
    String family,
    int latent,
    List<Integer> generatorWidths,
    List<Integer> discriminatorWidths,
    int sharedGenerator,
    int sharedDiscriminator,
    float dropout,
    boolean slopePerChannel,
    List<DomainShape> domains,
    Algorithm algorithm) {

  private static final int LARGEST_WIDTH = 65536;

  /** A coupled GAN. */
  public ModelConfig(
      String family,
      int latent,
      List<Integer> generatorWidths,
      List<Integer> discriminatorWidths,
      int sharedGenerator,
      int sharedDiscriminator,
      float dropout,
      boolean slopePerChannel,
      List<DomainShape> domains) {
    this(
        family,
        latent,
        generatorWidths,
        discriminatorWidths,
        sharedGenerator,
        sharedDiscriminator,
        dropout,
        slopePerChannel,
        domains,
        Algorithm.COGAN);
  }

  /**
   * Checks every range that does not need the architecture.
   *
   * @throws ConfigException if a setting is out of range
   */
  public ModelConfig {
    generatorWidths = List.copyOf(generatorWidths);
    discriminatorWidths = List.copyOf(discriminatorWidths);
    domains = List.copyOf(domains);
    if (latent < 1 || latent > LARGEST_WIDTH) {
      throw new ConfigException("latent size must be 1 to " + LARGEST_WIDTH + ", got " + latent);
    }
    requireWidths("generator", generatorWidths);
    requireWidths("discriminator", discriminatorWidths);
    requireShared("generator", "k", sharedGenerator);
    requireShared("discriminator", "l", sharedDiscriminator);
    if (!(dropout >= 0 && dropout < 1)) {
      throw new ConfigException("dropout must be in [0, 1), got " + dropout);
    }
    if (domains.size() < 2) {
      throw new ConfigException("a coupled model has 2 or more domains, got " + domains.size());
    }
    if (domains.size() > DomainShape.MOST_DOMAINS) {
      throw new ConfigException(
          "a coupled model has at most "
              + DomainShape.MOST_DOMAINS
              + " domains, got "
              + domains.size());
    }
    if (domains.stream().map(DomainShape::name).distinct().count() != domains.size()) {
      throw new ConfigException("two domains have the same name: " + domains);
    }
    if (algorithm != Algorithm.COGAN && (sharedGenerator != 0 || sharedDiscriminator != 0)) {
      throw new ConfigException(
          "algorithm "
              + algorithm.label()
              + " has no k and l to choose: "
              + (algorithm == Algorithm.GAN ? "nothing is shared" : "all rows are shared"));
    }
    if (algorithm == Algorithm.CGAN
        && domains.stream().map(DomainShape::image).distinct().count() != 1) {
      throw new ConfigException(
          "algorithm cgan has one generator for all domains; their images differ: " + domains);
    }
  }

  private static void requireWidths(String team, List<Integer> widths) {
    if (widths.isEmpty() || widths.size() > 64) {
      throw new ConfigException(team + ": 1 to 64 widths, got " + widths.size());
    }
    for (int width : widths) {
      if (width < 1 || width > LARGEST_WIDTH) {
        throw new ConfigException(
            team + " widths must be 1 to " + LARGEST_WIDTH + ", got " + width);
      }
    }
  }

  // The upper limit is the number of rows, which the architecture knows.
  private static void requireShared(String team, String letter, int shared) {
    if (shared < 0) {
      throw new ConfigException(
          "shared " + team + " layers (" + letter + ") must be 0 or more, got " + shared);
    }
  }

  /** The same with other domains. */
  public ModelConfig withDomains(List<DomainShape> value) {
    return new ModelConfig(
        family,
        latent,
        generatorWidths,
        discriminatorWidths,
        sharedGenerator,
        sharedDiscriminator,
        dropout,
        slopePerChannel,
        value,
        algorithm);
  }

  /** The same with other numbers of shared rows. */
  public ModelConfig withSharing(int k, int l) {
    return new ModelConfig(
        family,
        latent,
        generatorWidths,
        discriminatorWidths,
        k,
        l,
        dropout,
        slopePerChannel,
        domains,
        algorithm);
  }

  /** The same with other generator widths. */
  public ModelConfig withGeneratorWidths(List<Integer> value) {
    return new ModelConfig(
        family,
        latent,
        value,
        discriminatorWidths,
        sharedGenerator,
        sharedDiscriminator,
        dropout,
        slopePerChannel,
        domains,
        algorithm);
  }

  /** The same with other discriminator widths. */
  public ModelConfig withDiscriminatorWidths(List<Integer> value) {
    return new ModelConfig(
        family,
        latent,
        generatorWidths,
        value,
        sharedGenerator,
        sharedDiscriminator,
        dropout,
        slopePerChannel,
        domains,
        algorithm);
  }

  /** The same with another size of z. */
  public ModelConfig withLatent(int value) {
    return new ModelConfig(
        family,
        value,
        generatorWidths,
        discriminatorWidths,
        sharedGenerator,
        sharedDiscriminator,
        dropout,
        slopePerChannel,
        domains,
        algorithm);
  }

  /** The same with another dropout. */
  public ModelConfig withDropout(float value) {
    return new ModelConfig(
        family,
        latent,
        generatorWidths,
        discriminatorWidths,
        sharedGenerator,
        sharedDiscriminator,
        value,
        slopePerChannel,
        domains,
        algorithm);
  }

  /** The same as another algorithm; of k and l nothing is left where they mean nothing. */
  public ModelConfig withAlgorithm(Algorithm value) {
    boolean coupled = value == Algorithm.COGAN;
    return new ModelConfig(
        family,
        latent,
        generatorWidths,
        discriminatorWidths,
        coupled ? sharedGenerator : 0,
        coupled ? sharedDiscriminator : 0,
        dropout,
        slopePerChannel,
        domains,
        value);
  }

  /** Numbers that follow z and tell the generator the domain; 0 if each has one of its own. */
  public int codes() {
    return algorithm == Algorithm.CGAN ? domains.size() - 1 : 0;
  }

  /** Outputs of a discriminator: one logit, or one for every class. */
  public int logits() {
    return algorithm == Algorithm.CGAN ? domains.size() + 1 : 1;
  }

  /** As JSON values, for checkpoints and options files. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("algorithm", algorithm.label());
    json.put("family", family);
    json.put("latent", latent);
    json.put("generator_widths", generatorWidths);
    json.put("discriminator_widths", discriminatorWidths);
    json.put("shared_generator_layers", sharedGenerator);
    json.put("shared_discriminator_layers", sharedDiscriminator);
    json.put("dropout", dropout);
    json.put("slope_per_channel", slopePerChannel);
    List<Object> list = new ArrayList<>();
    for (DomainShape domain : domains) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", domain.name());
      entry.put("channels", domain.image().size(0));
      entry.put("height", domain.image().size(1));
      entry.put("width", domain.image().size(2));
      list.add(entry);
    }
    json.put("domains", list);
    return json;
  }

  /**
   * Back from {@link #toJson}.
   *
   * @throws ConfigException if a field is missing, of the wrong type or out of range
   */
  public static ModelConfig fromJson(Map<?, ?> json) {
    return fromJson(new JsonFields("model", json));
  }

  /**
   * The same from fields that the caller may check for {@linkplain JsonFields#requireNoOthers
   * others} afterwards.
   */
  public static ModelConfig fromJson(JsonFields f) {
    List<DomainShape> domains = new ArrayList<>();
    for (JsonFields d : f.objects("domains", "model domain")) {
      domains.add(
          new DomainShape(
              d.text("name"), Shape.of(d.size("channels"), d.size("height"), d.size("width"))));
    }
    return new ModelConfig(
        f.text("family"),
        f.size("latent"),
        f.sizes("generator_widths"),
        f.sizes("discriminator_widths"),
        f.integer("shared_generator_layers"),
        f.integer("shared_discriminator_layers"),
        (float) f.number("dropout"),
        f.flag("slope_per_channel"),
        domains,
        f.has("algorithm") ? Algorithm.named(f.text("algorithm")) : Algorithm.COGAN);
  }
}
