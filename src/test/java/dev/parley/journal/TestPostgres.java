package dev.parley.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Real PostgreSQL for tests, unpacked once per build directory. */
public final class TestPostgres {
  static final Path BINARIES = Path.of("target", "postgres-binaries").toAbsolutePath();

  private TestPostgres() {}

  /** Starts a server on a data directory with the build's unpacked programs. */
  public static EmbeddedPostgres start(Path dataDirectory) {
    return EmbeddedPostgres.start(dataDirectory, BINARIES);
  }

  static Connection connect(DatabaseAddress address) throws SQLException {
    return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }

  static void execute(DatabaseAddress address, String... statements) throws SQLException {
    try (Connection connection = connect(address);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  static String query(DatabaseAddress address, String sql) throws SQLException {
    try (Connection connection = connect(address);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
