package dev.parley.journal;

import dev.parley.session.StreamAppend;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/** Reads the records of all streams of a session in the order in which they were committed. */
public final class RecordJournal {
  /** A page ends behind the event that reaches it; an event holds about 1 MiB at most. */
  private static final int PAGE_BYTES = 1_048_576;

  private static final int FIRST_ROWS = 8;
  private static final int MAX_ROWS = 500;

  private final DataSource dataSource;
  private final Executor executor;

  /**
   * @param executor runs the blocking queries
   */
  public RecordJournal(DataSource dataSource, Executor executor) {
    this.dataSource = dataSource;
    this.executor = executor;
  }

  /**
   * Where to read on.
   *
   * @param version of the first event to look at
   * @param rows how many events to fetch at once
   */
  public record Place(long version, int rows) {
    /** At an event, of whose size nothing is known. */
    public static Place at(long version) {
      return new Place(version, FIRST_ROWS);
    }
  }

  /**
   * @param appends in the order of the journal; records that a trim took may be missing
   * @param next where the next page begins; behind the range when this was the last
   */
  public record Page(List<StreamAppend> appends, Place next) {}

  /**
   * Reads one page on the executor. Fails with {@link SQLException} when the database does.
   *
   * @param toVersion of the last event to look at
   */
  public CompletionStage<Page> read(String persistenceId, Place from, long toVersion) {
    return ConnectionWork.on(
        executor, dataSource, connection -> read(connection, persistenceId, from, toVersion));
  }

  private static Page read(Connection connection, String persistenceId, Place from, long toVersion)
      throws SQLException {
    List<StreamAppend> appends = new ArrayList<>();
    long next = toVersion + 1;
    int seen = 0;
    long bytes = 0;
    try (RecordEvents events = new RecordEvents(connection);
        ResultSet rows = events.select(persistenceId, from.version(), toVersion, from.rows())) {
      while (rows.next()) {
        byte[] payload = rows.getBytes(2);
        bytes += payload.length;
        seen++;
        appends.addAll(RecordEvents.appends(payload));
        if (seen == from.rows()) {
          next = rows.getLong(1) + 1;
        }
      }
    }
    long fitting = seen == 0 ? FIRST_ROWS : (long) PAGE_BYTES * seen / Math.max(1, bytes);
    return new Page(appends, new Place(next, (int) Math.max(1, Math.min(MAX_ROWS, fitting))));
  }
}
