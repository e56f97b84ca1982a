package dev.parley.projection;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.parley.session.SessionEvent;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.flywaydb.core.Flyway;

/** A real PostgreSQL with Parley's tables, for one test class. */
final class IndexDatabase implements AutoCloseable {
  private static final String USER = "postgres";

  private final EmbeddedPostgres server;
  private final HikariDataSource pool;

  private IndexDatabase(EmbeddedPostgres server) {
    this.server = server;
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url());
    config.setMaximumPoolSize(6);
    this.pool = new HikariDataSource(config);
  }

  static IndexDatabase start() {
    try {
      EmbeddedPostgres server = EmbeddedPostgres.builder().start();
      Flyway.configure().dataSource(server.getPostgresDatabase()).load().migrate();
      return new IndexDatabase(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  HikariDataSource pool() {
    return pool;
  }

  String url() {
    return server.getJdbcUrl(USER, USER) + "&reWriteBatchedInserts=true";
  }

  /** Writes rows as the projection does for sessions that come into being like this. */
  void store(List<Item> items) throws SQLException {
    List<IndexChange> created =
        items.stream()
            .map(item -> new IndexChange(item.id(), 1, new SessionEvent.Created(item.info())))
            .toList();
    try (Connection connection = pool.getConnection()) {
      IndexWriter.write(connection, created);
    }
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws IOException {
    pool.close();
    server.close();
  }
}
