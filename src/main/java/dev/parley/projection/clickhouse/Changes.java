package dev.parley.projection.clickhouse;

import dev.parley.journal.JournalFeed;
import dev.parley.journal.StreamSummary;
import dev.parley.projection.activity.ActivityEvent;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a batch of events changes in the tables.
 *
 * @param events the rows of events, without those of sessions that were purged behind them
 * @param versions the newest version of each session whose row has changed
 * @param streams what was appended to the streams of these sessions, in its order
 * @param purged the version of the purge of each session that was purged
 * @param life the events of the batch that the index knows
 */
record Changes(
    List<ActivityEvent> events,
    Map<SessionId, Long> versions,
    Map<SessionId, List<StreamSummary>> streams,
    Map<SessionId, Long> purged,
    List<JournalFeed.Row> life) {

  /**
   * @param rows in the order of the journal
   * @throws IllegalArgumentException when one of them is damaged or of a later version
   */
  static Changes of(List<JournalFeed.Row> rows) {
    Changes changes =
        new Changes(
            new ArrayList<>(),
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new ArrayList<>());
    rows.forEach(changes::add);
    return changes;
  }

  private void add(JournalFeed.Row row) {
    if (row.isPurge()) {
      addPurge(row);
      return;
    }
    versions.put(row.session(), row.version());
    if (row.hasRecords()) {
      List<StreamSummary> appended = row.streams();
      streams.computeIfAbsent(row.session(), any -> new ArrayList<>()).addAll(appended);
      events.addAll(ActivityEvent.of(row, appended));
    } else {
      life.add(row);
      events.addAll(ActivityEvent.of(row));
    }
  }

  private void addPurge(JournalFeed.Row row) {
    // The rows of earlier events may have been made copies of the one that purged the session.
    if (((SessionEvent.Purged) row.event()).version() == row.version()) {
      events.removeIf(event -> event.session().equals(row.session()));
      versions.remove(row.session());
      streams.remove(row.session());
      purged.put(row.session(), row.version());
      life.add(row);
    }
  }

  /** The sessions whose rows have changed. */
  Set<SessionId> sessions() {
    return versions.keySet();
  }
}
