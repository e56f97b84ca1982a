package dev.parley.projection;

import dev.parley.journal.EventCodec;
import dev.parley.journal.EventTags;
import dev.parley.journal.JournalFeed;
import dev.parley.journal.StoredSessionId;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to the sessions of an environment and is not in a store yet. It is read from
 * the journal itself, so whoever lists sessions behind the answer to a creation, a change or a
 * close finds it, on any node.
 *
 * @param changed the ids of all of them
 * @param rows those that exist, as they are now
 * @param complete whether nothing was left out; the newest {@link #MAX_EVENTS} are looked at
 */
public record IndexTail(List<String> changed, List<CatalogRow> rows, boolean complete) {
  static final int MAX_EVENTS = 1_000;

  // Written out, the condition on the tag is that of a partial index.
  private static final String EVENTS =
      """
      with slices as (
        select tag, least(?, coalesce((
          select current_offset::bigint from pekko_projection_offset_store
          where projection_name = 'session-index' and projection_key = tag), 0)) as seen
        from unnest(?::text[]) as tag)
      select found.* from slices, lateral (
        select j.ordering, j.persistence_id, j.sequence_number, j.event_ser_manifest,
          j.event_payload
        from event_tag t join event_journal j on j.ordering = t.event_id
        where t.tag = slices.tag and t.event_id > slices.seen and t.tag like 'lifecycle-%'
        order by t.event_id desc limit ?) as found
      where starts_with(persistence_id, ?)
      order by ordering
      """;

  private record Change(long version, SessionEvent event) {
    /** Empty for a damaged event, which the projection will park. */
    static Optional<Change> read(ResultSet row) throws SQLException {
      long version = row.getLong(3);
      try {
        return Optional.of(
            new Change(version, EventCodec.decode(row.getString(4), row.getBytes(5))));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }

  /**
   * Reads it within the transaction of the connection.
   *
   * @param seen the number up to which the store has each slice of {@link JournalFeed}; null for
   *     the index itself
   */
  public static IndexTail read(Connection connection, String environmentId, long @Nullable [] seen)
      throws SQLException {
    long all = seen == null ? Long.MAX_VALUE : Arrays.stream(seen).min().orElse(0);
    Map<SessionId, List<Change>> changes = new LinkedHashMap<>();
    int events = 0;
    try (PreparedStatement select = connection.prepareStatement(EVENTS)) {
      select.setLong(1, all);
      select.setArray(2, connection.createArrayOf("text", EventTags.LIFECYCLE.toArray()));
      select.setInt(3, MAX_EVENTS);
      select.setString(4, StoredSessionId.prefix(environmentId));
      try (ResultSet found = select.executeQuery()) {
        for (; found.next(); events++) {
          SessionId id = StoredSessionId.parse(found.getString(2)).orElseThrow();
          if (seen == null || found.getLong(1) > seen[JournalFeed.slice(id)]) {
            Change.read(found)
                .ifPresent(changes.computeIfAbsent(id, any -> new ArrayList<>())::add);
          }
        }
      }
    }
    return of(connection, changes, events < MAX_EVENTS);
  }

  private static IndexTail of(
      Connection connection, Map<SessionId, List<Change>> changes, boolean complete)
      throws SQLException {
    Map<SessionId, CatalogRow> known = IndexRows.find(connection, changes.keySet());
    List<CatalogRow> rows = new ArrayList<>();
    List<String> changed = new ArrayList<>();
    for (Map.Entry<SessionId, List<Change>> entry : changes.entrySet()) {
      changed.add(entry.getKey().friendlyId());
      CatalogRow row = now(entry.getKey(), known.get(entry.getKey()), entry.getValue());
      if (row != null) {
        rows.add(row);
      }
    }
    return new IndexTail(changed, rows, complete);
  }

  private static @Nullable CatalogRow now(
      SessionId id, @Nullable CatalogRow known, List<Change> changes) {
    CatalogRow row = known;
    for (Change change : changes) {
      if (row != null && change.version() <= row.version()) {
        continue;
      }
      if (change.event() instanceof SessionEvent.Created created) {
        row = CatalogRow.of(id, change.version(), created);
      } else if (change.event() instanceof SessionEvent.Purged) {
        row = null;
      } else if (row != null) {
        row = row.after(change.version(), change.event());
      }
    }
    return row;
  }

  /** The sessions that a query asks for, of those that are not in the store yet. */
  public List<Item> passing(Query query) {
    return rows.stream()
        .filter(row -> row.passes(query.filter(), query.now()))
        .map(CatalogRow::item)
        .toList();
  }
}
