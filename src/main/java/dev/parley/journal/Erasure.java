package dev.parley.journal;

import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/**
 * Removes what the journal holds of purged sessions, in small steps, each a short transaction. What
 * is to be done stands in the table {@code session_purge}, so it goes on wherever it stopped.
 *
 * <p>Rows go from the newest to the oldest and snapshots last: a session that recovers meanwhile
 * finds a past that is shorter than it was but without gaps, and then the event that purged it.
 *
 * <p>The key of a row refuses an owner of the session that was overtaken, so a row that was written
 * lately does not go at once. It is made a copy of the event that purged the session, which holds
 * nothing, and goes when nobody can be so late any more.
 */
public final class Erasure {
  /** How long the key of a row stays taken after it was written. */
  public static final Duration KEYS_STAY = Duration.ofHours(1);

  private static final int STEP_ROWS = 500;

  /** Steps for one session before the others have their turn. */
  private static final int TURN_STEPS = 20;

  private static final int MAX_SESSIONS = 100;

  private static final String PUT =
      """
      INSERT INTO session_purge (environment_id, friendly_id, version, due_at) VALUES (?, ?, ?, 0)
      ON CONFLICT (environment_id, friendly_id) DO UPDATE
      SET version = excluded.version, due_at = 0 WHERE session_purge.version < excluded.version
      """;

  private static final String DUE =
      "SELECT environment_id, friendly_id, version FROM session_purge WHERE due_at <= ?"
          + " ORDER BY due_at LIMIT ?";

  private static final String STEP =
      """
      WITH next AS (
        SELECT persistence_id, sequence_number, ordering, coalesce(write_timestamp, 0) < ? AS old
        FROM event_journal
        WHERE persistence_id = ? AND sequence_number < ?
          AND (event_ser_manifest <> 'G' OR coalesce(write_timestamp, 0) < ?)
        ORDER BY sequence_number DESC
        LIMIT ?),
      untagged AS (
        DELETE FROM event_tag USING next WHERE event_id = next.ordering),
      emptied AS (
        UPDATE event_journal AS stored
        SET event_ser_manifest = 'G', event_payload = ?, adapter_manifest = '',
            summary = NULL,
            meta_ser_id = NULL, meta_ser_manifest = NULL, meta_payload = NULL
        FROM next
        WHERE NOT next.old AND stored.persistence_id = next.persistence_id
          AND stored.sequence_number = next.sequence_number),
      gone AS (
        DELETE FROM event_journal AS stored USING next
        WHERE next.old AND stored.persistence_id = next.persistence_id
          AND stored.sequence_number = next.sequence_number)
      SELECT count(*) FROM next
      """;

  private static final String DROP_SNAPSHOTS =
      "DELETE FROM snapshot WHERE persistence_id = ? AND sequence_number < ?";

  private static final String KEYS_LEFT =
      "SELECT exists(SELECT 1 FROM event_journal WHERE persistence_id = ? AND sequence_number < ?)";

  private static final String UNCHANGED =
      " WHERE environment_id = ? AND friendly_id = ? AND version = ?";
  private static final String LATER = "UPDATE session_purge SET due_at = ?" + UNCHANGED;
  private static final String DONE = "DELETE FROM session_purge" + UNCHANGED;

  private final DataSource dataSource;
  private final Executor executor;
  private final Clock clock;

  private record Purge(SessionId session, long version) {
    String persistenceId() {
      return StoredSessionId.of(session);
    }
  }

  /**
   * @param executor runs the blocking statements
   * @param clock the one by which the journal dates its rows
   */
  public Erasure(DataSource dataSource, Executor executor, Clock clock) {
    this.dataSource = dataSource;
    this.executor = executor;
    this.clock = clock;
  }

  /**
   * Notes that all rows of a session below a version are to go, within the transaction of the
   * connection.
   */
  public static void put(Connection connection, SessionId session, long version)
      throws SQLException {
    try (PreparedStatement put = connection.prepareStatement(PUT)) {
      put.setString(1, session.environmentId());
      put.setString(2, session.friendlyId());
      put.setLong(3, version);
      put.executeUpdate();
    }
  }

  /**
   * Does what is to be done now, or a part of it. Fails when the database does.
   *
   * @return whether there is more
   */
  public CompletionStage<Boolean> work() {
    return ConnectionWork.on(
        executor,
        dataSource,
        connection -> {
          List<Purge> due = due(connection);
          boolean more = due.size() == MAX_SESSIONS;
          for (Purge purge : due) {
            more |= !turn(connection, purge);
          }
          return more;
        });
  }

  private List<Purge> due(Connection connection) throws SQLException {
    List<Purge> due = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(DUE)) {
      select.setLong(1, clock.millis());
      select.setInt(2, MAX_SESSIONS);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          due.add(new Purge(new SessionId(rows.getString(1), rows.getString(2)), rows.getLong(3)));
        }
      }
    }
    return due;
  }

  /** Whether the session needs no further turn for now. */
  private boolean turn(Connection connection, Purge purge) throws SQLException {
    Instant now = clock.instant();
    for (int step = 0; step < TURN_STEPS; step++) {
      if (step(connection, purge, now) < STEP_ROWS) {
        finish(connection, purge, now);
        return true;
      }
    }
    return false;
  }

  private static long step(Connection connection, Purge purge, Instant now) throws SQLException {
    long old = now.minus(KEYS_STAY).toEpochMilli();
    byte[] empty = EventCodec.encode(new SessionEvent.Purged(purge.version(), now));
    try (PreparedStatement step = connection.prepareStatement(STEP)) {
      step.setLong(1, old);
      step.setString(2, purge.persistenceId());
      step.setLong(3, purge.version());
      step.setLong(4, old);
      step.setInt(5, STEP_ROWS);
      step.setBytes(6, empty);
      try (ResultSet rows = step.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  private static void finish(Connection connection, Purge purge, Instant now) throws SQLException {
    try (PreparedStatement drop = connection.prepareStatement(DROP_SNAPSHOTS)) {
      drop.setString(1, purge.persistenceId());
      drop.setLong(2, purge.version());
      drop.executeUpdate();
    }
    boolean later = keysLeft(connection, purge);
    try (PreparedStatement settle = connection.prepareStatement(later ? LATER : DONE)) {
      int index = 1;
      if (later) {
        settle.setLong(index++, now.plus(KEYS_STAY).toEpochMilli());
      }
      settle.setString(index++, purge.session().environmentId());
      settle.setString(index++, purge.session().friendlyId());
      settle.setLong(index, purge.version());
      settle.executeUpdate();
    }
  }

  private static boolean keysLeft(Connection connection, Purge purge) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(KEYS_LEFT)) {
      select.setString(1, purge.persistenceId());
      select.setLong(2, purge.version());
      try (ResultSet rows = select.executeQuery()) {
        rows.next();
        return rows.getBoolean(1);
      }
    }
  }
}
