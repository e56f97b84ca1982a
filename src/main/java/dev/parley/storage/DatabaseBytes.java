package dev.parley.storage;

import dev.parley.journal.ConnectionWork;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/**
 * Bytes in PostgreSQL, each piece a row and a transaction of its own: every node reaches them, and
 * backups of the database hold them.
 */
public final class DatabaseBytes implements FileBytes {
  static final String PLACE = "database";

  private static final String APPEND =
      "INSERT INTO stored_piece (file_id, number, bytes) VALUES (?, ?, ?)";
  private static final String READ =
      "SELECT bytes FROM stored_piece WHERE file_id = ? AND number = ?";
  private static final String REMOVE = "DELETE FROM stored_piece WHERE file_id = ?";

  private final DataSource dataSource;
  private final Executor executor;

  /**
   * @param executor runs the blocking statements
   */
  public DatabaseBytes(DataSource dataSource, Executor executor) {
    this.dataSource = dataSource;
    this.executor = executor;
  }

  @Override
  public String place() {
    return PLACE;
  }

  @Override
  public CompletionStage<Void> append(UUID file, int number, byte[] piece) {
    return ConnectionWork.on(
        executor,
        dataSource,
        connection -> {
          try (PreparedStatement append = connection.prepareStatement(APPEND)) {
            append.setObject(1, file);
            append.setInt(2, number);
            append.setBytes(3, piece);
            append.executeUpdate();
          }
          return null;
        });
  }

  /** Each piece was committed. */
  @Override
  public CompletionStage<Void> seal(UUID file) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<byte[]> read(UUID file, int number) {
    return ConnectionWork.on(
        executor,
        dataSource,
        connection -> {
          try (PreparedStatement read = connection.prepareStatement(READ)) {
            read.setObject(1, file);
            read.setInt(2, number);
            try (ResultSet row = read.executeQuery()) {
              return row.next() ? row.getBytes(1) : new byte[0];
            }
          }
        });
  }

  @Override
  public CompletionStage<Void> remove(UUID file) {
    return ConnectionWork.on(
        executor,
        dataSource,
        connection -> {
          try (PreparedStatement remove = connection.prepareStatement(REMOVE)) {
            remove.setObject(1, file);
            remove.executeUpdate();
          }
          return null;
        });
  }
}
