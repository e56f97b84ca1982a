package dev.parley.projection;

import dev.parley.projection.StatsQuery.GroupBy;
import dev.parley.session.SessionInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Sessions, what happened to them, and queries, out of few values, so that they meet often. */
final class StatsFixture {
  /** The beginning of a bucket of a day, and of none of a week. */
  static final Instant START = CatalogFixture.START;

  private static final List<Duration> WIDTHS =
      List.of(
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofHours(1),
          Duration.ofHours(6),
          Duration.ofDays(1),
          Duration.ofDays(7));

  /** When something happens, seen from the start; in or next to buckets of all widths. */
  private static final List<Duration> TIMES =
      List.of(
          Duration.ofDays(-8),
          Duration.ofHours(-25),
          Duration.ofMinutes(-61),
          Duration.ofMinutes(-1),
          Duration.ZERO,
          Duration.ofMinutes(4),
          Duration.ofMinutes(59),
          Duration.ofHours(6),
          Duration.ofHours(30),
          Duration.ofDays(9));

  private static final List<Long> TURNS = List.of(0L, 5L, 70L, 800L, 9_000_000_000L);

  private final Random random;
  private final CatalogFixture catalog;

  StatsFixture(long seed) {
    this.random = new Random(seed);
    this.catalog = new CatalogFixture(seed);
  }

  /** Sessions of two environments; some are conversations with users and agents. */
  List<Item> sessions(int count) {
    return catalog.sessions(count).stream()
        .map(item -> random.nextInt(3) > 0 ? item : new Item(item.id(), conversation(item.info())))
        .toList();
  }

  private SessionInfo conversation(SessionInfo info) {
    List<String> tags = new ArrayList<>(info.tags());
    if (random.nextBoolean()) {
      tags.add(pick(List.of("user:", "user:ü", "user:2")));
    }
    return with(info, SessionInfo.MESSAGING, info.taskIdentifier(), tags);
  }

  /** An open session of the first environment. */
  Item session(String type, String task, String... tags) {
    return new Item(
        catalog.id(CatalogFixture.ENVIRONMENT),
        with(CatalogFixture.info(null, START), type, task, List.of(tags)));
  }

  private static SessionInfo with(SessionInfo info, String type, String task, List<String> tags) {
    return new SessionInfo(
        info.externalId(),
        type,
        task,
        info.triggerConfig(),
        tags,
        info.metadata(),
        info.currentRunId(),
        info.createdAt(),
        info.updatedAt(),
        info.expiresAt(),
        info.closedAt(),
        info.closedReason(),
        info.expiredAt());
  }

  /** A life for each of the sessions; nothing at all happens to some. */
  List<Fact> facts(List<Item> sessions) {
    List<Fact> facts = new ArrayList<>();
    for (Item session : sessions) {
      for (Fact.Kind kind : List.of(Fact.Kind.CREATED, Fact.Kind.EXPIRED, Fact.Kind.CLOSED)) {
        if (random.nextInt(3) == 0) {
          facts.add(Fact.lifecycle(session.id(), time(), kind));
        }
      }
      for (int i = random.nextInt(6); i > 0; i--) {
        Fact.Kind kind = random.nextBoolean() ? Fact.Kind.RECORDS_IN : Fact.Kind.RECORDS_OUT;
        int records = 1 + random.nextInt(3);
        int messages = random.nextInt(records + 1);
        int bytes = 8 + random.nextInt(100);
        facts.add(Fact.records(session.id(), time(), kind, messages, records, bytes));
      }
      for (int i = random.nextInt(3); i > 0; i--) {
        facts.add(Fact.turn(session.id(), time(), pick(TURNS)));
      }
    }
    return facts;
  }

  private long time() {
    return START.plus(pick(TIMES)).toEpochMilli() + random.nextInt(90_000);
  }

  /** A span with something in it, or next to something. */
  StatsQuery query(List<Item> sessions) {
    Query choice = catalog.query(sessions);
    Duration width = pick(WIDTHS);
    long first = Math.floorDiv(time(), width.toMillis()) - random.nextInt(3);
    return new StatsQuery(
        choice.environmentId(),
        random.nextInt(3) == 0 ? Filter.ALL : choice.filter(),
        pick(List.of(GroupBy.values())),
        Instant.ofEpochMilli(first * width.toMillis()),
        Instant.ofEpochMilli((first + 1 + random.nextInt(120)) * width.toMillis()),
        width,
        choice.now());
  }

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
