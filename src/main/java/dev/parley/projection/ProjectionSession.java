package dev.parley.projection;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.projection.jdbc.JdbcSession;

/** One transaction of a projection on a pooled connection: its rows and its offset together. */
public final class ProjectionSession implements JdbcSession {
  private final Connection connection;

  private ProjectionSession(Connection connection) {
    this.connection = connection;
  }

  /** Takes a connection from the pool. */
  public static ProjectionSession open(DataSource dataSource) {
    try {
      Connection connection = dataSource.getConnection();
      try {
        connection.setAutoCommit(false);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
      return new ProjectionSession(connection);
    } catch (SQLException e) {
      // Pekko asks for sessions through a Supplier, which may not throw a checked exception.
      throw new IllegalStateException("no database connection for a projection", e);
    }
  }

  @Override
  public <R> R withConnection(Function<Connection, R> use) throws Exception {
    return use.apply(connection);
  }

  @Override
  public void commit() throws SQLException {
    connection.commit();
  }

  @Override
  public void rollback() throws SQLException {
    connection.rollback();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
