package dev.parley.projection;

import dev.parley.journal.EventTags;
import dev.parley.journal.JournalFeed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How far the index has followed the journal. */
public final class IndexPosition {
  private static final String SQL =
      """
      select projection_key, current_offset::bigint from pekko_projection_offset_store
      where projection_name = ?
      """;

  private IndexPosition() {}

  /**
   * Whether the index holds all that these events have changed in it.
   *
   * @param rows in the order of the journal, none of them with records
   */
  public static boolean covers(Connection connection, List<JournalFeed.Row> rows)
      throws SQLException {
    Map<String, Long> wanted = new HashMap<>();
    for (JournalFeed.Row row : rows) {
      for (String tag : EventTags.of(row.session(), row.event())) {
        wanted.merge(tag, row.ordering(), Math::max);
      }
    }
    if (wanted.isEmpty()) {
      return true;
    }
    Map<String, Long> reached = new HashMap<>();
    try (PreparedStatement select = connection.prepareStatement(SQL)) {
      select.setString(1, IndexProjection.NAME);
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          reached.put(found.getString(1), found.getLong(2));
        }
      }
    }
    return wanted.entrySet().stream()
        .allMatch(tag -> reached.getOrDefault(tag.getKey(), 0L) >= tag.getValue());
  }
}
