package dev.parley.journal;

import dev.parley.session.SessionId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Which sleeping sessions must be woken, and when: the table {@code session_due}. An entry may be
 * too early or useless, but never too late: a session that is woken says what is right.
 */
public final class DueIndex {
  /** Workers that share the entries. */
  public static final int SLICES = 4;

  private static final String PUT =
      """
      INSERT INTO session_due (environment_id, friendly_id, slice, due_at, version)
      VALUES (?, ?, ?, ?, 1)
      ON CONFLICT (environment_id, friendly_id) DO UPDATE
      SET due_at = least(session_due.due_at, excluded.due_at), version = session_due.version + 1
      """;

  private static final String DUE =
      """
      SELECT environment_id, friendly_id, due_at, version
      FROM session_due WHERE slice = ? AND due_at <= ? ORDER BY due_at LIMIT ?
      """;

  /** A version alone may be that of an entry which came after this one was removed. */
  private static final String UNCHANGED =
      " WHERE environment_id = ? AND friendly_id = ? AND version = ? AND due_at = ?";

  private static final String MOVE =
      "UPDATE session_due SET due_at = ?, version = version + 1" + UNCHANGED;

  private static final String REMOVE = "DELETE FROM session_due" + UNCHANGED;

  private static final String FORGET =
      "DELETE FROM session_due WHERE environment_id = ? AND friendly_id = ?";

  private final DataSource dataSource;
  private final Executor executor;

  /**
   * One entry.
   *
   * @param version of the entry when it was read
   */
  public record Entry(SessionId session, Instant dueAt, long version) {}

  /**
   * @param executor runs the blocking statements
   */
  public DueIndex(DataSource dataSource, Executor executor) {
    this.dataSource = dataSource;
    this.executor = executor;
  }

  /** The slice of a session. */
  public static int slice(SessionId session) {
    return Math.floorMod(session.friendlyId().hashCode(), SLICES);
  }

  /**
   * Notes that sessions have to be awake at these times, unless they have to be earlier anyway.
   * Within the transaction of the connection.
   */
  public static void put(Connection connection, Map<SessionId, Instant> dueTimes)
      throws SQLException {
    if (dueTimes.isEmpty()) {
      return;
    }
    try (PreparedStatement put = connection.prepareStatement(PUT)) {
      for (Map.Entry<SessionId, Instant> due : dueTimes.entrySet()) {
        put.setString(1, due.getKey().environmentId());
        put.setString(2, due.getKey().friendlyId());
        put.setInt(3, slice(due.getKey()));
        put.setLong(4, due.getValue().toEpochMilli());
        put.addBatch();
      }
      put.executeBatch();
    }
  }

  /** Forgets a session, within the transaction of the connection. */
  public static void remove(Connection connection, SessionId session) throws SQLException {
    try (PreparedStatement remove = connection.prepareStatement(FORGET)) {
      remove.setString(1, session.environmentId());
      remove.setString(2, session.friendlyId());
      remove.executeUpdate();
    }
  }

  /** The entries of a slice that are due, earliest first. Fails when the database does. */
  public CompletionStage<List<Entry>> due(int slice, Instant now, int limit) {
    return ConnectionWork.on(
        executor,
        dataSource,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(DUE)) {
            select.setInt(1, slice);
            select.setLong(2, now.toEpochMilli());
            select.setInt(3, limit);
            return entries(select);
          }
        });
  }

  /** The earliest entry of all that is due. */
  public CompletionStage<Optional<Entry>> earliest(Instant now) {
    return ConnectionWork.on(
        executor,
        dataSource,
        connection -> {
          List<Entry> earliest = new ArrayList<>();
          for (int slice = 0; slice < SLICES; slice++) {
            try (PreparedStatement select = connection.prepareStatement(DUE)) {
              select.setInt(1, slice);
              select.setLong(2, now.toEpochMilli());
              select.setInt(3, 1);
              earliest.addAll(entries(select));
            }
          }
          return earliest.stream().min(Comparator.comparing(Entry::dueAt));
        });
  }

  /**
   * Replaces an entry that was dealt with, unless it has changed since it was read.
   *
   * @param nextDue null removes it
   */
  public CompletionStage<Boolean> settle(Entry entry, @Nullable Instant nextDue) {
    return ConnectionWork.on(
        executor,
        dataSource,
        connection -> {
          try (PreparedStatement change =
              connection.prepareStatement(nextDue == null ? REMOVE : MOVE)) {
            int index = 1;
            if (nextDue != null) {
              change.setLong(index++, nextDue.toEpochMilli());
            }
            change.setString(index++, entry.session().environmentId());
            change.setString(index++, entry.session().friendlyId());
            change.setLong(index++, entry.version());
            change.setLong(index, entry.dueAt().toEpochMilli());
            return change.executeUpdate() == 1;
          }
        });
  }

  private static List<Entry> entries(PreparedStatement select) throws SQLException {
    List<Entry> entries = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        entries.add(
            new Entry(
                new SessionId(rows.getString(1), rows.getString(2)),
                Instant.ofEpochMilli(rows.getLong(3)),
                rows.getLong(4)));
      }
    }
    return entries;
  }
}
