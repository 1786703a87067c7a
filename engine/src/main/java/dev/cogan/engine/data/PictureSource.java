package dev.cogan.engine.data;

import dev.cogan.engine.image.CameraNote;
import dev.cogan.engine.image.ImageFormat;
import dev.cogan.engine.io.InputException;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The items of a folder or zip file of pictures, and which of them a domain wants. An item is what
 * must not be in two domains: a file, and for rgbd a picture with its depth map.
 *
 * <ul>
 *   <li>{@code folder}: every file below it that ends in .png, .jpg or .jpeg
 *   <li>{@code celeba}: the images named in {@code list_attr_celeba.txt} (or .csv) that are there,
 *       in any folder or in {@code img_align_celeba.zip} beside the list
 *   <li>{@code rgbd}: folders {@code color} (or {@code colour}, {@code rgb}) and {@code depth}; a
 *       picture and a depth map belong together if their names agree but for the ending
 * </ul>
 */
public final class PictureSource implements AutoCloseable {
  private static final String LIST = "list_attr_celeba";
  private static final String ARCHIVE = "img_align_celeba.zip";

  private final DomainSource source;
  private final FileTree tree;
  private FileTree pictures;
  private final List<String> items = new ArrayList<>();
  private final Map<String, String> files = new HashMap<>();
  private final Map<String, String> depths = new HashMap<>();
  private CelebaAttributes attributes;
  private int missing;

  private PictureSource(DomainSource source) {
    this.source = source;
    tree = FileTree.open(source.path());
    pictures = tree;
  }

  /**
   * Opens a source and lists its items.
   *
   * @throws InputException if it is not what its kind says
   */
  public static PictureSource open(DomainSource source) {
    PictureSource result = new PictureSource(source);
    try {
      switch (source.kind()) {
        case DomainSource.FOLDER -> result.listFolder();
        case DomainSource.CELEBA -> result.listCeleba();
        case DomainSource.RGBD -> result.listPairs();
        default -> throw new IllegalArgumentException("not a source of pictures: " + source);
      }
      if (result.items.isEmpty()) {
        throw new InputException(
            source.path() + ": holds no pictures (.png, .jpg, .jpeg)" + result.layout());
      }
      return result;
    } catch (RuntimeException e) {
      result.close();
      throw e;
    }
  }

  private String layout() {
    return switch (source.kind()) {
      case DomainSource.CELEBA -> " that " + LIST + ".txt names";
      case DomainSource.RGBD -> " in folders color and depth";
      default -> "";
    };
  }

  private void listFolder() {
    for (String name : tree.names()) {
      if (ImageFormat.hasName(name)) {
        items.add(name);
        files.put(name, name);
      }
    }
  }

  private void listCeleba() {
    String list = null;
    for (String name : tree.names()) {
      String file = FileTree.file(name);
      if (list == null && (file.equals(LIST + ".txt") || file.equals(LIST + ".csv"))) {
        list = name;
      }
    }
    if (list == null) {
      throw new InputException(source.path() + ": holds no " + LIST + ".txt");
    }
    attributes = CelebaAttributes.read(new ByteArrayInputStream(tree.read(list)), tree.label(list));
    listNamed();
    if (items.isEmpty() && tree instanceof FolderTree) {
      // Pictures that the list does not name, a preview for example, are no reason to stop here.
      for (String name : tree.names()) {
        if (FileTree.file(name).equals(ARCHIVE) && pictures == tree) {
          pictures = FileTree.open(Path.of(tree.label(name)));
          listNamed();
        }
      }
    }
  }

  /** Those of the pictures that the list names. */
  private void listNamed() {
    Map<String, String> byFile = new HashMap<>();
    for (String name : pictures.names()) {
      if (ImageFormat.hasName(name)) {
        byFile.putIfAbsent(name.substring(name.lastIndexOf('/') + 1), name);
      }
    }
    missing = 0;
    for (String image : attributes.images()) {
      String file = byFile.get(image);
      if (file == null) {
        missing++;
      } else {
        items.add(image);
        files.put(image, file);
      }
    }
  }

  private void listPairs() {
    Map<String, Boolean> keys = new TreeMap<>();
    for (String name : tree.names()) {
      String folder = FileTree.folder(name).toLowerCase(java.util.Locale.ROOT);
      boolean depth = folder.endsWith("depth/");
      boolean colour = folder.matches("(.*/)?(colou?r|rgb)/");
      if (!ImageFormat.hasName(name) || !(depth && folder.matches("(.*/)?depth/")) && !colour) {
        continue;
      }
      String folderName = FileTree.folder(name);
      String above = FileTree.folder(folderName.substring(0, folderName.length() - 1));
      String key = above + name.substring(folderName.length(), name.lastIndexOf('.'));
      keys.put(key, true);
      (depth ? depths : files).putIfAbsent(key, name);
    }
    items.addAll(keys.keySet());
  }

  /** Names of the items, in the order of their names or of the list. */
  public List<String> items() {
    return List.copyOf(items);
  }

  /** CelebA's attributes, or null. */
  public CelebaAttributes attributes() {
    return attributes;
  }

  /** How many files the list of attributes names that are not there. */
  public int missing() {
    return missing;
  }

  /**
   * Checks that a view makes sense here.
   *
   * @throws InputException if an attribute is not in the list
   */
  public void require(PictureView view) {
    if (attributes != null) {
      attributes.require(view.attributes());
    }
  }

  /** Whether a domain with this view wants an item. */
  public boolean wants(String item, PictureView view) {
    return (view.depth() ? depths : files).containsKey(item)
        && (view.attributes().isEmpty() || attributes.matches(item, view.attributes()));
  }

  /** What messages call the item's file. */
  public String label(String item, PictureView view) {
    return pictures.label((view.depth() ? depths : files).get(item));
  }

  /** How the camera of the item's picture was held; upright if it has none. */
  CameraNote note(String item) {
    String picture = files.get(item);
    return picture == null
        ? CameraNote.of(new byte[0], item)
        : CameraNote.of(pictures.read(picture), pictures.label(picture));
  }

  /** The bytes of the item's file. */
  public byte[] read(String item, PictureView view) {
    return pictures.read((view.depth() ? depths : files).get(item));
  }

  @Override
  public void close() {
    if (pictures != tree) {
      pictures.close();
    }
    tree.close();
  }
}
