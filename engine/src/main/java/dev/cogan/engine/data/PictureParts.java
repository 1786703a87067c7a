package dev.cogan.engine.data;

import dev.cogan.engine.random.RandomStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Deals the items of a source of pictures out to the domains that want them. */
final class PictureParts {
  private final PictureSource source;
  private final List<PictureView> views;

  PictureParts(PictureSource source, List<PictureView> views) {
    this.source = source;
    this.views = views;
  }

  /**
   * The items of each domain, in the source's order.
   *
   * @param disjoint whether an item goes to one domain only
   */
  List<List<String>> deal(RandomStream random, boolean disjoint) {
    List<String> items = source.items();
    int[] order = new int[items.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    random.shuffle(order);
    List<BitSet> mine = new ArrayList<>();
    views.forEach(view -> mine.add(new BitSet(order.length)));
    Map<BitSet, Integer> dealt = new HashMap<>();
    for (int i : order) {
      BitSet wanted = new BitSet();
      for (int v = 0; v < views.size(); v++) {
        wanted.set(v, source.wants(items.get(i), views.get(v)));
      }
      if (wanted.isEmpty()) {
        continue;
      }
      if (!disjoint) {
        wanted.stream().forEach(v -> mine.get(v).set(i));
        continue;
      }
      // Those who want the same take turns.
      int turn = dealt.merge(wanted, 1, Integer::sum) - 1;
      int[] takers = wanted.stream().toArray();
      mine.get(takers[turn % takers.length]).set(i);
    }
    List<List<String>> parts = new ArrayList<>();
    for (BitSet set : mine) {
      parts.add(set.stream().mapToObj(items::get).toList());
    }
    return parts;
  }
}
