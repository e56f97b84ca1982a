package dev.parley.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/** What is done with one connection to the database, and blocks as long as that takes. */
@FunctionalInterface
public interface ConnectionWork<T> {
  T with(Connection connection) throws SQLException;

  /** Does it on the executor. Fails with {@link SQLException} when the database does. */
  static <T> CompletionStage<T> on(
      Executor executor, DataSource dataSource, ConnectionWork<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    executor.execute(
        () -> {
          try (Connection connection = dataSource.getConnection()) {
            result.complete(work.with(connection));
          } catch (SQLException | RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }
}
