package dev.parley.projection.activity;

import dev.parley.journal.JournalFeed;
import dev.parley.projection.PurgedFigures;
import dev.parley.session.Direction;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.TurnOutcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a batch of events comes to for each session and minute. */
final class ActivitySums {
  private static final long MINUTE = 60_000;

  private static final String ADD =
      """
      insert into session_activity as known (environment_id, friendly_id, minute, created, expired,
        closed, messages, records_in, bytes_in, records_out, bytes_out)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict (environment_id, minute, friendly_id) do update set
        created = known.created + excluded.created,
        expired = known.expired + excluded.expired,
        closed = known.closed + excluded.closed,
        messages = known.messages + excluded.messages,
        records_in = known.records_in + excluded.records_in,
        bytes_in = known.bytes_in + excluded.bytes_in,
        records_out = known.records_out + excluded.records_out,
        bytes_out = known.bytes_out + excluded.bytes_out
      """;

  private static final String ADD_TURN =
      """
      insert into session_turn (environment_id, friendly_id, version, ended_at, took_ms)
      values (?, ?, ?, ?, ?) on conflict do nothing
      """;

  private record Key(SessionId session, long minute) {}

  /** In the order of the columns. */
  private static final class Sum {
    private final long[] values = new long[8];

    void add(int column, long value) {
      values[column] += value;
    }
  }

  private static final int CREATED = 0;
  private static final int EXPIRED = 1;
  private static final int CLOSED = 2;
  private static final int MESSAGES = 3;
  private static final int RECORDS_IN = 4;
  private static final int BYTES_IN = 5;
  private static final int RECORDS_OUT = 6;
  private static final int BYTES_OUT = 7;

  private final Map<Key, Sum> sums = new HashMap<>();
  private final List<ActivityEvent> turns = new ArrayList<>();
  private final List<SessionId> purged = new ArrayList<>();

  void add(ActivityEvent event) {
    switch (event.kind()) {
      case CREATED -> sum(event).add(CREATED, 1);
      case EXPIRED -> sum(event).add(EXPIRED, 1);
      case CLOSED -> sum(event).add(CLOSED, 1);
      case RECORDS -> {
        if (event.isWriting()) {
          addRecords(sum(event), event);
        }
      }
      case TURN_ENDED -> {
        if (event.outcome().equals(ActivityEvent.label(TurnOutcome.ANSWERED))) {
          turns.add(event);
        }
      }
      default -> {
        // Of no interest to the figures.
      }
    }
  }

  private static void addRecords(Sum sum, ActivityEvent event) {
    boolean in = Objects.requireNonNull(event.channel()).direction() == Direction.IN;
    sum.add(MESSAGES, event.messages());
    sum.add(in ? RECORDS_IN : RECORDS_OUT, event.count());
    sum.add(in ? BYTES_IN : BYTES_OUT, event.bytes());
  }

  private Sum sum(ActivityEvent event) {
    long minute = Math.floorDiv(event.at().toEpochMilli(), MINUTE) * MINUTE;
    return sums.computeIfAbsent(new Key(event.session(), minute), key -> new Sum());
  }

  /**
   * Forgets what came before. The rows of earlier events may have been made copies of this event,
   * which say nothing new.
   */
  void purge(SessionEvent.Purged event, JournalFeed.Row row) {
    if (event.version() == row.version()) {
      sums.keySet().removeIf(key -> key.session().equals(row.session()));
      turns.removeIf(turn -> turn.session().equals(row.session()));
      purged.add(row.session());
    }
  }

  /** Writes all of it, without a commit. */
  void write(Connection connection) throws SQLException {
    PurgedFigures.remove(connection, purged);
    try (PreparedStatement add = connection.prepareStatement(ADD)) {
      for (Map.Entry<Key, Sum> entry : sums.entrySet()) {
        add.setString(1, entry.getKey().session().environmentId());
        add.setString(2, entry.getKey().session().friendlyId());
        add.setLong(3, entry.getKey().minute());
        long[] values = entry.getValue().values;
        for (int i = 0; i < values.length; i++) {
          add.setLong(4 + i, values[i]);
        }
        add.addBatch();
      }
      add.executeBatch();
    }
    try (PreparedStatement add = connection.prepareStatement(ADD_TURN)) {
      for (ActivityEvent turn : turns) {
        add.setString(1, turn.session().environmentId());
        add.setString(2, turn.session().friendlyId());
        add.setLong(3, turn.version());
        add.setLong(4, turn.at().toEpochMilli());
        add.setLong(5, Objects.requireNonNull(turn.took()).toMillis());
        add.addBatch();
      }
      add.executeBatch();
    }
  }
}
