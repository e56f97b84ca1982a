package dev.parley.projection;

import dev.parley.journal.DueIndex;
import dev.parley.journal.Erasure;
import dev.parley.session.Lifetime;
import dev.parley.session.LifetimeDeadline;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.storage.FileRows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings rows of {@code session_index} up to date. A statement changes a row only when its event is
 * newer than the row, so that events may come again but a row never goes back.
 */
final class IndexWriter implements AutoCloseable {
  private static final String CREATE =
      """
      insert into session_index (
        environment_id, friendly_id, version, external_id, type, task_identifier, trigger_config,
        tags, metadata, current_run_id, created_at, updated_at, expires_at, closed_at, closed_reason,
        expired_at, sliding, agent_id, user_id, search_ids, search_tags, facets)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict (environment_id, friendly_id) do update set
        version = excluded.version, external_id = excluded.external_id, type = excluded.type,
        task_identifier = excluded.task_identifier, trigger_config = excluded.trigger_config,
        tags = excluded.tags, metadata = excluded.metadata,
        current_run_id = excluded.current_run_id, created_at = excluded.created_at,
        updated_at = excluded.updated_at, expires_at = excluded.expires_at,
        closed_at = excluded.closed_at, closed_reason = excluded.closed_reason,
        expired_at = excluded.expired_at, sliding = excluded.sliding,
        agent_id = excluded.agent_id, user_id = excluded.user_id,
        search_ids = excluded.search_ids, search_tags = excluded.search_tags,
        facets = excluded.facets
      where session_index.version < excluded.version
      """;
  private static final String NEWER =
      ", version = ? where environment_id = ? and friendly_id = ? and version < ?";
  private static final String UPDATE =
      "update session_index set trigger_config = ?, tags = ?, metadata = ?, expires_at = ?,"
          + " updated_at = ?, search_tags = ?, facets = ?"
          + NEWER;
  private static final String CLOSE =
      "update session_index set closed_at = ?, closed_reason = ?, updated_at = ?" + NEWER;
  private static final String MOVE_END = "update session_index set expires_at = ?" + NEWER;
  private static final String EXPIRE =
      "update session_index set expires_at = ?, expired_at = ?" + NEWER;

  /** A row that is newer belongs to the session that came after. */
  private static final String PURGE =
      "delete from session_index where environment_id = ? and friendly_id = ? and version < ?";

  private static final String SWAP_RUN =
      "update session_index set current_run_id = ?, updated_at = ?" + NEWER;

  /**
   * A turn that ends in time is of no interest, but one that is cut off has only this to be found
   * by.
   */
  private static final Duration TURN_LOOK = Duration.ofSeconds(5);

  private final Connection connection;
  private final @Nullable Duration retention;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  /** Which statement holds a session's newest change that is not executed yet. */
  private final Map<SessionId, PreparedStatement> pending = new HashMap<>();

  private IndexWriter(Connection connection, @Nullable Duration retention) {
    this.connection = connection;
    this.retention = retention;
  }

  /**
   * Writes the changes in few round trips, without a commit.
   *
   * @param changes those of one session in the order of their versions
   * @param retention how long a session stays behind its end; null for ever
   */
  static void write(Connection connection, List<IndexChange> changes, @Nullable Duration retention)
      throws SQLException {
    try (IndexWriter writer = new IndexWriter(connection, retention)) {
      // Nothing happens to a row before it is created, so creations can go before all else.
      writer.createAll(changes);
      writer.flush();
      for (IndexChange change : changes) {
        writer.change(change);
      }
      writer.flush();
      writer.purge(changes);
      DueIndex.put(connection, writer.dueTimes(changes));
    }
  }

  /**
   * One statement can't write a row twice, so a session that was purged and made anew counts once.
   */
  private void createAll(List<IndexChange> changes) throws SQLException {
    Map<SessionId, IndexChange> newest = new LinkedHashMap<>();
    for (IndexChange change : changes) {
      if (change.event() instanceof SessionEvent.Created) {
        newest.put(change.id(), change);
      }
    }
    for (IndexChange change : newest.values()) {
      create(change, (SessionEvent.Created) change.event());
    }
  }

  /**
   * What other tables hold of purged sessions goes here, the journal's rows go later: behind this
   * no event is left that could bring a row back.
   */
  private void purge(List<IndexChange> changes) throws SQLException {
    for (IndexChange change : changes) {
      if (change.event() instanceof SessionEvent.Purged purged) {
        Row row = new Row(statement(PURGE)).text(change.id().environmentId());
        row.text(change.id().friendlyId()).number(purged.version()).statement.executeUpdate();
        PurgedFigures.remove(connection, List.of(change.id()));
        DueIndex.remove(connection, change.id());
        FileRows.purge(connection, change.id(), purged.version());
        Erasure.put(connection, change.id(), purged.version());
      }
    }
  }

  /** When sessions have to look up because of what has happened to them, whatever came before. */
  private Map<SessionId, Instant> dueTimes(List<IndexChange> changes) {
    Map<SessionId, Instant> earliest = new HashMap<>();
    for (IndexChange change : changes) {
      if (change.event() instanceof SessionEvent.Purged) {
        earliest.remove(change.id());
      }
      Instant due = dueTime(change.event());
      if (due != null) {
        earliest.merge(change.id(), due, (one, other) -> one.isBefore(other) ? one : other);
      }
    }
    return earliest;
  }

  /** Activity only moves things to later, and is left out. */
  private @Nullable Instant dueTime(SessionEvent event) {
    if (event instanceof SessionEvent.CallbacksMoved moved) {
      return moved.nextTry();
    }
    if (retention != null && event instanceof SessionEvent.Closed closed) {
      return closed.at().plus(retention);
    }
    if (retention != null && event instanceof SessionEvent.Expired expired) {
      return expired.expiresAt().plus(retention);
    }
    if (event instanceof SessionEvent.WaitpointCreated created) {
      return created.waitpoint().outcome() == null ? created.waitpoint().timeoutAt() : null;
    }
    if (event instanceof SessionEvent.Created created) {
      return created.timeout() == null
          ? created.info().expiresAt()
          : dueTime(Lifetime.create(created.timeout(), created.info().createdAt()));
    }
    if (event instanceof SessionEvent.Updated updated) {
      return updated.expiresAt();
    }
    if (event instanceof SessionEvent.Restored restored) {
      return restored.due(retention);
    }
    if (event instanceof SessionEvent.TurnStarted started) {
      return started.turn().startedAt().plus(TURN_LOOK);
    }
    return event instanceof SessionEvent.TimeoutChanged changed
        ? dueTime(changed.lifetime())
        : null;
  }

  private static @Nullable Instant dueTime(Lifetime lifetime) {
    return lifetime.next().map(LifetimeDeadline::at).orElse(null);
  }

  private void create(IndexChange change, SessionEvent.Created created) throws SQLException {
    SessionInfo info = created.info();
    Row row = new Row(statement(CREATE));
    row.text(change.id().environmentId()).text(change.id().friendlyId()).number(change.version());
    row.text(info.externalId()).text(info.type()).text(info.taskIdentifier());
    row.text(info.triggerConfig()).texts(info.tags()).text(info.metadata());
    row.text(info.currentRunId()).time(info.createdAt()).time(info.updatedAt());
    row.time(info.expiresAt()).time(info.closedAt()).text(info.closedReason());
    row.time(info.expiredAt()).truth(created.timeout() != null);
    row.text(Searchable.agentId(created)).text(Searchable.userId(info));
    row.text(Searchable.ids(change.id(), info)).text(Searchable.tags(info.tags()));
    row.texts(Facets.of(info.metadata()));
    row.statement.addBatch();
  }

  private void change(IndexChange change) throws SQLException {
    if (change.event() instanceof SessionEvent.Updated updated) {
      Row row = row(UPDATE, change).text(updated.triggerConfig()).texts(updated.tags());
      row.text(updated.metadata()).time(updated.expiresAt()).time(updated.at());
      row.text(Searchable.tags(updated.tags())).texts(Facets.of(updated.metadata()));
      row.addIfNewer(change);
    } else if (change.event() instanceof SessionEvent.Closed closed) {
      Row row = row(CLOSE, change).time(closed.at()).text(closed.reason()).time(closed.at());
      row.addIfNewer(change);
    } else if (change.event() instanceof SessionEvent.RunSwapped swapped) {
      row(SWAP_RUN, change).text(swapped.runId()).time(swapped.at()).addIfNewer(change);
    } else if (change.event() instanceof SessionEvent.Touched touched) {
      row(MOVE_END, change).time(touched.lifetime().expiresAt()).addIfNewer(change);
    } else if (change.event() instanceof SessionEvent.TimeoutChanged changed) {
      row(MOVE_END, change).time(changed.lifetime().expiresAt()).addIfNewer(change);
    } else if (change.event() instanceof SessionEvent.Expired expired) {
      Row row = row(EXPIRE, change).time(expired.expiresAt()).time(expired.expiresAt());
      row.addIfNewer(change);
    }
  }

  /** Keeps the order of a session's changes, which may lie in the batches of two statements. */
  private Row row(String sql, IndexChange change) throws SQLException {
    PreparedStatement statement = statement(sql);
    PreparedStatement earlier = pending.get(change.id());
    if (earlier != null && earlier != statement) {
      flush();
    }
    pending.put(change.id(), statement);
    return new Row(statement);
  }

  private PreparedStatement statement(String sql) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    return statement;
  }

  private void flush() throws SQLException {
    for (PreparedStatement statement : statements.values()) {
      statement.executeBatch();
    }
    pending.clear();
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : statements.values()) {
      statement.close();
    }
  }

  /** Sets the parameters of a statement from the first to the last. */
  private static final class Row {
    private final PreparedStatement statement;
    private int index = 1;

    Row(PreparedStatement statement) {
      this.statement = statement;
    }

    Row text(@Nullable String text) throws SQLException {
      statement.setString(index++, text);
      return this;
    }

    Row texts(List<String> texts) throws SQLException {
      Object[] values = texts.toArray();
      statement.setArray(index++, statement.getConnection().createArrayOf("text", values));
      return this;
    }

    Row time(@Nullable Instant time) throws SQLException {
      if (time == null) {
        statement.setNull(index++, Types.BIGINT);
        return this;
      }
      return number(time.toEpochMilli());
    }

    Row truth(boolean value) throws SQLException {
      statement.setBoolean(index++, value);
      return this;
    }

    Row number(long number) throws SQLException {
      statement.setLong(index++, number);
      return this;
    }

    void addIfNewer(IndexChange change) throws SQLException {
      number(change.version());
      text(change.id().environmentId()).text(change.id().friendlyId()).number(change.version());
      statement.addBatch();
    }
  }
}
