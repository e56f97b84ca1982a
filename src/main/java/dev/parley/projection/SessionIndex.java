package dev.parley.projection;

import dev.parley.journal.ConnectionWork;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Lists sessions from the table {@code session_index} of PostgreSQL. A page is one statement that
 * reads on from its cursor, so that a far page costs what the first one does.
 */
public final class SessionIndex implements SessionCatalog {
  private final DataSource dataSource;
  private final Executor executor;

  /**
   * @param executor runs the blocking queries
   */
  public SessionIndex(DataSource dataSource, Executor executor) {
    this.dataSource = dataSource;
    this.executor = executor;
  }

  /** One page. Fails with {@link SQLException} when the database does. */
  @Override
  public CompletionStage<Page> list(Query query) {
    return ConnectionWork.on(
        executor, dataSource, connection -> Page.of(query, select(connection, query)));
  }

  @Override
  public CompletionStage<Long> count(Query query) {
    return ConnectionWork.on(
        executor, dataSource, connection -> count(connection, IndexQuery.count(query)));
  }

  private static List<Item> select(Connection connection, Query query) throws SQLException {
    try (PreparedStatement statement = prepare(connection, IndexQuery.of(query))) {
      List<Item> items = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          items.add(item(rows));
        }
      }
      return items;
    }
  }

  private static long count(Connection connection, IndexQuery count) throws SQLException {
    try (PreparedStatement statement = prepare(connection, count);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private static PreparedStatement prepare(Connection connection, IndexQuery query)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(query.sql());
    for (int i = 0; i < query.parameters().size(); i++) {
      bind(connection, statement, i + 1, query.parameters().get(i));
    }
    return statement;
  }

  private static void bind(
      Connection connection, PreparedStatement statement, int index, Object value)
      throws SQLException {
    if (value instanceof String[] values) {
      statement.setArray(index, connection.createArrayOf("text", values));
    } else {
      statement.setObject(index, value);
    }
  }

  private static Item item(ResultSet row) throws SQLException {
    Array tags = row.getArray("tags");
    return new Item(
        new SessionId(row.getString("environment_id"), row.getString("friendly_id")),
        new SessionInfo(
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
            instant(row, "expired_at")));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }
}
