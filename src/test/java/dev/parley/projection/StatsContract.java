package dev.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.projection.Fact.Kind;
import dev.parley.projection.Stats.Figures;
import dev.parley.projection.StatsQuery.GroupBy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the figures of every {@link SessionCatalog} are, whatever its store. */
abstract class StatsContract {
  private static final int SESSIONS = 600;
  private static final int QUERIES = 120;

  private static final Instant START = StatsFixture.START;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final long seed = new Random().nextLong();
  private final StatsFixture fixture = new StatsFixture(seed);

  abstract SessionCatalog catalog();

  /** Forgets all sessions and what happened to them. */
  abstract void clear() throws Exception;

  /** Makes the sessions known. */
  abstract void store(List<Item> sessions) throws Exception;

  /** Makes known what happened to sessions, which may be known or not. */
  abstract void activity(List<Fact> facts) throws Exception;

  @BeforeEach
  void begin() throws Exception {
    clear();
  }

  @Test
  void answers_every_query_as_the_plain_reading_of_the_contract() throws Exception {
    List<Item> everSeen = fixture.sessions(SESSIONS);
    List<Item> sessions = everSeen.subList(SESSIONS / 10, SESSIONS);
    List<Fact> facts = fixture.facts(everSeen);
    store(sessions);
    activity(facts);
    NaiveStats expected = new NaiveStats(sessions, facts);
    for (int i = 0; i < QUERIES; i++) {
      StatsQuery query = fixture.query(sessions);
      assertThat(stats(query)).as("seed %d, %s", seed, query).isEqualTo(expected.of(query));
    }
  }

  @Test
  void the_median_of_an_even_number_of_turns_is_the_lower_one_in_the_middle() throws Exception {
    Item session = fixture.session("chat", "support");
    store(List.of(session));
    activity(
        List.of(
            turn(session, 0, 40),
            turn(session, 1, 10),
            turn(session, 60, 30),
            turn(session, 61, 20),
            turn(session, 62, 90),
            turn(session, 119, 50)));
    Stats.Group group = only(stats(minutes(GroupBy.NONE, 2)));
    assertThat(group.total().medianTurnMillis()).isEqualTo(30);
    assertThat(group.series())
        .extracting(bucket -> bucket.figures().medianTurnMillis())
        .containsExactly(10L, 30L);
  }

  @Test
  void an_active_session_counts_once_in_each_bucket_and_once_in_the_span() throws Exception {
    Item talks = fixture.session("chat", "support");
    Item listens = fixture.session("chat", "support");
    store(List.of(talks, listens));
    activity(
        List.of(
            records(talks, 0, Kind.RECORDS_IN),
            records(talks, 59, Kind.RECORDS_OUT),
            records(talks, 60, Kind.RECORDS_OUT),
            records(listens, 61, Kind.RECORDS_OUT),
            happened(listens, 185, Kind.CLOSED)));
    Stats.Group group = only(stats(minutes(GroupBy.NONE, 10)));
    assertThat(group.total()).isEqualTo(new Figures(0, 2, 0, 1, 4, 8, 400, null));
    assertThat(group.series())
        .containsExactly(
            new Stats.Bucket(START, new Figures(0, 1, 0, 0, 2, 4, 200, null)),
            new Stats.Bucket(START.plusSeconds(60), new Figures(0, 2, 0, 0, 2, 4, 200, null)),
            new Stats.Bucket(START.plusSeconds(180), new Figures(0, 0, 0, 1, 0, 0, 0, null)));
  }

  @Test
  void a_session_with_three_tags_counts_in_three_groups_and_in_none_twice() throws Exception {
    Item three = fixture.session("chat", "support", "a", "b", "c");
    Item one = fixture.session("chat", "support", "b", "b");
    Item none = fixture.session("chat", "support");
    store(List.of(three, one, none));
    activity(
        List.of(
            records(three, 0, Kind.RECORDS_IN),
            records(one, 0, Kind.RECORDS_IN),
            records(none, 0, Kind.RECORDS_OUT)));
    Stats stats = stats(minutes(GroupBy.TAG, 1));
    assertThat(stats.groups()).extracting(Stats.Group::key).containsExactly("b", "a", "c", null);
    assertThat(stats.groups()).extracting(Stats.Group::sessions).containsExactly(2L, 1L, 1L, 1L);
    assertThat(stats.groups())
        .extracting(group -> group.total().records())
        .containsExactly(4L, 2L, 2L, 2L);
  }

  @Test
  void of_more_than_fifty_groups_those_with_the_most_sessions_are_given() throws Exception {
    List<Item> sessions = new ArrayList<>();
    List<Fact> facts = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      for (int n = i < 20 ? 1 : 2; n > 0; n--) {
        Item session = fixture.session("chat", "task-%02d".formatted(i));
        sessions.add(session);
        facts.add(turn(session, i, i));
      }
    }
    store(sessions);
    activity(facts);
    Stats stats = stats(minutes(GroupBy.TASK_IDENTIFIER, 1));
    assertThat(stats.groups())
        .extracting(Stats.Group::key)
        .containsExactlyElementsOf(
            IntStream.concat(IntStream.range(20, 60), IntStream.range(0, 10))
                .mapToObj("task-%02d"::formatted)
                .toList());
    assertThat(stats)
        .isEqualTo(new NaiveStats(sessions, facts).of(minutes(GroupBy.TASK_IDENTIFIER, 1)));
  }

  @Test
  void nobodys_sessions_come_last_among_equals_and_are_left_out_as_any() throws Exception {
    List<Item> sessions = new ArrayList<>(List.of(fixture.session("chat", "support")));
    for (int i = 0; i < 50; i++) {
      sessions.add(fixture.session("messaging", "agent-" + i));
    }
    store(sessions);
    activity(List.of(records(sessions.get(0), 0, Kind.RECORDS_IN)));
    assertThat(stats(minutes(GroupBy.AGENT, 1)).groups())
        .hasSize(50)
        .extracting(Stats.Group::key)
        .doesNotContainNull();
    store(List.of(fixture.session("chat", "support")));
    assertThat(stats(minutes(GroupBy.AGENT, 1)).groups())
        .hasSize(50)
        .first()
        .isEqualTo(
            new Stats.Group(
                null,
                2,
                new Figures(0, 1, 0, 0, 1, 2, 100, null),
                List.of(new Stats.Bucket(START, new Figures(0, 1, 0, 0, 1, 2, 100, null)))));
  }

  @Test
  void equal_groups_stand_in_the_order_of_their_bytes() throws Exception {
    List<String> ordered = List.of("", "A", "_", "a", "ab", "ä", "\uff5a", "😀");
    List<Item> sessions = ordered.stream().map(type -> fixture.session(type, "x")).toList();
    store(sessions);
    assertThat(stats(minutes(GroupBy.TYPE, 1)).groups())
        .extracting(Stats.Group::key)
        .containsExactlyElementsOf(ordered);
  }

  @Test
  void the_beginning_of_the_span_belongs_to_it_and_its_end_does_not() throws Exception {
    Item session = fixture.session("chat", "support");
    store(List.of(session));
    long from = START.toEpochMilli();
    List<Fact> facts = new ArrayList<>();
    for (long at : new long[] {from - 1, from, from + 119_999, from + 120_000}) {
      facts.add(Fact.turn(session.id(), at, at - from + 1));
      facts.add(Fact.records(session.id(), at, Kind.RECORDS_IN, 1, 1, 8));
    }
    activity(facts);
    Stats.Group group = only(stats(minutes(GroupBy.NONE, 2)));
    assertThat(group.total()).isEqualTo(new Figures(0, 1, 0, 0, 2, 2, 16, 1L));
    assertThat(group.series())
        .containsExactly(
            new Stats.Bucket(START, new Figures(0, 1, 0, 0, 1, 1, 8, 1L)),
            new Stats.Bucket(START.plusSeconds(60), new Figures(0, 1, 0, 0, 1, 1, 8, 120_000L)));
  }

  @Test
  void without_sessions_there_is_one_group_when_none_are_asked_for_and_else_none()
      throws Exception {
    assertThat(stats(minutes(GroupBy.NONE, 1)).groups())
        .containsExactly(new Stats.Group(null, 0, Figures.NONE, List.of()));
    for (GroupBy groupBy : GroupBy.values()) {
      assertThat(stats(minutes(groupBy, 1)).groups()).hasSize(groupBy == GroupBy.NONE ? 1 : 0);
    }
  }

  /** Of all sessions of the first environment. */
  static StatsQuery minutes(GroupBy groupBy, int count) {
    return new StatsQuery(
        CatalogFixture.ENVIRONMENT,
        Filter.ALL,
        groupBy,
        START,
        START.plus(MINUTE.multipliedBy(count)),
        MINUTE,
        START);
  }

  private static Fact turn(Item session, int second, long tookMillis) {
    return Fact.turn(session.id(), START.plusSeconds(second).toEpochMilli(), tookMillis);
  }

  private static Fact happened(Item session, int second, Kind kind) {
    return Fact.lifecycle(session.id(), START.plusSeconds(second).toEpochMilli(), kind);
  }

  /** Two records, one of them a message. */
  private static Fact records(Item session, int second, Kind kind) {
    return Fact.records(session.id(), START.plusSeconds(second).toEpochMilli(), kind, 1, 2, 100);
  }

  private static Stats.Group only(Stats stats) {
    assertThat(stats.groups()).hasSize(1);
    return stats.groups().get(0);
  }

  Stats stats(StatsQuery query) throws Exception {
    return catalog().stats(query).toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
