package dev.parley.projection;

import dev.parley.projection.Stats.Figures;
import dev.parley.projection.StatsQuery.GroupBy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/**
 * Figures out of the tables {@code session_activity} and {@code session_turn} of PostgreSQL, of the
 * sessions that {@code session_index} has. Three statements: which groups there are, what happened
 * to their sessions, and how long turns took. They must see the same state of the database.
 */
final class ActivityStats {
  /** A session counts once for a tag, however often it has it. */
  private static final String WITH_EACH_TAG =
      " left join lateral (select distinct tag from unnest(tags) as tag) as each_tag on true";

  private static final String LARGEST_GROUPS =
      " group by key order by sessions desc, key collate \"C\" nulls last limit ?";

  // A row without a bucket is one of the whole span.
  private static final String PER_BUCKET_AND_IN_ALL =
      " group by grouping sets ((key, bucket), (key))";

  private static final String ACTIVITY =
      """
      select key, bucket, sum(created)::bigint as created,
        count(distinct friendly_id) filter (where records_in + records_out > 0) as active,
        sum(expired)::bigint as expired, sum(closed)::bigint as closed,
        sum(messages)::bigint as messages, sum(records_in + records_out)::bigint as records,
        sum(bytes_in + bytes_out)::bigint as bytes
      from (
        select chosen.key, happened.*, minute - minute % ? as bucket
        from session_activity as happened join (""";

  private static final String TURNS =
      """
      select key, bucket, percentile_disc(0.5) within group (order by took_ms) as median
      from (
        select chosen.key, took_ms, ended_at - ended_at % ? as bucket
        from session_turn as happened join (""";

  private final Connection connection;
  private final StatsQuery query;
  private final StatsTally tally = new StatsTally();

  private ActivityStats(Connection connection, StatsQuery query) {
    this.connection = connection;
    this.query = query;
  }

  /**
   * @param connection in a transaction whose statements see one snapshot
   */
  static Stats of(Connection connection, StatsQuery query) throws SQLException {
    return new ActivityStats(connection, query).read();
  }

  private Stats read() throws SQLException {
    countSessions();
    if (tally.size() > 0) {
      sumActivity();
      findMedians();
    }
    return tally.stats(query.groupBy());
  }

  private void countSessions() throws SQLException {
    IndexQuery.Builder statement =
        new IndexQuery.Builder().add("select key, count(*) as sessions from (");
    chosen(statement).add(") as chosen" + LARGEST_GROUPS, StatsQuery.MAX_GROUPS);
    try (PreparedStatement select = statement.build().prepare(connection);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        tally.group(row.getString("key"), row.getLong("sessions"));
      }
    }
  }

  private void sumActivity() throws SQLException {
    try (PreparedStatement select = happened(ACTIVITY, "minute").prepare(connection);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        Figures figures =
            new Figures(
                row.getLong("created"),
                row.getLong("active"),
                row.getLong("expired"),
                row.getLong("closed"),
                row.getLong("messages"),
                row.getLong("records"),
                row.getLong("bytes"),
                null);
        tally.figures(row.getString("key"), row.getObject("bucket", Long.class), figures);
      }
    }
  }

  private void findMedians() throws SQLException {
    try (PreparedStatement select = happened(TURNS, "ended_at").prepare(connection);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        tally.median(
            row.getString("key"), row.getObject("bucket", Long.class), row.getLong("median"));
      }
    }
  }

  /**
   * What happened to sessions of the groups.
   *
   * @param select takes the width of a bucket and leaves off where the chosen sessions stand
   * @param time the column with the time at which it happened
   */
  private IndexQuery happened(String select, String time) {
    IndexQuery.Builder statement = new IndexQuery.Builder().add(select, query.bucket().toMillis());
    chosen(statement)
        .add(") as chosen using (friendly_id) where environment_id = ?", query.environmentId())
        .add(" and " + time + " >= ?", query.from().toEpochMilli())
        .add(" and " + time + " < ?", query.to().toEpochMilli());
    if (tally.size() == StatsQuery.MAX_GROUPS) {
      ofTheseGroups(statement);
    }
    return statement.add(") as found" + PER_BUCKET_AND_IN_ALL).build();
  }

  /** There may be more. As long as there are not, the planner estimates better without this. */
  private void ofTheseGroups(IndexQuery.Builder statement) {
    List<String> keys = tally.keys().stream().filter(Objects::nonNull).toList();
    statement
        .add(" and (key = any(?)", (Object) keys.toArray(String[]::new))
        .add(tally.keys().contains(null) ? " or key is null)" : ")");
  }

  /** Selects the key and the id of each chosen session, once for each group that it is in. */
  private IndexQuery.Builder chosen(IndexQuery.Builder statement) {
    statement.add("select friendly_id, ");
    if (query.groupBy() == GroupBy.STATUS) {
      statement.status(query.now());
    } else {
      statement.add(key(query.groupBy()));
    }
    return statement
        .add(" as key from session_index")
        .add(query.groupBy() == GroupBy.TAG ? WITH_EACH_TAG : "")
        .add(" where environment_id = ?", query.environmentId())
        .filter(query.filter(), query.now());
  }

  private static String key(GroupBy groupBy) {
    return switch (groupBy) {
      case NONE -> "null::text";
      case TYPE -> "type";
      case TASK_IDENTIFIER -> "task_identifier";
      case TAG -> "tag";
      case AGENT -> "agent_id";
      case USER -> "user_id";
      case STATUS -> throw new IllegalArgumentException("the status follows from the time");
    };
  }
}
