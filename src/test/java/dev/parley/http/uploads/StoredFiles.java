package dev.parley.http.uploads;

import dev.parley.Eventually;
import dev.parley.TestServer;
import dev.parley.journal.DatabaseAddress;
import dev.parley.session.SessionId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/** What the test server has stored of files, seen behind its back. */
final class StoredFiles {
  private StoredFiles() {}

  /** Rows of the files of a session of the first tenant, those included that are to go. */
  static int count(String externalId) {
    DatabaseAddress address = TestServer.database();
    SessionId id = SessionId.ofExternal(TestServer.ACME, externalId);
    try (Connection connection =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        PreparedStatement select =
            connection.prepareStatement("select count(*) from stored_file where friendly_id = ?")) {
      select.setString(1, id.friendlyId());
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The count when it is as expected, or what it is after some seconds. */
  static int awaitCount(String externalId, int expected) {
    Eventually.within(Duration.ofSeconds(20), () -> count(externalId) == expected);
    return count(externalId);
  }
}
