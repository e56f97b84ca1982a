package dev.parley.projection.clickhouse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.journal.StreamSummary;
import dev.parley.projection.CatalogRow;
import dev.parley.session.SessionId;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Writes changes to the tables {@code sessions_v1} and {@code session_events_v1}. Used by one
 * slice, one batch at a time.
 */
final class ClickHouseTables {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int REMEMBERED_SESSIONS = 10_000;

  private static final String FIND_TOTALS =
      """
      select environment_id, session_id, records_in, bytes_in, records_out, bytes_out
      from sessions_v1 final
      where session_id in {ids:Array(String)}
      settings use_skip_indexes_if_final = 1, use_skip_indexes_if_final_exact_mode = 1,
        do_not_merge_across_partitions_select_final = 1
      """;

  /** The sessions that were purged, as far as a row is older than that. */
  private static final String OF_PURGED =
      """
      where environment_id = {environment:String} and session_id in {ids:Array(String)}
        and %s < transform(session_id, {ids:Array(String)}, {versions:Array(UInt64)}, toUInt64(0))
      """;

  /** Hides what there is of purged sessions, also from batches that are written again. */
  private static final String MARK_PURGED =
      """
      insert into sessions_v1
        (environment_id, session_id, created_at, updated_at, sliding, type, task_identifier,
         current_run_id, trigger_config, _version, _is_deleted)
      select distinct environment_id, session_id, created_at, created_at, false, '', '', '', '',
        transform(session_id, {ids:Array(String)}, {versions:Array(UInt64)}, toUInt64(0)), 1
      from sessions_v1
      """
          + OF_PURGED.formatted("_version");

  private static final List<String> PURGE =
      List.of(
          MARK_PURGED,
          "delete from sessions_v1 " + OF_PURGED.formatted("_version"),
          "delete from session_events_v1 " + OF_PURGED.formatted("version"));

  private final ClickHouse clickHouse;
  private final SharedInserts inserts;

  /** The totals of the sessions that were written last. */
  private final Map<SessionId, Totals> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SessionId, Totals> eldest) {
          return size() > REMEMBERED_SESSIONS;
        }
      };

  ClickHouseTables(ClickHouse clickHouse, SharedInserts inserts) {
    this.clickHouse = clickHouse;
    this.inserts = inserts;
  }

  /**
   * Writes all of it, or fails with {@link ClickHouseException} and has perhaps written some.
   *
   * @param current the rows of the changed sessions; those without one are not there any more
   */
  CompletionStage<Void> write(Changes changes, Map<SessionId, CatalogRow> current) {
    return purge(changes.purged())
        .thenCompose(done -> recall(current.keySet()))
        .thenCompose(
            done -> {
              RowWriter sessions = new RowWriter();
              changes
                  .versions()
                  .forEach(
                      (id, version) -> {
                        Totals totals = totals(id, changes.streams().getOrDefault(id, List.of()));
                        CatalogRow row = current.get(id);
                        if (row != null) {
                          sessions.session(row, totals, version);
                        }
                      });
              return insert("sessions_v1", sessions);
            })
        .thenCompose(
            done -> {
              RowWriter events = new RowWriter();
              changes.events().stream()
                  .filter(event -> current.containsKey(event.session()))
                  .forEach(events::event);
              return insert("session_events_v1", events);
            });
  }

  private CompletionStage<Void> insert(String table, RowWriter rows) {
    return rows.isEmpty()
        ? CompletableFuture.completedFuture(null)
        : inserts.insert(table, rows.rows());
  }

  private Totals totals(SessionId id, List<StreamSummary> streams) {
    Totals totals = known.getOrDefault(id, Totals.NONE);
    for (StreamSummary stream : streams) {
      totals = totals.after(stream);
    }
    known.put(id, totals);
    return totals;
  }

  /** Looks up the totals of sessions that were not written lately. */
  private CompletionStage<Void> recall(Collection<SessionId> sessions) {
    List<String> unknown =
        sessions.stream().filter(id -> !known.containsKey(id)).map(SessionId::friendlyId).toList();
    if (unknown.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return clickHouse
        .select(FIND_TOTALS, new Parameters().texts("ids", unknown), LIMIT)
        .thenApply(
            rows -> {
              for (JsonNode row : rows) {
                known.put(
                    new SessionId(
                        row.get("environment_id").asText(), row.get("session_id").asText()),
                    new Totals(
                        row.get("records_in").asLong(),
                        row.get("bytes_in").asLong(),
                        row.get("records_out").asLong(),
                        row.get("bytes_out").asLong()));
              }
              return null;
            });
  }

  private CompletionStage<Void> purge(Map<SessionId, Long> purged) {
    known.keySet().removeAll(purged.keySet());
    Map<String, Map<String, Long>> byEnvironment = new LinkedHashMap<>();
    purged.forEach(
        (id, version) ->
            byEnvironment
                .computeIfAbsent(id.environmentId(), any -> new LinkedHashMap<>())
                .put(id.friendlyId(), version));
    CompletionStage<Void> chain = CompletableFuture.completedFuture(null);
    for (Map.Entry<String, Map<String, Long>> entry : byEnvironment.entrySet()) {
      Parameters parameters =
          new Parameters()
              .text("environment", entry.getKey())
              .texts("ids", entry.getValue().keySet())
              .numbers("versions", entry.getValue().values());
      for (String sql : PURGE) {
        chain = chain.thenCompose(done -> clickHouse.execute(sql, parameters, LIMIT));
      }
    }
    return chain;
  }
}
