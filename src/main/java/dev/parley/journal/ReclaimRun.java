package dev.parley.journal;

import dev.parley.session.Channel;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Carries out a {@link Reclaim} in small steps. A row is never deleted, only its payload made
 * smaller: its key is what refuses an owner that was overtaken.
 */
final class ReclaimRun {
  private static final int STEP_ROWS = 256;

  /** The payload at which a step ends; it takes one event more at most. */
  private static final int STEP_BYTES = 4 << 20;

  private static final String DROP_SNAPSHOTS =
      "DELETE FROM snapshot WHERE persistence_id = ? AND sequence_number < ?";

  // Sizes come without the payloads, so what a step does not take is not read either.
  private static final String SELECT =
      """
      SELECT sequence_number, event_payload
      FROM (
        SELECT sequence_number, event_payload, octet_length(event_payload) AS size,
               sum(octet_length(event_payload)) OVER (ORDER BY sequence_number) AS total
        FROM (
          SELECT sequence_number, event_payload
          FROM event_journal
          WHERE persistence_id = ? AND sequence_number BETWEEN ? AND ?
            AND event_ser_manifest = 'A' AND octet_length(event_payload) > ?
          ORDER BY sequence_number
          LIMIT ?) AS next) AS summed
      WHERE total - size < ?
      ORDER BY sequence_number
      """;

  // One statement and so one short transaction: who follows the order of the journal waits for its
  // writers. Payloads only ever become smaller, so one of the size that was read is the one that
  // was read, even if another node does the same work; one that a purge has emptied is none of
  // them.
  private static final String UPDATE =
      """
      UPDATE event_journal AS stored
      SET event_payload = rest.payload
      FROM unnest(?::bigint[], ?::int[], ?::bytea[]) AS rest(sequence_number, size, payload)
      WHERE stored.persistence_id = ? AND stored.sequence_number BETWEEN ? AND ?
        AND stored.sequence_number = rest.sequence_number
        AND octet_length(stored.event_payload) = rest.size AND stored.event_ser_manifest = 'A'
      """;

  private final Reclaim reclaim;
  private final Map<Channel, Long> trimPoints;
  private final List<Reclaim.Range> ranges;
  private int range;
  private long nextVersion;

  ReclaimRun(Reclaim reclaim) {
    this.reclaim = reclaim;
    this.trimPoints = reclaim.trimPoints();
    this.ranges = reclaim.ranges();
  }

  /** Does the next step, and says whether it was the last. */
  boolean step(Connection connection) throws SQLException {
    if (range == 0 && nextVersion == 0) {
      dropSnapshots(connection);
    }
    if (range == ranges.size()) {
      return true;
    }
    Reclaim.Range current = ranges.get(range);
    nextVersion = Math.max(nextVersion, current.fromVersion());
    Rewritten rewritten = new Rewritten();
    if (!read(connection, current, rewritten)) {
      range++;
      return range == ranges.size();
    }
    if (!rewritten.versions.isEmpty()) {
      write(connection, rewritten);
    }
    return false;
  }

  private void dropSnapshots(Connection connection) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(DROP_SNAPSHOTS)) {
      delete.setString(1, reclaim.persistenceId());
      delete.setLong(2, reclaim.version());
      delete.executeUpdate();
    }
  }

  /** Events that become smaller: their numbers, sizes so far and new payloads. */
  private static final class Rewritten {
    final List<Long> versions = new ArrayList<>();
    final List<Integer> sizes = new ArrayList<>();
    final List<byte[]> payloads = new ArrayList<>();
  }

  /** Looks at the next events; false when the range holds no more. */
  private boolean read(Connection connection, Reclaim.Range current, Rewritten rewritten)
      throws SQLException {
    boolean any = false;
    try (PreparedStatement select = connection.prepareStatement(SELECT)) {
      select.setString(1, reclaim.persistenceId());
      select.setLong(2, nextVersion);
      select.setLong(3, current.toVersion());
      select.setInt(4, TrimmedPayload.EMPTIED_SIZE);
      select.setInt(5, STEP_ROWS);
      select.setInt(6, STEP_BYTES);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          any = true;
          long version = rows.getLong(1);
          byte[] payload = rows.getBytes(2);
          nextVersion = version + 1;
          TrimmedPayload.of(payload, trimPoints)
              .ifPresent(
                  rest -> {
                    rewritten.versions.add(version);
                    rewritten.sizes.add(payload.length);
                    rewritten.payloads.add(rest);
                  });
        }
      }
    }
    return any;
  }

  private void write(Connection connection, Rewritten rewritten) throws SQLException {
    int last = rewritten.versions.size() - 1;
    try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
      update.setArray(1, connection.createArrayOf("int8", rewritten.versions.toArray(Long[]::new)));
      update.setArray(2, connection.createArrayOf("int4", rewritten.sizes.toArray(Integer[]::new)));
      update.setArray(
          3, connection.createArrayOf("bytea", rewritten.payloads.toArray(byte[][]::new)));
      update.setString(4, reclaim.persistenceId());
      update.setLong(5, rewritten.versions.get(0));
      update.setLong(6, rewritten.versions.get(last));
      update.executeUpdate();
    }
  }
}
