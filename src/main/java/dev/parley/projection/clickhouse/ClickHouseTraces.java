package dev.parley.projection.clickhouse;

import dev.parley.projection.SessionTraces;
import dev.parley.session.SessionId;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Counts what ClickHouse holds of a session. What is left of a purged one says only that it was.
 */
public final class ClickHouseTraces implements SessionTraces.Elsewhere {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private static final String SQL =
      """
      select
        (select count() from sessions_v1
         where environment_id = {environment:String} and session_id = {id:String}
           and _version < {version:UInt64} and _is_deleted = 0)
        + (select count() from session_events_v1
           where environment_id = {environment:String} and session_id = {id:String}
             and version < {version:UInt64}) as count
      """;

  private final ClickHouse clickHouse;

  public ClickHouseTraces(ClickHouse clickHouse) {
    this.clickHouse = clickHouse;
  }

  /** Fails with {@link ClickHouseException}. */
  @Override
  public CompletionStage<Long> count(SessionId session, long version) {
    Parameters parameters =
        new Parameters()
            .text("environment", session.environmentId())
            .text("id", session.friendlyId())
            .number("version", version);
    return clickHouse
        .select(SQL, parameters, LIMIT)
        .thenApply(rows -> rows.get(0).get("count").longValue());
  }
}
