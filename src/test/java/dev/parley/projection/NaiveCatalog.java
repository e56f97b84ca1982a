package dev.parley.projection;

import dev.parley.session.SessionInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The contract in the plainest words: all sessions in memory, filtered and sorted anew. */
final class NaiveCatalog implements SessionCatalog {
  private final List<Item> all;

  /** What fits the query that was asked last, whichever page it was. */
  private List<Item> fitting = List.of();

  private @Nullable Query asked;

  NaiveCatalog(List<Item> all) {
    this.all = all;
  }

  @Override
  public CompletionStage<Page> list(Query query) {
    List<Item> matching = matching(query);
    return CompletableFuture.completedFuture(
        query.before() == null ? forward(query, matching) : backward(query, matching));
  }

  @Override
  public CompletionStage<Long> count(Query query) {
    return CompletableFuture.completedFuture((long) matching(query).size());
  }

  List<Item> matching(Query query) {
    if (asked == null
        || !asked.filter().equals(query.filter())
        || !asked.environmentId().equals(query.environmentId())
        || !asked.now().equals(query.now())) {
      fitting =
          all.stream()
              .filter(item -> item.id().environmentId().equals(query.environmentId()))
              .filter(item -> matches(query, item))
              .sorted(Comparator.comparing(Cursor::of).reversed())
              .toList();
      asked = query;
    }
    return fitting;
  }

  private static Page forward(Query query, List<Item> matching) {
    List<Item> rest =
        matching.stream()
            .filter(i -> query.after() == null || Cursor.of(i).compareTo(query.after()) < 0)
            .toList();
    List<Item> items = rest.stream().limit(query.size()).toList();
    boolean more = rest.size() > items.size();
    boolean reachedByAfter = query.after() != null && !items.isEmpty();
    return new Page(
        items,
        more ? Cursor.of(items.get(items.size() - 1)) : null,
        reachedByAfter ? Cursor.of(items.get(0)) : null);
  }

  private static Page backward(Query query, List<Item> matching) {
    List<Item> newer =
        matching.stream().filter(i -> Cursor.of(i).compareTo(query.before()) > 0).toList();
    List<Item> items = newer.stream().skip(Math.max(0, newer.size() - query.size())).toList();
    boolean olderFollow = matching.size() > newer.size() && !items.isEmpty();
    boolean newerExist = newer.size() > items.size();
    return new Page(
        items,
        olderFollow ? Cursor.of(items.get(items.size() - 1)) : null,
        newerExist ? Cursor.of(items.get(0)) : null);
  }

  @Override
  public CompletionStage<Stats> stats(StatsQuery query) {
    throw new UnsupportedOperationException();
  }

  private static boolean matches(Query query, Item item) {
    Filter filter = query.filter();
    SessionInfo info = item.info();
    return Stream.of(
            filter.types().isEmpty() || filter.types().contains(info.type()),
            filter.tags().isEmpty() || filter.tags().stream().anyMatch(info.tags()::contains),
            filter.taskIdentifiers().isEmpty()
                || filter.taskIdentifiers().contains(info.taskIdentifier()),
            filter.externalId() == null || filter.externalId().equals(info.externalId()),
            filter.statuses().isEmpty() || filter.statuses().contains(info.status(query.now())),
            filter.createdFrom() == null || !info.createdAt().isBefore(filter.createdFrom()),
            filter.createdTo() == null || !info.createdAt().isAfter(filter.createdTo()),
            filter.metadata().stream().allMatch(wanted -> scalars(info).contains(wanted)),
            filter.search() == null
                || Stream.concat(
                        Stream.of(item.id().friendlyId(), String.valueOf(info.externalId())),
                        info.tags().stream())
                    .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(filter.search())))
        .allMatch(passed -> passed);
  }

  /** What the metadata of the fixture hold, written out by hand. */
  private static List<String> scalars(SessionInfo info) {
    String metadata = String.valueOf(info.metadata());
    if (metadata.contains("pro")) {
      return Stream.of("1", "2.5", "true", "null")
          .map(value -> Filter.facet("a.b", value))
          .collect(
              () -> new ArrayList<>(List.of(Filter.facet("plan", "pro"))), List::add, List::addAll);
    }
    return metadata.contains("plan")
        ? List.of(Filter.facet("plan", "'x\n\t\\"), Filter.facet("a.b", "1"))
        : List.of();
  }
}
