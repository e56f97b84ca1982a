package dev.parley.projection;

import dev.parley.session.SessionStatus;
import dev.parley.session.Text;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The statement that answers a query from the index. Its text is made of constants alone; whatever
 * a client gave is a parameter.
 *
 * @param parameters each a {@code String}, a {@code String[]}, a {@code Long} or an {@code Integer}
 */
record IndexQuery(String sql, List<Object> parameters) {
  private static final String NEWEST_FIRST = " order by created_at desc, friendly_id desc";
  private static final String OLDEST_FIRST = " order by created_at, friendly_id";

  /**
   * Selects what {@link Page#of} needs, newest first.
   *
   * @param except friendly ids of sessions that are not to be found
   */
  static IndexQuery of(Query query, List<String> except) {
    Cursor before = query.before();
    if (before == null) {
      Builder found = new Builder().sessions(query, except);
      if (query.after() != null) {
        found.row("<", query.after());
      }
      return found.add(NEWEST_FIRST + " limit ?", query.size() + 1).build();
    }
    return new Builder()
        .add("select * from (")
        .add("(")
        .sessions(query, except)
        .row(">", before)
        .add(OLDEST_FIRST + " limit ?", query.size() + 1)
        .add(") union all (")
        .sessions(query, except)
        .row("<=", before)
        .add(NEWEST_FIRST + " limit 1")
        .add(")) found" + NEWEST_FIRST)
        .build();
  }

  /** Counts what passes the filters. */
  static IndexQuery count(Query query, List<String> except) {
    return new Builder()
        .add("select count(*) from (")
        .sessions(query, except)
        .add(") found")
        .build();
  }

  /** The statement with its parameters. */
  PreparedStatement prepare(Connection connection) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.size(); i++) {
      if (parameters.get(i) instanceof String[] texts) {
        statement.setArray(i + 1, connection.createArrayOf("text", texts));
      } else {
        statement.setObject(i + 1, parameters.get(i));
      }
    }
    return statement;
  }

  /** Puts statements about sessions of the index together, in the order of their text. */
  static final class Builder {
    private final StringBuilder sql = new StringBuilder();
    private final List<Object> parameters = new ArrayList<>();

    Builder add(String text, Object... values) {
      sql.append(text);
      parameters.addAll(List.of(values));
      return this;
    }

    Builder sessions(Query query, List<String> except) {
      add("select * from session_index where environment_id = ?", query.environmentId());
      if (!except.isEmpty()) {
        add(" and friendly_id <> all(?)", (Object) except.toArray(String[]::new));
      }
      return filter(query.filter(), query.now());
    }

    /** Adds to a condition on rows of {@code session_index} what the filter asks for. */
    Builder filter(Filter filter, Instant now) {
      anyOf(" and type = any(?)", filter.types());
      anyOf(" and tags && ?", filter.tags());
      anyOf(" and task_identifier = any(?)", filter.taskIdentifiers());
      if (filter.externalId() != null) {
        anyOf(" and external_id = any(?)", List.of(filter.externalId()));
      }
      statuses(filter.statuses(), now);
      if (filter.createdFrom() != null) {
        add(" and created_at >= ?", filter.createdFrom().toEpochMilli());
      }
      if (filter.createdTo() != null) {
        add(" and created_at <= ?", filter.createdTo().toEpochMilli());
      }
      for (String facet : filter.metadata()) {
        anyOf(" and facets && ?", List.of(facet));
      }
      if (filter.search() != null) {
        search(filter.search());
      }
      return this;
    }

    private void search(String text) {
      if (Text.problem(text).isEmpty()) {
        add(" and (position(? in search_ids) > 0 or position(? in search_tags) > 0)", text, text);
      } else {
        add(" and false");
      }
    }

    /** Text that can't be stored is in no row, and PostgreSQL would refuse the whole statement. */
    private void anyOf(String condition, List<String> values) {
      if (!values.isEmpty()) {
        Object storable =
            values.stream().filter(v -> Text.problem(v).isEmpty()).toArray(String[]::new);
        sql.append(condition);
        parameters.add(storable);
      }
    }

    private void statuses(Set<SessionStatus> statuses, Instant now) {
      if (statuses.isEmpty()) {
        return;
      }
      add(
          statuses.stream()
              .map(Builder::condition)
              .collect(Collectors.joining(" or ", " and (", ")")));
      statuses.stream()
          .filter(status -> status != SessionStatus.CLOSED)
          .forEach(status -> parameters.add(now.toEpochMilli()));
    }

    /** The name of the status of a row of {@code session_index}. */
    Builder status(Instant now) {
      add("case");
      for (SessionStatus status : SessionStatus.values()) {
        add(" when " + condition(status) + " then '" + status + "'");
        if (status != SessionStatus.CLOSED) {
          parameters.add(now.toEpochMilli());
        }
      }
      return add(" end");
    }

    /** The rule of {@code SessionInfo.status}; all but {@code CLOSED} compare with the time. */
    private static String condition(SessionStatus status) {
      return switch (status) {
        case ACTIVE ->
            "closed_at is null and expired_at is null"
                + " and (sliding or expires_at is null or expires_at > ?)";
        case CLOSED -> "closed_at is not null";
        case EXPIRED ->
            "closed_at is null and (expired_at is not null or (not sliding and expires_at <= ?))";
      };
    }

    Builder row(String comparison, Cursor cursor) {
      return add(
          " and (created_at, friendly_id) " + comparison + " (?, ?)",
          cursor.createdAt().toEpochMilli(),
          cursor.friendlyId());
    }

    IndexQuery build() {
      return new IndexQuery(sql.toString(), parameters);
    }
  }
}
