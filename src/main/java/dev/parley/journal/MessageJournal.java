package dev.parley.journal;

import dev.parley.session.Channel;
import dev.parley.session.SequencedRecord;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.StreamAppend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/**
 * Reads the messages of a session in the order of their time, those of {@code .in} and {@code .out}
 * alike (eliza.md section 6.3). The index leads to them past everything that lies between, so a
 * page costs as much as it holds, at any depth, and shows every message that was acknowledged.
 */
public final class MessageJournal {
  private static final String SQL =
      """
      SELECT t.tag, j.event_payload
      FROM event_tag t JOIN event_journal j ON j.ordering = t.event_id
      WHERE t.tag COLLATE "C" > ? AND t.tag COLLATE "C" < ?
        AND t.tag >= 'm:' AND t.tag < 'm;' AND j.sequence_number > ?
      ORDER BY t.tag COLLATE "C" %1$s, t.event_id %1$s
      LIMIT ?
      """;

  private final DataSource dataSource;
  private final Executor executor;

  /**
   * @param executor runs the blocking queries
   */
  public MessageJournal(DataSource dataSource, Executor executor) {
    this.dataSource = dataSource;
    this.executor = executor;
  }

  /**
   * Which messages.
   *
   * @param generation of the session; what was said before a purge is not found, although it may be
   *     there for a moment
   * @param after only newer ones; Unix milliseconds, -1 for all
   * @param before only older ones; {@link Long#MAX_VALUE} for all
   * @param oldestFirst which of them, if there are more than the limit: the oldest or the newest
   * @param limit at least 1
   * @param trimPoints the first surviving record of streams that were trimmed
   */
  public record Query(
      SessionId session,
      long generation,
      long after,
      long before,
      boolean oldestFirst,
      int limit,
      Map<Channel, Long> trimPoints) {
    public Query {
      trimPoints = Map.copyOf(trimPoints);
    }
  }

  /** A message where it stands. The record's timestamp is the time of its creation. */
  public record Found(Channel channel, SequencedRecord record) {}

  /**
   * @param messages the newest first
   * @param more whether the limit kept others out
   */
  public record Page(List<Found> messages, boolean more) {}

  /** Reads on the executor. Fails with {@link SQLException} when the database does. */
  public CompletionStage<Page> read(Query query) {
    return ConnectionWork.on(executor, dataSource, connection -> read(connection, query));
  }

  private static Page read(Connection connection, Query query) throws SQLException {
    List<Found> found = new ArrayList<>();
    String after = EventTags.message(query.session(), Math.max(-1, query.after()));
    if (query.after() < 0) {
      after = "m:" + query.session().friendlyId() + ":";
    }
    String before = EventTags.message(query.session(), Math.max(0, query.before()));
    String sql = SQL.formatted(query.oldestFirst() ? "ASC" : "DESC");
    // Trimmed messages have left their tags behind, so it may take more than one look.
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      boolean rest = true;
      while (rest && found.size() <= query.limit()) {
        int wanted = query.limit() + 1 - found.size();
        statement.setString(1, after);
        statement.setString(2, before);
        statement.setLong(3, query.generation());
        statement.setInt(4, wanted);
        int seen = 0;
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            String tag = rows.getString(1);
            after = query.oldestFirst() ? tag : after;
            before = query.oldestFirst() ? before : tag;
            add(found, query, tag, rows.getBytes(2));
            seen++;
          }
        }
        rest = seen == wanted;
      }
    }
    boolean more = found.size() > query.limit();
    List<Found> page = new ArrayList<>(more ? found.subList(0, query.limit()) : found);
    if (query.oldestFirst()) {
      Collections.reverse(page);
    }
    return new Page(page, more);
  }

  private static void add(List<Found> found, Query query, String tag, byte[] payload) {
    SessionEvent event = EventCodec.decode(EventCodec.RECORDS_APPENDED, payload);
    List<Found> ofTag = new ArrayList<>();
    for (StreamAppend append : ((SessionEvent.RecordsAppended) event).appends()) {
      long surviving = query.trimPoints().getOrDefault(append.channel(), 0L);
      for (int i = 0; i < append.records().size(); i++) {
        StreamAppend.Entry entry = append.records().get(i);
        long seq = append.firstSeq() + i;
        if (entry.message()
            && seq >= surviving
            && EventTags.message(query.session(), entry.timestamp()).equals(tag)) {
          ofTag.add(
              new Found(
                  append.channel(), new SequencedRecord(seq, entry.timestamp(), entry.content())));
        }
      }
    }
    if (!query.oldestFirst()) {
      ofTag.sort(Comparator.comparingLong((Found one) -> one.record().seq()).reversed());
    }
    found.addAll(ofTag);
  }
}
