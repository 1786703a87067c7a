package dev.cogan.cli.dataset;

import dev.cogan.engine.data.DomainLoader;
import dev.cogan.engine.data.DomainSource;
import dev.cogan.engine.data.DomainSpec;
import dev.cogan.engine.io.InputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the images of a training's domains lie, as absolute paths by domain. The specs stay as they
 * were typed, for names and titles, and may be relative to a folder that is not the present one.
 * Domains without a file or folder of their own ({@code mnist}) have no place.
 */
public final class DomainPlaces {
  /** The field in {@code options.json} and in the provenance of checkpoints. */
  public static final String KEY = "places";

  private static final int LETTERS = 26;

  private DomainPlaces() {}

  /** As the specs say it, from the working directory. */
  public static Map<String, String> of(List<String> specs) {
    Map<String, String> places = new LinkedHashMap<>();
    for (int i = 0; i < specs.size(); i++) {
      String location = DomainSpec.parse(specs.get(i)).source().location();
      if (!location.isEmpty()) {
        places.put(name(i), location);
      }
    }
    return places;
  }

  /** More domains than letters are refused by whoever loads them. */
  private static String name(int index) {
    return index < LETTERS ? DomainLoader.domainName(index) : String.valueOf(index);
  }

  /**
   * Back from JSON.
   *
   * @param file for messages
   * @param json the value of {@link #KEY}; null for a file that is older
   * @throws InputException if it is no object of texts
   */
  public static Map<String, String> read(Path file, Object json) {
    Map<String, String> places = new LinkedHashMap<>();
    if (json == null) {
      return places;
    }
    boolean texts =
        json instanceof Map<?, ?> map && map.values().stream().allMatch(String.class::isInstance);
    if (!texts) {
      throw new InputException(
          file + ": \"" + KEY + "\" should be an object with a path for every domain");
    }
    ((Map<?, ?>) json).forEach((domain, place) -> places.put((String) domain, (String) place));
    return places;
  }

  /**
   * Where the images are now: at the places of before or, where there is nothing any more, as the
   * specs say it from the working directory, if they are there, as in a project that has moved.
   *
   * @param stored may lack domains
   */
  public static Map<String, String> settle(List<String> specs, Map<String, String> stored) {
    Map<String, String> places = of(specs);
    places.replaceAll((domain, here) -> settle(stored.get(domain), Path.of(here)).toString());
    return places;
  }

  private static Path settle(String stored, Path here) {
    Path before = stored == null ? here : path(stored).orElse(here);
    boolean moved = !Files.exists(before) && Files.exists(here);
    return before.isAbsolute() && !moved ? before.normalize() : here;
  }

  /** A path that a file names; empty if it is none of this system, as one of another may be. */
  public static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /**
   * The folder of digits that a file names.
   *
   * @param file for messages
   * @throws InputException if it is no path of this system
   */
  public static Path folder(Path file, String text) {
    return path(text)
        .orElseThrow(
            () ->
                new InputException(
                    file
                        + ": \"data\" should be jar or a folder, found \""
                        + text
                        + "\", which no folder can be called here"));
  }

  /** The specs, with their texts, of images at these places. */
  public static List<DomainSpec> domains(List<String> specs, Map<String, String> places) {
    List<DomainSpec> domains = new ArrayList<>();
    for (String text : specs) {
      DomainSpec spec = DomainSpec.parse(text);
      String place = places.getOrDefault(name(domains.size()), spec.source().location());
      DomainSource source = new DomainSource(spec.source().kind(), place);
      domains.add(new DomainSpec(text, source, spec.transform(), spec.view(), spec.pad()));
    }
    return domains;
  }

  /** Whether specs say the same of the images but for where they lie. */
  public static boolean sameButForPlaces(List<String> some, List<String> others) {
    boolean same = some.size() == others.size();
    for (int i = 0; same && i < some.size(); i++) {
      DomainSpec one = DomainSpec.parse(some.get(i));
      DomainSpec other = DomainSpec.parse(others.get(i));
      same =
          one.source().kind().equals(other.source().kind())
              && one.transform().name().equals(other.transform().name())
              && String.valueOf(one.view()).equals(String.valueOf(other.view()))
              && one.pad() == other.pad();
    }
    return same;
  }
}
