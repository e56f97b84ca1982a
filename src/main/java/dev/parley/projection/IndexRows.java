package dev.parley.projection;

import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads rows of {@code session_index}. */
public final class IndexRows {
  private static final String FIND =
      """
      select session_index.* from unnest(?::text[], ?::text[]) as wanted (environment, friendly)
      join session_index on environment_id = environment and friendly_id = friendly
      """;

  private IndexRows() {}

  /** The rows of these sessions, of those that have one. */
  public static Map<SessionId, CatalogRow> find(
      Connection connection, Collection<SessionId> sessions) throws SQLException {
    Map<SessionId, CatalogRow> rows = new HashMap<>();
    if (sessions.isEmpty()) {
      return rows;
    }
    Object[] environments = sessions.stream().map(SessionId::environmentId).toArray();
    Object[] ids = sessions.stream().map(SessionId::friendlyId).toArray();
    try (PreparedStatement select = connection.prepareStatement(FIND)) {
      select.setArray(1, connection.createArrayOf("text", environments));
      select.setArray(2, connection.createArrayOf("text", ids));
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          CatalogRow row = row(found);
          rows.put(row.id(), row);
        }
      }
    }
    return rows;
  }

  /** The row that the result stands at. */
  static CatalogRow row(ResultSet row) throws SQLException {
    return new CatalogRow(
        new SessionId(row.getString("environment_id"), row.getString("friendly_id")),
        row.getLong("version"),
        info(row),
        row.getBoolean("sliding"),
        row.getString("agent_id"),
        row.getString("user_id"));
  }

  private static SessionInfo info(ResultSet row) throws SQLException {
    Array tags = row.getArray("tags");
    return new SessionInfo(
        row.getString("external_id"),
        row.getString("type"),
        row.getString("task_identifier"),
        row.getString("trigger_config"),
        List.of((String[]) tags.getArray()),
        row.getString("metadata"),
        row.getString("current_run_id"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("updated_at")),
        instant(row, "expires_at"),
        instant(row, "closed_at"),
        row.getString("closed_reason"),
        instant(row, "expired_at"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }
}
