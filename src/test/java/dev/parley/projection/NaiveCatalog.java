package dev.parley.projection;

import dev.parley.session.SessionInfo;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** The contract in the plainest words: all sessions in memory, filtered and sorted anew. */
record NaiveCatalog(List<Item> all) implements SessionCatalog {
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
    return all.stream()
        .filter(item -> item.id().environmentId().equals(query.environmentId()))
        .filter(item -> matches(query, item.info()))
        .sorted(Comparator.comparing(Cursor::of).reversed())
        .toList();
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

  private static boolean matches(Query query, SessionInfo info) {
    return Stream.of(
            query.types().isEmpty() || query.types().contains(info.type()),
            query.tags().isEmpty() || query.tags().stream().anyMatch(info.tags()::contains),
            query.taskIdentifiers().isEmpty()
                || query.taskIdentifiers().contains(info.taskIdentifier()),
            query.externalId() == null || query.externalId().equals(info.externalId()),
            query.statuses().isEmpty() || query.statuses().contains(info.status(query.now())),
            query.createdFrom() == null || !info.createdAt().isBefore(query.createdFrom()),
            query.createdTo() == null || !info.createdAt().isAfter(query.createdTo()))
        .allMatch(passed -> passed);
  }
}
