package dev.parley.bench;

import dev.parley.StoredSessions;
import dev.parley.entity.SessionEntity;
import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.EventCodec;
import dev.parley.session.SessionEvent.WaitpointsTimedOut;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sessions that sleep, and for some of which something falls due. */
final class DueLoad {
  private static final String ENVIRONMENT = "env_default";

  private DueLoad() {}

  /**
   * Stores sessions for which nothing falls due for an hour, if at all.
   *
   * @param pending how many of them have a due time
   */
  static void fill(DatabaseAddress address, int sessions, int pending) throws Exception {
    Instant first = Instant.now().plusSeconds(3_600);
    int every = sessions / pending;
    try (StoredSessions stored = new StoredSessions(address, ENVIRONMENT)) {
      for (int i = 0; i < sessions; i++) {
        stored.add(i % every == 0 ? first.plusMillis(i) : null);
      }
    }
    try (Connection connection = connect(address);
        Statement statement = connection.createStatement()) {
      statement.execute("vacuum analyze");
    }
  }

  /** Stores further sessions with due times spread evenly; gives them by their persistence ids. */
  static Map<String, Instant> add(
      DatabaseAddress address, int sessions, Instant first, Duration spread) throws Exception {
    Map<String, Instant> deadlines = new HashMap<>();
    try (StoredSessions stored = new StoredSessions(address, ENVIRONMENT)) {
      for (int i = 0; i < sessions; i++) {
        Instant deadline = first.plusMillis(spread.toMillis() * i / sessions);
        deadlines.put(SessionEntity.persistenceId(stored.add(deadline)).id(), deadline);
      }
    }
    return deadlines;
  }

  /**
   * How late they were handled, once each.
   *
   * @throws IllegalStateException when one was not, or more than once
   */
  static Latencies lateness(DatabaseAddress address, Map<String, Instant> deadlines)
      throws SQLException {
    String manifest = EventCodec.manifest(new WaitpointsTimedOut(List.of(), Instant.EPOCH));
    Map<String, Instant> left = new HashMap<>(deadlines);
    Latencies lateness = new Latencies();
    try (Connection connection = connect(address);
        PreparedStatement select =
            connection.prepareStatement(
                "select persistence_id, event_payload from event_journal"
                    + " where event_ser_manifest = ?")) {
      select.setString(1, manifest);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          WaitpointsTimedOut event =
              (WaitpointsTimedOut) EventCodec.decode(manifest, rows.getBytes(2));
          Instant deadline = left.remove(rows.getString(1));
          if (deadline == null) {
            throw new IllegalStateException(rows.getString(1) + " was handled more than once");
          }
          lateness.add(Duration.between(deadline, event.at()).toNanos());
        }
      }
    }
    if (!left.isEmpty()) {
      throw new IllegalStateException(left.size() + " were not handled");
    }
    return lateness.sorted();
  }

  private static Connection connect(DatabaseAddress address) throws SQLException {
    return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }
}
