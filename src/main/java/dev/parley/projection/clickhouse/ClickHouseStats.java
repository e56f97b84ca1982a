package dev.parley.projection.clickhouse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.projection.Stats;
import dev.parley.projection.Stats.Figures;
import dev.parley.projection.StatsQuery;
import dev.parley.projection.StatsQuery.GroupBy;
import dev.parley.projection.StatsTally;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Figures out of {@code sessions_v1} and {@code session_events_v1}. Two statements: which groups
 * there are, and what happened to their sessions.
 */
final class ClickHouseStats {
  // Rows of the whole span have no bucket.
  private static final String HAPPENED =
      """
      select key, if(grouping(bucket) = 0, bucket, null) as bucket_ms,
        countIf(kind = 'created') as created, countIf(kind = 'expired') as expired,
        countIf(kind = 'closed') as closed,
        uniqExactIf(session_id, written and count > 0) as active,
        sumIf(messages, written) as messages_sum, sumIf(count, written) as records,
        sumIf(bytes, written) as bytes_sum, countIf(answered) as turns,
        quantileExactLowIf(0.5)(assumeNotNull(took_ms), answered) as median
      from (
        select session_id, kind, count, messages, bytes, took_ms,
          kind = 'records' and channel not in ('lifecycle', 'waitpoints') as written,
          kind = 'turn_ended' and outcome = 'answered' as answered,
          intDiv(toUnixTimestamp64Milli(at), {width:Int64}) * {width:Int64} as bucket
        from session_events_v1 final
        where environment_id = {environment:String}
          and at >= fromUnixTimestamp64Milli({from:Int64})
          and at < fromUnixTimestamp64Milli({to:Int64})
      ) as happened
      inner join (""";

  private static final String BY_BUCKET =
      ") as chosen using (session_id) group by grouping sets ((key, bucket), (key))"
          + " settings do_not_merge_across_partitions_select_final = 1";

  private static final String LARGEST_GROUPS =
      ") as chosen group by key order by sessions desc, key limit {limit:UInt64}";

  private static final String STATUS =
      """
      multiIf(closed_at is not null, 'CLOSED',
        expired_ms is not null or (not sliding and ifNull(expires_ms <= {now:Int64}, false)),
        'EXPIRED', 'ACTIVE')""";

  private ClickHouseStats() {}

  /** Fails with {@link ClickHouseException}. */
  static CompletionStage<Stats> of(ClickHouse clickHouse, StatsQuery query, Duration limit) {
    StatsTally tally = new StatsTally();
    CatalogQuery groups = new CatalogQuery().add("select key, count() as sessions from (");
    chosen(groups, query).add(LARGEST_GROUPS).parameters().number("limit", StatsQuery.MAX_GROUPS);
    CatalogQuery happened = new CatalogQuery().add(HAPPENED);
    chosen(happened, query)
        .add(BY_BUCKET)
        .parameters()
        .number("width", query.bucket().toMillis())
        .number("from", query.from().toEpochMilli())
        .number("to", query.to().toEpochMilli());
    return clickHouse
        .select(groups.sql(), groups.parameters(), limit)
        .thenCompose(
            rows -> {
              rows.forEach(row -> tally.group(key(row), row.get("sessions").longValue()));
              return clickHouse.select(happened.sql(), happened.parameters(), limit);
            })
        .thenApply(
            rows -> {
              rows.forEach(row -> tell(tally, row));
              return tally.stats(query.groupBy());
            });
  }

  /** Selects the key and the id of each chosen session, once for each group that it is in. */
  private static CatalogQuery chosen(CatalogQuery statement, StatsQuery query) {
    statement.parameters().number("now", query.now().toEpochMilli());
    return statement.sessions(
        "session_id, " + key(query.groupBy()) + " as key",
        query.environmentId(),
        query.filter(),
        query.now());
  }

  private static String key(GroupBy groupBy) {
    return switch (groupBy) {
      case NONE -> "cast(null as Nullable(String))";
      case TYPE -> "toNullable(toString(type))";
      case TASK_IDENTIFIER -> "toNullable(task_identifier)";
      case TAG ->
          "arrayJoin(if(empty(tags), [null], arrayMap(t -> toNullable(t), arrayDistinct(tags))))";
      case AGENT -> "agent_id";
      case USER -> "user_id";
      case STATUS -> "toNullable(" + STATUS + ")";
    };
  }

  private static @Nullable String key(JsonNode row) {
    return row.get("key").textValue();
  }

  private static void tell(StatsTally tally, JsonNode row) {
    JsonNode at = row.get("bucket_ms");
    Long bucket = at.isNull() ? null : Long.valueOf(at.longValue());
    Figures figures =
        new Figures(
            row.get("created").longValue(),
            row.get("active").longValue(),
            row.get("expired").longValue(),
            row.get("closed").longValue(),
            row.get("messages_sum").longValue(),
            row.get("records").longValue(),
            row.get("bytes_sum").longValue(),
            row.get("turns").longValue() == 0 ? null : row.get("median").longValue());
    if (!figures.equals(Figures.NONE)) {
      tally.figures(key(row), bucket, figures);
    }
  }
}
