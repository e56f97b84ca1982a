package dev.parley;

import dev.parley.entity.SessionEntity;
import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.DueIndex;
import dev.parley.journal.EventCodec;
import dev.parley.session.RunId;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.Waitpoint;
import dev.parley.session.WaitpointId;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Sessions that were never awake: written to the tables in bulk, as a server would have left them
 * long ago. Their events have no tags, since nobody is to read them again.
 */
public final class StoredSessions implements AutoCloseable {
  private static final int BULK = 20_000;

  private static final String JOURNAL =
      "COPY event_journal (persistence_id, sequence_number, writer, write_timestamp,"
          + " adapter_manifest, event_ser_id, event_ser_manifest, event_payload) FROM STDIN";
  private static final String INDEX =
      "COPY session_index (environment_id, friendly_id, type, task_identifier, trigger_config,"
          + " tags, current_run_id, created_at, updated_at, version) FROM STDIN";
  private static final String DUE =
      "COPY session_due (environment_id, friendly_id, slice, due_at, version) FROM STDIN";

  private final String environmentId;
  private final Connection connection;
  private final CopyManager copy;
  private final SessionInfo info;
  private final SessionEvent created;
  private final String createdPayload;
  private final StringBuilder journal = new StringBuilder();
  private final StringBuilder index = new StringBuilder();
  private final StringBuilder due = new StringBuilder();
  private int waiting;

  public StoredSessions(DatabaseAddress database, String environmentId) throws SQLException {
    this.environmentId = environmentId;
    this.connection =
        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    this.copy = connection.unwrap(PGConnection.class).getCopyAPI();
    Instant at = Instant.now().minusSeconds(3_600);
    this.info =
        new SessionInfo(
            null,
            "stored",
            "stored",
            "{}",
            List.of("stored"),
            null,
            RunId.mint(environmentId),
            at,
            at,
            null,
            null,
            null,
            null);
    this.created = new SessionEvent.Created(info, null, null);
    this.createdPayload = hex(created);
  }

  /**
   * Stores another session.
   *
   * @param deadline of a waiter it has; null for a session without one
   */
  public SessionId add(@Nullable Instant deadline) throws SQLException, IOException {
    SessionId session = SessionId.random(environmentId);
    event(session, 1, created, createdPayload);
    row(index, session)
        .append("stored\tstored\t{}\t{stored}\t")
        .append(info.currentRunId())
        .append('\t')
        .append(info.createdAt().toEpochMilli())
        .append('\t')
        .append(info.updatedAt().toEpochMilli())
        .append("\t1\n");
    if (deadline != null) {
      Waitpoint waitpoint =
          new Waitpoint(
              WaitpointId.mint(session),
              null,
              -1,
              info.createdAt(),
              deadline,
              List.of(),
              null,
              null,
              null,
              null);
      SessionEvent registered = new SessionEvent.WaitpointCreated(waitpoint);
      event(session, 2, registered, hex(registered));
      row(due, session)
          .append(DueIndex.slice(session))
          .append('\t')
          .append(deadline.toEpochMilli())
          .append("\t1\n");
    }
    if (++waiting == BULK) {
      flush();
    }
    return session;
  }

  private void event(SessionId session, int sequenceNumber, SessionEvent event, String payload) {
    journal
        .append(SessionEntity.persistenceId(session).id())
        .append('\t')
        .append(sequenceNumber)
        .append("\tstored\t")
        .append(info.createdAt().toEpochMilli())
        .append("\t\t")
        // The serializer of events.
        .append(8_450_001)
        .append('\t')
        .append(EventCodec.manifest(event))
        .append('\t')
        .append(payload)
        .append('\n');
  }

  private StringBuilder row(StringBuilder table, SessionId session) {
    return table.append(environmentId).append('\t').append(session.friendlyId()).append('\t');
  }

  private static String hex(SessionEvent event) {
    return "\\\\x" + HexFormat.of().formatHex(EventCodec.encode(event));
  }

  /** Writes what was added. */
  public void flush() throws SQLException, IOException {
    connection.setAutoCommit(false);
    copy(JOURNAL, journal);
    copy(INDEX, index);
    copy(DUE, due);
    connection.commit();
    connection.setAutoCommit(true);
    waiting = 0;
  }

  private void copy(String sql, StringBuilder lines) throws SQLException, IOException {
    copy.copyIn(sql, new StringReader(lines.toString()));
    lines.setLength(0);
  }

  @Override
  public void close() throws SQLException, IOException {
    flush();
    connection.close();
  }
}
