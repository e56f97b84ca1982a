package dev.parley.projection;

import dev.parley.projection.Stats.Figures;
import dev.parley.projection.StatsQuery.GroupBy;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Figures in the plainest words: all sessions and facts in memory, counted anew. */
record NaiveStats(List<Item> sessions, List<Fact> facts) {
  private static final Comparator<String> BY_BYTES =
      (one, other) ->
          Arrays.compareUnsigned(
              one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  private static final Comparator<Stats.Group> LARGEST_FIRST =
      Comparator.comparingLong(Stats.Group::sessions)
          .reversed()
          .thenComparing(Stats.Group::key, Comparator.nullsLast(BY_BYTES));

  Stats of(StatsQuery query) {
    Query choice = Query.counting(query.environmentId(), query.filter(), query.now());
    Map<Optional<String>, Set<SessionId>> groups = new HashMap<>();
    if (query.groupBy() == GroupBy.NONE) {
      groups.put(Optional.empty(), new HashSet<>());
    }
    for (Item item : new NaiveCatalog(sessions).matching(choice)) {
      keys(query, item.info())
          .forEach(key -> groups.computeIfAbsent(key, any -> new HashSet<>()).add(item.id()));
    }
    return new Stats(
        groups.entrySet().stream()
            .map(group -> group(query, group.getKey().orElse(null), group.getValue()))
            .sorted(LARGEST_FIRST)
            .limit(50)
            .toList());
  }

  private static Stream<Optional<String>> keys(StatsQuery query, SessionInfo info) {
    boolean conversation = info.type().equals("messaging");
    return switch (query.groupBy()) {
      case NONE -> Stream.of(Optional.empty());
      case TYPE -> Stream.of(Optional.of(info.type()));
      case TASK_IDENTIFIER -> Stream.of(Optional.of(info.taskIdentifier()));
      case TAG ->
          info.tags().isEmpty()
              ? Stream.of(Optional.empty())
              : info.tags().stream().map(Optional::of);
      case AGENT -> Stream.of(conversation ? Optional.of(info.taskIdentifier()) : Optional.empty());
      case USER ->
          Stream.of(
              info.tags().stream()
                  .filter(tag -> conversation && tag.startsWith("user:"))
                  .map(tag -> tag.substring("user:".length()))
                  .findFirst());
      case STATUS -> Stream.of(Optional.of(info.status(query.now()).name()));
    };
  }

  private Stats.Group group(StatsQuery query, @Nullable String key, Set<SessionId> members) {
    List<Fact> happened =
        facts.stream()
            .filter(fact -> members.contains(fact.session()))
            .filter(fact -> fact.at() >= query.from().toEpochMilli())
            .filter(fact -> fact.at() < query.to().toEpochMilli())
            .toList();
    long width = query.bucket().toMillis();
    Map<Long, List<Fact>> buckets =
        happened.stream()
            .collect(
                Collectors.groupingBy(
                    fact -> Math.floorDiv(fact.at(), width) * width,
                    TreeMap::new,
                    Collectors.toList()));
    return new Stats.Group(
        key,
        members.size(),
        figures(happened),
        buckets.entrySet().stream()
            .map(b -> new Stats.Bucket(Instant.ofEpochMilli(b.getKey()), figures(b.getValue())))
            .toList());
  }

  private static Figures figures(List<Fact> facts) {
    List<Long> turns =
        facts.stream()
            .filter(fact -> fact.kind() == Fact.Kind.TURN)
            .map(Fact::tookMillis)
            .sorted()
            .toList();
    return new Figures(
        count(facts, Fact.Kind.CREATED),
        facts.stream().filter(Fact::isOfRecords).map(Fact::session).distinct().count(),
        count(facts, Fact.Kind.EXPIRED),
        count(facts, Fact.Kind.CLOSED),
        sum(facts, Fact::messages),
        sum(facts, Fact::records),
        sum(facts, Fact::bytes),
        turns.isEmpty() ? null : turns.get((turns.size() - 1) / 2));
  }

  private static long count(List<Fact> facts, Fact.Kind kind) {
    return facts.stream().filter(fact -> fact.kind() == kind).count();
  }

  private static long sum(List<Fact> facts, ToLongFunction<Fact> number) {
    return facts.stream().mapToLong(number).sum();
  }
}
