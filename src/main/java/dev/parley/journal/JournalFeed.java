package dev.parley.journal;

import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Everything that happened to sessions, in the order of the journal, without their records: of an
 * event of records comes its summary. One slice of the sessions at a time. Costs those who write
 * nothing, since it needs no tags.
 */
public final class JournalFeed {
  /** Slices of the sessions. Which one a session is in follows from the last digit of its id. */
  public static final int SLICES = 4;

  /** Numbers that one look goes through; those of other slices are passed by. */
  private static final long MAX_SPAN = 200_000;

  private static final String SQL =
      """
      SELECT ordering, persistence_id, sequence_number, write_timestamp, event_ser_manifest,
        CASE WHEN summary IS NULL THEN event_payload END, summary
      FROM event_journal
      WHERE ordering > ? AND ordering <= ? AND event_ser_id = ? AND NOT deleted
        AND (ascii(right(persistence_id, 1)) & 3) = ? AND persistence_id LIKE 'Session|%/%'
      ORDER BY ordering LIMIT ?
      """;

  private final DataSource dataSource;
  private final Executor executor;
  private final JournalFrontier frontier = new JournalFrontier();

  /**
   * An event where it stands.
   *
   * @param version its sequence number in the session
   * @param writtenAt by the clock of the machine that wrote it
   * @param payload null when there is a summary
   * @param summary null for all but events of records
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Row(
      long ordering,
      SessionId session,
      long version,
      Instant writtenAt,
      String manifest,
      byte @Nullable [] payload,
      byte @Nullable [] summary) {
    /** Whether it brought records. */
    public boolean hasRecords() {
      return manifest.equals(EventCodec.RECORDS_APPENDED);
    }

    /** Whether it purged the session, or is what a purge has left of another event. */
    public boolean isPurge() {
      return manifest.equals(EventCodec.PURGED);
    }

    /**
     * What it brought to each stream; nothing for an event of something else.
     *
     * @throws IllegalArgumentException when what is stored is damaged
     */
    public List<StreamSummary> streams() {
      if (!hasRecords()) {
        return List.of();
      }
      return StreamSummary.read(
          summary == null ? StreamSummary.summarize(Objects.requireNonNull(payload)) : summary);
    }

    /**
     * The event, if it is not one of records.
     *
     * @throws IllegalArgumentException when what is stored is damaged or of a later version
     */
    public SessionEvent event() {
      return EventCodec.decode(manifest, Objects.requireNonNull(payload));
    }
  }

  /**
   * What a look has found.
   *
   * @param after nothing of the slice lies between this number and the first event
   * @param end all of the slice up to this number is in it
   * @param more whether the next look need not wait
   */
  public record Batch(List<Row> rows, long after, long end, boolean more) {
    public Batch {
      rows = List.copyOf(rows);
    }

    /** The same events, said to follow a number that lies further back. */
    public Batch behind(long number) {
      return new Batch(rows, number, end, more);
    }
  }

  /**
   * @param executor runs the blocking queries
   */
  public JournalFeed(DataSource dataSource, Executor executor) {
    this.dataSource = dataSource;
    this.executor = executor;
  }

  /** The slice that a session is in. */
  public static int slice(SessionId session) {
    String id = session.friendlyId();
    return id.charAt(id.length() - 1) & (SLICES - 1);
  }

  /**
   * The next events of a slice of which it is certain that nothing can come before them any more.
   * Fails with {@link SQLException} when the database does.
   *
   * @param after the number behind which to begin
   * @param limit events at most
   */
  public CompletionStage<Batch> read(int slice, long after, int limit) {
    return ConnectionWork.on(
        executor,
        dataSource,
        connection -> {
          long settled = frontier.advance(connection);
          return settled <= after
              ? new Batch(List.of(), after, after, false)
              : read(connection, slice, after, settled, limit);
        });
  }

  private static Batch read(Connection connection, int slice, long after, long settled, int limit)
      throws SQLException {
    long to = Math.min(settled, after + MAX_SPAN);
    List<Row> rows = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(SQL)) {
      select.setLong(1, after);
      select.setLong(2, to);
      select.setInt(3, JournalSerializer.IDENTIFIER);
      select.setInt(4, slice);
      select.setInt(5, limit);
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          rows.add(row(found));
        }
      }
    }
    long end = rows.size() < limit ? to : rows.get(rows.size() - 1).ordering();
    return new Batch(rows, after, end, end < settled);
  }

  private static Row row(ResultSet found) throws SQLException {
    return new Row(
        found.getLong(1),
        StoredSessionId.known(found.getString(2)),
        found.getLong(3),
        Instant.ofEpochMilli(found.getLong(4)),
        found.getString(5),
        found.getBytes(6),
        found.getBytes(7));
  }
}
