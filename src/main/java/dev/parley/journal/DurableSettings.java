package dev.parley.journal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The server settings without which a committed record can be lost when power fails: an
 * acknowledgement rests on them (design, invariant 1).
 */
final class DurableSettings {
  static final List<String> NAMES = List.of("fsync", "synchronous_commit", "full_page_writes");

  private DurableSettings() {}

  /**
   * The settings in force on this connection that break the promise, as {@code name=value}; empty
   * when all is well. {@code synchronous_commit} has several values that wait for the local disk;
   * only {@code off} does not.
   */
  static List<String> unsafe(Connection connection) throws SQLException {
    List<String> unsafe = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      for (String name : NAMES) {
        try (ResultSet row = statement.executeQuery("SHOW " + name)) {
          row.next();
          if (row.getString(1).equals("off")) {
            unsafe.add(name + "=off");
          }
        }
      }
    }
    return unsafe;
  }

  /**
   * @throws DatabaseException when a setting in force on this connection breaks the promise
   */
  static void require(Connection connection) throws SQLException {
    List<String> unsafe = unsafe(connection);
    if (!unsafe.isEmpty()) {
      throw new DatabaseException(
          "PostgreSQL runs with "
              + String.join(", ", unsafe)
              + ", so acknowledged records could be lost. Set it to on (look for ALTER SYSTEM,"
              + " ALTER ROLE or ALTER DATABASE).");
    }
  }
}
