package dev.parley.storage;

import dev.parley.journal.ConnectionWork;
import dev.parley.journal.StoredSessionId;
import dev.parley.session.SessionId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/**
 * The table {@code stored_file}. Everything fails with {@link SQLException} when the database does.
 */
public final class FileRows {
  private static final int MAX_UNWANTED = 100;

  private static final String BEGIN =
      """
      INSERT INTO stored_file
        (id, environment_id, friendly_id, generation, organization_id, name, place)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """;

  /**
   * A purge marks the rows there are. One that was noted before this row was made is found by the
   * event it has left in the journal, which stays.
   */
  private static final String COMPLETE =
      """
      UPDATE stored_file SET mime_type = ?, size = ?, stored_at = clock_timestamp()
      WHERE id = ? AND removed_at IS NULL AND stored_at IS NULL
        AND NOT EXISTS (
          SELECT 1 FROM event_journal
          WHERE persistence_id = ? AND event_ser_manifest = 'G' AND sequence_number > ?)
      """;

  private static final String FIND =
      """
      SELECT environment_id, friendly_id, generation, organization_id, name, mime_type, size, place
      FROM stored_file WHERE id = ? AND stored_at IS NOT NULL AND removed_at IS NULL
      """;

  private static final String DISCARD =
      "UPDATE stored_file SET removed_at = coalesce(removed_at, clock_timestamp()) WHERE id = ?";

  private static final String PURGE =
      """
      UPDATE stored_file SET removed_at = coalesce(removed_at, clock_timestamp())
      WHERE environment_id = ? AND friendly_id = ? AND generation < ?
      """;

  /** Others each time, so that those that can't be cleared don't keep the rest from it. */
  private static final String UNWANTED =
      """
      (SELECT id, place FROM stored_file WHERE removed_at IS NOT NULL ORDER BY random() LIMIT ?)
      UNION
      (SELECT id, place FROM stored_file
       WHERE stored_at IS NULL AND begun_at < clock_timestamp() - ? * interval '1 millisecond'
       ORDER BY random() LIMIT ?)
      """;

  private static final String FORGET =
      "DELETE FROM stored_file WHERE id = ? AND (removed_at IS NOT NULL OR stored_at IS NULL)";

  private final DataSource dataSource;
  private final Executor executor;

  /** A file whose bytes are to go. */
  record Unwanted(UUID id, String place) {
    static Unwanted of(StoredFile file) {
      return new Unwanted(file.id(), file.place());
    }
  }

  /**
   * @param executor runs the blocking statements
   */
  public FileRows(DataSource dataSource, Executor executor) {
    this.dataSource = dataSource;
    this.executor = executor;
  }

  /**
   * Notes within the transaction of the connection that the files of a purged session are to go.
   *
   * @param version of the event that purged it: later files stay
   */
  public static void purge(Connection connection, SessionId session, long version)
      throws SQLException {
    try (PreparedStatement purge = connection.prepareStatement(PURGE)) {
      purge.setString(1, session.environmentId());
      purge.setString(2, session.friendlyId());
      purge.setLong(3, version);
      purge.executeUpdate();
    }
  }

  CompletionStage<Void> begin(UUID id, FileOwner owner, String name, String place) {
    return ConnectionWork.on(
        executor,
        dataSource,
        connection -> {
          try (PreparedStatement begin = connection.prepareStatement(BEGIN)) {
            begin.setObject(1, id);
            begin.setString(2, owner.environmentId());
            if (owner instanceof FileOwner.OfSession session) {
              begin.setString(3, session.session().friendlyId());
              begin.setLong(4, session.generation());
              begin.setNull(5, Types.VARCHAR);
            } else {
              begin.setNull(3, Types.VARCHAR);
              begin.setNull(4, Types.BIGINT);
              begin.setString(5, ((FileOwner.OfOrganization) owner).organizationId());
            }
            begin.setString(6, name);
            begin.setString(7, place);
            begin.executeUpdate();
          }
          return null;
        });
  }

  /**
   * Whether the files are there now, all of them; none is when what one of them belongs to was
   * purged meanwhile.
   */
  CompletionStage<Boolean> complete(List<StoredFile> files) {
    return ConnectionWork.on(
        executor,
        dataSource,
        connection -> {
          connection.setAutoCommit(false);
          try (PreparedStatement complete = connection.prepareStatement(COMPLETE)) {
            for (StoredFile file : files) {
              if (!complete(complete, file)) {
                return false;
              }
            }
            connection.commit();
            return true;
          } finally {
            connection.rollback();
            connection.setAutoCommit(true);
          }
        });
  }

  private static boolean complete(PreparedStatement complete, StoredFile file) throws SQLException {
    complete.setString(1, file.mimeType());
    complete.setLong(2, file.size());
    complete.setObject(3, file.id());
    if (file.owner() instanceof FileOwner.OfSession session) {
      complete.setString(4, StoredSessionId.of(session.session()));
      complete.setLong(5, session.generation());
    } else {
      complete.setString(4, "");
      complete.setLong(5, 0);
    }
    return complete.executeUpdate() == 1;
  }

  CompletionStage<Optional<StoredFile>> find(UUID id) {
    return ConnectionWork.on(
        executor,
        dataSource,
        connection -> {
          try (PreparedStatement find = connection.prepareStatement(FIND)) {
            find.setObject(1, id);
            try (ResultSet row = find.executeQuery()) {
              return row.next() ? Optional.of(file(id, row)) : Optional.empty();
            }
          }
        });
  }

  /** From now on the file is not there, and its bytes are to go. */
  CompletionStage<Void> discard(UUID id) {
    return update(DISCARD, id);
  }

  /** Nothing is left of it but its row, which goes now. */
  CompletionStage<Void> forget(UUID id) {
    return update(FORGET, id);
  }

  /**
   * Files of which something is to go, some of them.
   *
   * @param age since when a file must be coming to count as given up
   */
  CompletionStage<List<Unwanted>> unwanted(Duration age) {
    return ConnectionWork.on(
        executor,
        dataSource,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(UNWANTED)) {
            select.setInt(1, MAX_UNWANTED);
            select.setLong(2, age.toMillis());
            select.setInt(3, MAX_UNWANTED);
            try (ResultSet rows = select.executeQuery()) {
              List<Unwanted> unwanted = new ArrayList<>();
              while (rows.next()) {
                unwanted.add(new Unwanted(rows.getObject(1, UUID.class), rows.getString(2)));
              }
              return unwanted;
            }
          }
        });
  }

  private CompletionStage<Void> update(String sql, UUID id) {
    return ConnectionWork.on(
        executor,
        dataSource,
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setObject(1, id);
            update.executeUpdate();
          }
          return null;
        });
  }

  private static StoredFile file(UUID id, ResultSet row) throws SQLException {
    String environment = row.getString("environment_id");
    String organization = row.getString("organization_id");
    FileOwner owner =
        organization == null
            ? new FileOwner.OfSession(
                new SessionId(environment, row.getString("friendly_id")), row.getLong("generation"))
            : new FileOwner.OfOrganization(environment, organization);
    return new StoredFile(
        id,
        owner,
        row.getString("name"),
        row.getString("mime_type"),
        row.getLong("size"),
        row.getString("place"));
  }
}
