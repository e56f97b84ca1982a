package dev.parley.projection;

import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.SessionStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Sessions and queries out of few values, so that they meet often. */
final class CatalogFixture {
  static final String ENVIRONMENT = "env_a";
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static final List<String> ENVIRONMENTS = List.of(ENVIRONMENT, ENVIRONMENT, "env_b");
  private static final List<String> TYPES = List.of("chat.agent", "Chat.Agent", "x'); drop --");
  private static final List<String> TASKS = List.of("support", "sales", "späth-😀", "%", "_");
  private static final List<String> TAGS = List.of("a", "b", "A", "{a,b}", "\"", "user:1", "NULL");
  private static final List<String> STRANGE = List.of("", "a\0b", "\ud800", "?", "nobody", "%");
  private static final List<Optional<String>> METADATA =
      List.of(
          Optional.empty(),
          Optional.of("{\"ü\":[]}"),
          Optional.of("{\"plan\":\"pro\",\"a\":{\"b\":[1,2.5,true,null]}}"),
          Optional.of("{ \"plan\" : \"'x\\n\\t\\\\\", \"a.b\":1,\"a\":{\"b\":\"\\u0000\"}}"));
  private static final List<String> FACETS =
      List.of(
          Filter.facet("plan", "pro"),
          Filter.facet("a.b", "1"),
          Filter.facet("a.b", "2.5"),
          Filter.facet("a.b", "null"),
          Filter.facet("plan", "'x\n\t\\"),
          Filter.facet("plan", "\0"),
          Filter.facet("nothing", "'"));
  private static final List<String> SEARCHES =
      List.of("USER 1", "ser:1", "session_0", "A", "\"", "{A,B", "%", "ab");
  private static final int SPAN_MILLIS = 6_000;

  private final Random random;

  CatalogFixture(long seed) {
    this.random = new Random(seed);
  }

  /** Sessions of two environments, several in each millisecond. */
  List<Item> sessions(int count) {
    return IntStream.range(0, count).mapToObj(this::session).toList();
  }

  private Item session(int number) {
    Instant created = START.plusMillis(random.nextInt(SPAN_MILLIS));
    String environment = pick(ENVIRONMENTS);
    boolean named = random.nextBoolean();
    SessionId id = named ? SessionId.ofExternal(environment, "user " + number) : id(environment);
    Instant closedAt = random.nextInt(3) == 0 ? created.plusMillis(random.nextInt(900)) : null;
    return new Item(
        id,
        new SessionInfo(
            named ? "user " + number : null,
            pick(TYPES),
            pick(TASKS),
            "{\"n\":" + number + "}",
            some(TAGS, 3),
            pick(METADATA).orElse(null),
            "run_" + number,
            created,
            created.plusMillis(random.nextInt(1_000)),
            random.nextBoolean() ? created.plusMillis(random.nextInt(900)) : null,
            closedAt,
            closedAt != null && random.nextBoolean() ? "done" : null,
            null));
  }

  /** An open session without anything special. */
  static SessionInfo info(@Nullable String externalId, Instant createdAt) {
    return new SessionInfo(
        externalId,
        "chat.agent",
        "support",
        "{}",
        List.of(),
        null,
        "run_1",
        createdAt,
        createdAt,
        null,
        null,
        null,
        null);
  }

  SessionId id(String environment) {
    byte[] hash = new byte[16];
    random.nextBytes(hash);
    return new SessionId(environment, SessionId.PREFIX + HexFormat.of().formatHex(hash));
  }

  /** A first page with random filters. */
  Query query(List<Item> sessions) {
    Item known = pick(sessions);
    Instant from = maybe(r -> START.plusMillis(r.nextInt(SPAN_MILLIS)), 5);
    Instant to = maybe(r -> START.plusMillis(r.nextInt(SPAN_MILLIS)), 5);
    Filter filter =
        new Filter(
            filter(TYPES),
            filter(TAGS),
            filter(TASKS),
            maybe(r -> r.nextBoolean() ? known.info().externalId() : pick(STRANGE), 8),
            random.nextBoolean() ? Set.of() : Set.copyOf(some(List.of(SessionStatus.values()), 3)),
            from,
            to,
            random.nextInt(4) > 0 ? List.of() : some(FACETS, 2),
            maybe(r -> pick(r.nextBoolean() ? SEARCHES : STRANGE), 6));
    return new Query(
        pick(List.of(ENVIRONMENT, ENVIRONMENT, "env_b", "env_nobody")),
        filter,
        1 + random.nextInt(Query.MAX_SIZE),
        null,
        null,
        START.plusMillis(random.nextInt(2 * SPAN_MILLIS)));
  }

  /** The place of a session, or one between sessions. */
  Cursor cursor(List<Item> sessions) {
    Cursor known = Cursor.of(pick(sessions));
    return random.nextBoolean()
        ? known
        : new Cursor(known.createdAt(), id(ENVIRONMENT).friendlyId());
  }

  private List<String> filter(List<String> values) {
    if (random.nextInt(3) > 0) {
      return List.of();
    }
    List<String> wanted = new ArrayList<>(some(values, values.size()));
    if (random.nextInt(4) == 0) {
      wanted.add(pick(STRANGE));
    }
    return wanted;
  }

  private <T> List<T> some(List<T> values, int atMost) {
    return random
        .ints(random.nextInt(atMost + 1), 0, values.size())
        .distinct()
        .mapToObj(values::get)
        .toList();
  }

  private <T> @Nullable T maybe(Function<Random, @Nullable T> value, int oneIn) {
    return random.nextInt(oneIn) == 0 ? value.apply(random) : null;
  }

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
