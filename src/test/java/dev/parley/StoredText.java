package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.journal.DatabaseAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Looks for a text in every column of every table of a database, whatever the tables are. */
public final class StoredText {
  private static final String COLUMNS =
      """
      select table_schema, table_name, column_name, data_type
      from information_schema.columns join information_schema.tables
        using (table_schema, table_name)
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
      order by table_schema, table_name, ordinal_position
      """;

  private final DatabaseAddress database;

  public StoredText(DatabaseAddress database) {
    this.database = database;
  }

  private record Column(String table, String name, boolean bytes) {
    String matches() {
      return bytes
          ? "position(?::bytea in \"%s\") > 0".formatted(name)
          : "position(? in \"%s\"::text) > 0".formatted(name);
    }
  }

  /** The columns in which the text stands, with the number of rows: {@code table.column 3}. */
  public List<String> find(String text) {
    List<String> found = new ArrayList<>();
    try (Connection connection =
        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password())) {
      List<Column> columns = columns(connection);
      assertThat(columns).as("what is searched").hasSizeGreaterThan(40);
      for (Column column : columns) {
        long rows = count(connection, column, text);
        if (rows > 0) {
          found.add(
              (column.table() + "." + column.name() + " " + rows).replaceFirst("^public\\.", ""));
        }
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return found;
  }

  /** The answer to a query of one value, with the text as its parameter. */
  public String value(String sql, String parameter) {
    try (Connection connection =
            DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        PreparedStatement select = connection.prepareStatement(sql)) {
      select.setString(1, parameter);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Column> columns(Connection connection) throws SQLException {
    List<Column> columns = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(COLUMNS);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        columns.add(
            new Column(
                rows.getString(1) + "." + rows.getString(2),
                rows.getString(3),
                rows.getString(4).equals("bytea")));
      }
    }
    return columns;
  }

  private static long count(Connection connection, Column column, String text) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select count(*) from " + column.table() + " where " + column.matches())) {
      if (column.bytes()) {
        select.setBytes(1, text.getBytes(StandardCharsets.UTF_8));
      } else {
        select.setString(1, text);
      }
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }
}
