package dev.parley.journal;

import dev.parley.session.Channel;
import dev.parley.session.SequencedRecord;
import dev.parley.session.StreamAppend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/**
 * Reads the records of a channel straight from the journal, so that a reader who catches up costs
 * the session's actor nothing. Whatever stands in the journal is durable.
 */
public final class ChannelJournal {
  /** Events fetched before their size is known; each holds at most about 1 MiB of records. */
  public static final int FIRST_ROWS = 16;

  private static final int MAX_ROWS = 2_000;

  /** The event that purged the session stands behind all that it made void. */
  private static final String PURGED =
      """
      SELECT exists(
        SELECT 1 FROM event_journal
        WHERE persistence_id = ? AND sequence_number > ? AND event_ser_manifest = 'G')
      """;

  private final DataSource dataSource;
  private final Executor executor;

  /**
   * @param executor runs the blocking queries
   */
  public ChannelJournal(DataSource dataSource, Executor executor) {
    this.dataSource = dataSource;
    this.executor = executor;
  }

  /**
   * What to read.
   *
   * @param fromSeq the first wanted record
   * @param toSeq the record after the last wanted one
   * @param fromVersion an event at or before the one that holds {@code fromSeq}
   * @param toVersion the last event to look at
   * @param maxRecords at which the page ends
   * @param maxBytes metered size that the page does not exceed, unless its first record does
   * @param rows how many events to fetch at once, {@link #FIRST_ROWS} or what the last page says
   */
  public record Query(
      String persistenceId,
      Channel channel,
      long fromSeq,
      long toSeq,
      long fromVersion,
      long toVersion,
      int maxRecords,
      int maxBytes,
      int rows) {}

  /**
   * @param records in order and without gaps; empty only when none is left in the range. The first
   *     comes after the wanted one when those between have been trimmed away.
   * @param nextVersion where the next page can begin to look
   * @param rows how many events of this size fill a page
   * @param purged whether the session was purged behind the range, so that nothing follows from
   *     what is missing
   */
  public record Page(List<SequencedRecord> records, long nextVersion, int rows, boolean purged) {}

  /** Reads one page on the executor. Fails with {@link SQLException} when the database does. */
  public CompletionStage<Page> read(Query query) {
    return ConnectionWork.on(executor, dataSource, connection -> read(connection, query));
  }

  private static Page read(Connection connection, Query query) throws SQLException {
    PageBuilder page = new PageBuilder(query);
    try (RecordEvents events = new RecordEvents(connection)) {
      long version = query.fromVersion();
      boolean more = true;
      while (more && !page.isComplete()) {
        int limit = page.rows();
        int seen = 0;
        try (ResultSet rows =
            events.select(query.persistenceId(), version, query.toVersion(), limit)) {
          while (!page.isComplete() && rows.next()) {
            version = rows.getLong(1) + 1;
            page.add(version - 1, rows.getBytes(2));
            seen++;
          }
        }
        more = seen == limit;
        if (!more && !page.isComplete()) {
          version = query.toVersion() + 1;
        }
      }
      return page.finish(version, page.isEmpty() && isPurged(connection, query));
    }
  }

  private static boolean isPurged(Connection connection, Query query) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(PURGED)) {
      statement.setString(1, query.persistenceId());
      statement.setLong(2, query.toVersion());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  /** Collects the wanted records until the page is full. */
  private static final class PageBuilder {
    private final Query query;
    private final List<SequencedRecord> records = new ArrayList<>();
    private long nextSeq;
    private long bytes;
    private boolean full;
    private long partlyReadVersion = -1;
    private boolean endsAtGap;
    private int rowsSeen;
    private long rowBytes;

    PageBuilder(Query query) {
      this.query = query;
      this.nextSeq = query.fromSeq();
    }

    boolean isComplete() {
      return nextSeq >= query.toSeq() || full || records.size() >= query.maxRecords() || endsAtGap;
    }

    /** As many events as will fill the page, judged by those seen. */
    int rows() {
      return rowsSeen == 0
          ? query.rows()
          : (int) Math.max(1, Math.min(MAX_ROWS, query.maxBytes() * (long) rowsSeen / rowBytes));
    }

    void add(long version, byte[] payload) {
      rowsSeen++;
      rowBytes += payload.length;
      for (StreamAppend append : RecordEvents.appends(payload)) {
        if (append.channel().equals(query.channel()) && append.endSeq() > nextSeq) {
          addFrom(append, version);
        }
      }
    }

    private void addFrom(StreamAppend append, long version) {
      // Whatever is missing was trimmed away while this page was read. The next one begins there.
      endsAtGap |= append.firstSeq() > nextSeq && !records.isEmpty();
      for (long seq = Math.max(nextSeq, append.firstSeq()); seq < append.endSeq(); seq++) {
        StreamAppend.Entry entry = append.records().get((int) (seq - append.firstSeq()));
        int size = entry.content().meteredSize();
        full |= !records.isEmpty() && bytes + size > query.maxBytes();
        if (isComplete()) {
          partlyReadVersion = version;
          return;
        }
        records.add(new SequencedRecord(seq, entry.timestamp(), entry.content()));
        bytes += size;
        nextSeq = seq + 1;
      }
    }

    boolean isEmpty() {
      return records.isEmpty();
    }

    Page finish(long version, boolean purged) {
      return new Page(
          records, partlyReadVersion >= 0 ? partlyReadVersion : version, rows(), purged);
    }
  }
}
