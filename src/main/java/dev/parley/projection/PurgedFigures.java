package dev.parley.projection;

import dev.parley.session.SessionId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * Removes what PostgreSQL has counted of purged sessions. Done by whoever counts, behind the last
 * of their events, and by the index, since nobody may be counting there any more.
 */
public final class PurgedFigures {
  private static final List<String> REMOVE =
      List.of(
          "delete from session_activity where friendly_id = ? and environment_id = ?",
          "delete from session_turn where friendly_id = ? and environment_id = ?");

  private PurgedFigures() {}

  /** Removes it within the transaction of the connection. */
  public static void remove(Connection connection, List<SessionId> sessions) throws SQLException {
    for (String sql : sessions.isEmpty() ? List.<String>of() : REMOVE) {
      try (PreparedStatement delete = connection.prepareStatement(sql)) {
        for (SessionId session : sessions) {
          delete.setString(1, session.friendlyId());
          delete.setString(2, session.environmentId());
          delete.addBatch();
        }
        delete.executeBatch();
      }
    }
  }
}
