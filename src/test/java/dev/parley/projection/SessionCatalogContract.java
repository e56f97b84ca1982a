package dev.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.SessionStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link SessionCatalog} does, whatever its store. */
abstract class SessionCatalogContract {
  private static final int SESSIONS = 20_000;
  private static final int LONGEST_WALK = 8;

  private final long seed = new Random().nextLong();
  private final CatalogFixture fixture = new CatalogFixture(seed);

  abstract SessionCatalog catalog();

  /** How many random queries are made; each is followed over several pages. */
  int queries() {
    return 50;
  }

  /** Forgets all sessions. */
  abstract void clear() throws Exception;

  /** Makes the sessions listed. */
  abstract void store(List<Item> sessions) throws Exception;

  @BeforeEach
  void begin() throws Exception {
    clear();
  }

  @Test
  void answers_every_query_and_page_as_the_plain_reading_of_the_contract() throws Exception {
    List<Item> sessions = fixture.sessions(SESSIONS);
    store(sessions);
    NaiveCatalog expected = new NaiveCatalog(sessions);
    for (int i = 0; i < queries(); i++) {
      Query query = fixture.query(sessions);
      Page oldest = walk(expected, query, true);
      if (!oldest.items().isEmpty()) {
        walk(expected, Queries.at(query, null, Cursor.of(last(oldest))), false);
      }
      same(expected, Queries.at(query, fixture.cursor(sessions), null));
      same(expected, Queries.at(query, null, fixture.cursor(sessions)));
    }
  }

  @Test
  void lists_everything_once_while_newer_sessions_come_into_being() throws Exception {
    List<Item> sessions = fixture.sessions(300);
    store(sessions);
    Query first = Queries.all(CatalogFixture.ENVIRONMENT, 7, CatalogFixture.START);
    List<Item> listed = new ArrayList<>();
    Query query = first;
    for (int i = 0; query != null; i++) {
      Page page = page(catalog(), query);
      listed.addAll(page.items());
      store(List.of(item(CatalogFixture.START.plusSeconds(60 + i), null, null)));
      query = page.next() == null ? null : Queries.at(first, page.next(), null);
    }
    assertThat(listed).containsExactlyElementsOf(new NaiveCatalog(sessions).matching(first));
  }

  @Test
  void goes_forward_again_from_a_page_that_was_reached_backward() throws Exception {
    store(fixture.sessions(200));
    Query query = Queries.all(CatalogFixture.ENVIRONMENT, 10, CatalogFixture.START);
    Page first = page(catalog(), query);
    Page second = page(catalog(), Queries.at(query, first.next(), null));
    Page back = page(catalog(), Queries.at(query, null, second.previous()));
    assertThat(back.items()).isEqualTo(first.items());
    assertThat(back.next()).isEqualTo(first.next());
    assertThat(back.previous()).isNull();
  }

  @Test
  void expires_at_the_very_millisecond() throws Exception {
    Instant deadline = CatalogFixture.START.plusSeconds(5);
    Item session = item(CatalogFixture.START, deadline, null);
    store(List.of(session));
    assertThat(statuses(deadline.minusMillis(1))).containsExactly(SessionStatus.ACTIVE);
    assertThat(statuses(deadline)).containsExactly(SessionStatus.EXPIRED);
    assertThat(statuses(deadline.plusMillis(1))).containsExactly(SessionStatus.EXPIRED);
  }

  @Test
  void calls_a_session_closed_even_when_its_time_is_over() throws Exception {
    Instant deadline = CatalogFixture.START.plusSeconds(5);
    store(List.of(item(CatalogFixture.START, deadline, CatalogFixture.START.plusSeconds(1))));
    assertThat(statuses(deadline.minusMillis(1))).containsExactly(SessionStatus.CLOSED);
    assertThat(statuses(deadline)).containsExactly(SessionStatus.CLOSED);
  }

  @Test
  void includes_both_ends_of_the_span_of_creation() throws Exception {
    Instant from = CatalogFixture.START;
    Instant to = from.plusMillis(2);
    List<Item> sessions = new ArrayList<>();
    for (int i = -1; i <= 3; i++) {
      sessions.add(item(from.plusMillis(i), null, null));
    }
    store(sessions);
    Filter created =
        new Filter(List.of(), List.of(), List.of(), null, Set.of(), from, to, List.of(), null);
    Query query = new Query(CatalogFixture.ENVIRONMENT, created, 20, null, null, to);
    assertThat(page(catalog(), query).items())
        .extracting(item -> item.info().createdAt())
        .containsExactly(to, from.plusMillis(1), from);
  }

  /** Follows the cursors of real pages, compares each page, and gives the last one. */
  private Page walk(NaiveCatalog expected, Query start, boolean forward) throws Exception {
    Page page = same(expected, start);
    Cursor next = forward ? page.next() : page.previous();
    Set<Cursor> seen = new LinkedHashSet<>();
    for (int i = 0; next != null && i < LONGEST_WALK; i++) {
      assertThat(seen.add(next)).as("a cursor that was not given before").isTrue();
      page = same(expected, Queries.at(start, forward ? next : null, forward ? null : next));
      next = forward ? page.next() : page.previous();
    }
    return page;
  }

  private Page same(NaiveCatalog expected, Query query) throws Exception {
    Page page = page(catalog(), query);
    assertThat(page).as("seed %d, %s", seed, query).isEqualTo(page(expected, query));
    return page;
  }

  private Set<SessionStatus> statuses(Instant now) throws Exception {
    Query query = Queries.all(CatalogFixture.ENVIRONMENT, 20, now);
    Set<SessionStatus> found = new LinkedHashSet<>();
    for (SessionStatus status : SessionStatus.values()) {
      if (!page(catalog(), Queries.status(query, status, now)).items().isEmpty()) {
        found.add(status);
      }
    }
    return found;
  }

  private Item item(Instant createdAt, @Nullable Instant expiresAt, @Nullable Instant closedAt) {
    SessionId id = fixture.id(CatalogFixture.ENVIRONMENT);
    return new Item(
        id,
        new SessionInfo(
            null,
            "chat.agent",
            "support",
            "{}",
            List.of(),
            null,
            "run_1",
            createdAt,
            createdAt,
            expiresAt,
            closedAt,
            null,
            null));
  }

  private static Item last(Page page) {
    return page.items().get(page.items().size() - 1);
  }

  static Page page(SessionCatalog catalog, Query query) throws Exception {
    return catalog.list(query).toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
