package dev.parley.bench;

import dev.parley.journal.DatabaseAddress;
import dev.parley.projection.Cursor;
import dev.parley.projection.Filter;
import dev.parley.projection.Query;
import dev.parley.session.SessionStatus;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What people ask of {@link ListedSessions}, about another session with each request. */
final class ListQuestions {
  private static final int PAGE = 20;

  /** A session that is there, so that what is asked for is found. */
  private record Sample(
      String friendlyId,
      Instant createdAt,
      String externalId,
      String userId,
      String customer,
      String plan,
      String task) {}

  private final Instant now;
  private final List<Sample> samples = new ArrayList<>();

  /** Draws so many sessions, of all ages. */
  ListQuestions(DatabaseAddress address, Instant now, int count) throws SQLException {
    this.now = now;
    String sql =
        """
        select friendly_id, created_at, external_id, user_id, metadata::json->>'customer' as customer,
          metadata::json->>'plan' as plan, task_identifier
        from session_index where external_id is not null and user_id is not null
        order by md5(friendly_id) limit ?
        """;
    try (Connection connection =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        PreparedStatement select = connection.prepareStatement(sql)) {
      select.setInt(1, count);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          samples.add(
              new Sample(
                  row.getString("friendly_id"),
                  Instant.ofEpochMilli(row.getLong("created_at")),
                  row.getString("external_id"),
                  row.getString("user_id"),
                  row.getString("customer"),
                  row.getString("plan"),
                  row.getString("task_identifier")));
        }
      }
    }
  }

  /** The pages by name: for each what is asked, once for each sample. */
  Map<String, List<Query>> pages() {
    Map<String, List<Query>> pages = new LinkedHashMap<>();
    pages.put("all", filtered(sample -> Filter.ALL));
    pages.put("all, after a cursor at any depth", ask(s -> page(Filter.ALL, cursor(s), null)));
    pages.put("all, before a cursor at any depth", ask(s -> page(Filter.ALL, null, cursor(s))));
    pages.put("type", filtered(s -> filter(List.of("support"), List.of(), List.of(), null)));
    pages.put("common tag", filtered(s -> tagged("vip")));
    pages.put("rare tag (user)", filtered(s -> tagged("user:" + s.userId())));
    pages.put("tag that no session has", filtered(s -> tagged("user:" + s.friendlyId())));
    pages.put("task", filtered(s -> filter(List.of(), List.of(), List.of(s.task()), null)));
    pages.put(
        "external id", filtered(s -> filter(List.of(), List.of(), List.of(), s.externalId())));
    for (SessionStatus status : SessionStatus.values()) {
      pages.put("status " + status, filtered(s -> Filter.ALL.with(Set.of(status))));
    }
    pages.put("created within an hour", filtered(s -> within(s.createdAt())));
    pages.put("common metadata value (plan)", filtered(s -> described("plan", s.plan())));
    pages.put("rare metadata value (customer)", filtered(s -> described("customer", s.customer())));
    pages.put(
        "search: beginning of an external id",
        filtered(s -> containing(s.externalId().substring(0, 12))));
    pages.put(
        "search: 12 characters of a tag", filtered(s -> containing(s.userId().substring(8, 20))));
    pages.put("search: a common word", filtered(s -> containing("vip")));
    pages.put("search: 3 characters that nothing has", filtered(s -> containing("qzx")));
    return pages;
  }

  private List<Query> ask(Function<Sample, Query> question) {
    return samples.stream().map(question).toList();
  }

  private List<Query> filtered(Function<Sample, Filter> filter) {
    return ask(sample -> page(filter.apply(sample), null, null));
  }

  private Query page(Filter filter, @Nullable Cursor after, @Nullable Cursor before) {
    return new Query(ListedSessions.ENVIRONMENT, filter, PAGE, after, before, now);
  }

  private static Cursor cursor(Sample sample) {
    return new Cursor(sample.createdAt(), sample.friendlyId());
  }

  private static Filter filter(
      List<String> types, List<String> tags, List<String> tasks, @Nullable String externalId) {
    return new Filter(types, tags, tasks, externalId, Set.of(), null, null, List.of(), null);
  }

  private static Filter tagged(String tag) {
    return filter(List.of(), List.of(tag), List.of(), null);
  }

  private static Filter within(Instant from) {
    return new Filter(
        List.of(),
        List.of(),
        List.of(),
        null,
        Set.of(),
        from,
        from.plus(Duration.ofHours(1)),
        List.of(),
        null);
  }

  private static Filter described(String path, String value) {
    return new Filter(
        List.of(),
        List.of(),
        List.of(),
        null,
        Set.of(),
        null,
        null,
        List.of(Filter.facet(path, value)),
        null);
  }

  private static Filter containing(String text) {
    return new Filter(List.of(), List.of(), List.of(), null, Set.of(), null, null, List.of(), text);
  }
}
