package dev.parley.projection;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sessions, newest first.
 *
 * @param next the last session's cursor when older ones follow; the next page lies after it
 * @param previous the first session's cursor when newer ones may stand before it: the page was
 *     reached by {@code after}, or by {@code before} and there are newer ones
 */
public record Page(List<Item> items, @Nullable Cursor next, @Nullable Cursor previous) {
  public Page {
    items = List.copyOf(items);
  }

  private static final Comparator<Item> NEWEST_FIRST =
      Comparator.comparing((Item item) -> Cursor.of(item)).reversed();

  /**
   * Cuts the page out of what a store has found, newest first.
   *
   * @param stored without {@code before}, the first {@code size + 1} sessions of the range; with
   *     it, the {@code size + 1} sessions next to it on the newer side and, if there is one, the
   *     next that is not newer
   * @param others that the store does not have yet, of any range and in any order
   */
  public static Page of(Query query, List<Item> stored, List<Item> others) {
    List<Item> found =
        Stream.concat(
                stored.stream(), others.stream().filter(item -> query.reaches(Cursor.of(item))))
            .sorted(NEWEST_FIRST)
            .toList();
    Cursor before = query.before();
    if (before == null) {
      int count = Math.min(query.size(), found.size());
      return new Page(
          found.subList(0, count),
          found.size() > count ? last(found, count) : null,
          query.after() != null && count > 0 ? Cursor.of(found.get(0)) : null);
    }
    int newer = (int) found.stream().filter(item -> Cursor.of(item).compareTo(before) > 0).count();
    List<Item> items = found.subList(Math.max(0, newer - query.size()), newer);
    return new Page(
        items,
        found.size() > newer && !items.isEmpty() ? last(items, items.size()) : null,
        newer > items.size() ? Cursor.of(items.get(0)) : null);
  }

  private static Cursor last(List<Item> items, int count) {
    return Cursor.of(items.get(count - 1));
  }
}
