package dev.parley.projection;

import dev.parley.journal.ConnectionWork;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/**
 * Lists sessions from the table {@code session_index} of PostgreSQL. A page is one statement that
 * reads on from its cursor, so that a far page costs what the first one does; what the index does
 * not have yet is read from the journal in the same snapshot of the database.
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
        executor,
        dataSource,
        inOneSnapshot(
            connection -> {
              IndexTail tail = IndexTail.read(connection, query.environmentId(), null);
              List<Item> found = select(connection, IndexQuery.of(query, tail.changed()));
              return Page.of(query, found, tail.passing(query));
            }));
  }

  @Override
  public CompletionStage<Long> count(Query query) {
    return ConnectionWork.on(
        executor,
        dataSource,
        inOneSnapshot(
            connection -> {
              IndexTail tail = IndexTail.read(connection, query.environmentId(), null);
              return count(connection, IndexQuery.count(query, tail.changed()))
                  + tail.passing(query).size();
            }));
  }

  @Override
  public CompletionStage<Stats> stats(StatsQuery query) {
    return ConnectionWork.on(
        executor,
        dataSource,
        inOneSnapshot(
            connection -> {
              // A year of many sessions must not keep a connection from those who list.
              try (Statement limit = connection.createStatement()) {
                limit.execute("set local statement_timeout = '10s'");
              }
              return ActivityStats.of(connection, query);
            }));
  }

  /** Several statements that see the same state of the database. */
  private static <T> ConnectionWork<T> inOneSnapshot(ConnectionWork<T> work) {
    return connection -> {
      int isolation = connection.getTransactionIsolation();
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      try {
        return work.with(connection);
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
        connection.setTransactionIsolation(isolation);
      }
    };
  }

  private static List<Item> select(Connection connection, IndexQuery query) throws SQLException {
    try (PreparedStatement statement = query.prepare(connection);
        ResultSet rows = statement.executeQuery()) {
      List<Item> items = new ArrayList<>();
      while (rows.next()) {
        items.add(IndexRows.row(rows).item());
      }
      return items;
    }
  }

  private static long count(Connection connection, IndexQuery count) throws SQLException {
    try (PreparedStatement statement = count.prepare(connection);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }
}
