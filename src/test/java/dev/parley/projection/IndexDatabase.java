package dev.parley.projection;

import dev.parley.journal.Database;
import dev.parley.journal.EmbeddedPostgres;
import dev.parley.journal.EventCodec;
import dev.parley.journal.EventTags;
import dev.parley.journal.TestPostgres;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;

/** A real PostgreSQL with Parley's tables, for one test class. */
final class IndexDatabase implements AutoCloseable {
  private static final int JOURNAL_SERIALIZER = 8_450_001;

  private final EmbeddedPostgres server;
  private final Database database;
  private final ExecutorService executor = Executors.newFixedThreadPool(4);

  private IndexDatabase(EmbeddedPostgres server) {
    this.server = server;
    this.database = Database.open(server.address(), 6, Duration.ofSeconds(10));
  }

  static IndexDatabase start() {
    return new IndexDatabase(TestPostgres.start());
  }

  DataSource pool() {
    return database.dataSource();
  }

  /** What blocking queries are run on. */
  Executor executor() {
    return executor;
  }

  /** The lists and figures that come from it. */
  SessionIndex index() {
    return new SessionIndex(pool(), executor);
  }

  /** The settings by which the journal finds this database. */
  Map<String, String> slick() {
    String db = "pekko-persistence-jdbc.shared-databases.slick.db.";
    return Map.of(
        db + "url", server.address().jdbcUrl(),
        db + "user", server.address().user(),
        db + "password", server.address().password());
  }

  /** Writes rows as the projection does for sessions that come into being like this. */
  void store(List<Item> items) throws SQLException {
    List<IndexChange> created =
        items.stream()
            .map(
                item ->
                    new IndexChange(
                        item.id(), 1, new SessionEvent.Created(item.info(), null, null)))
            .toList();
    try (Connection connection = pool().getConnection()) {
      IndexWriter.write(connection, created, null);
    }
  }

  /** Writes an event as the journal does. */
  void append(Connection connection, SessionId id, long version, SessionEvent event)
      throws SQLException {
    String sql =
        """
        with appended as (
          insert into event_journal (persistence_id, sequence_number, writer, write_timestamp,
            adapter_manifest, event_ser_id, event_ser_manifest, event_payload)
          values (?, ?, 'test', 0, '', ?, ?, ?) returning ordering)
        insert into event_tag (event_id, tag) select ordering, ? from appended
        """;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, "Session|" + id.entityId());
      statement.setLong(2, version);
      statement.setInt(3, JOURNAL_SERIALIZER);
      statement.setString(4, EventCodec.manifest(event));
      statement.setBytes(5, EventCodec.encode(event));
      statement.setString(6, EventTags.of(id, event).iterator().next());
      statement.executeUpdate();
    }
  }

  /** All rows of the index as text. */
  List<String> rows() throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = pool().getConnection();
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery("select s::text from session_index s order by friendly_id")) {
      while (found.next()) {
        rows.add(found.getString(1));
      }
    }
    return rows;
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = pool().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    executor.shutdown();
    database.close();
    server.close();
  }
}
