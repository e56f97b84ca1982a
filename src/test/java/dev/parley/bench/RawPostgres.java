package dev.parley.bench;

import dev.parley.journal.DatabaseAddress;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** The limit of the machine: one row, one commit, nothing around it. */
final class RawPostgres {
  /** The same bytes as an append: a table like the journal's and a row like one of its. */
  private static final String JOURNAL = "CREATE TABLE raw_limit (LIKE event_journal INCLUDING ALL)";

  private static final String JOURNAL_ROW =
      "INSERT INTO raw_limit (persistence_id, sequence_number, deleted, writer, write_timestamp,"
          + " adapter_manifest, event_ser_id, event_ser_manifest, event_payload)"
          + " VALUES (?, ?, false, ?, ?, '', 8450001, 'A', ?)";

  /** A table with nothing but a key and the record. */
  private static final String BARE =
      "CREATE TABLE raw_limit (writer text, number bigint, body bytea, PRIMARY KEY (writer, number))";

  private static final String BARE_ROW = "INSERT INTO raw_limit VALUES (?, ?, ?)";

  private RawPostgres() {}

  /**
   * Commits per second of so many connections, each with one row of the journal at a time: an
   * insert, then a commit.
   */
  static double journalRowsPerSecond(DatabaseAddress address, int connections, int bytes)
      throws Exception {
    return rowsPerSecond(
        address,
        JOURNAL,
        JOURNAL_ROW,
        false,
        connections,
        (insert, writer, number) -> {
          insert.setString(1, writer);
          insert.setLong(2, number);
          insert.setString(3, writer.substring(0, 36));
          insert.setLong(4, System.currentTimeMillis());
          insert.setBytes(5, new byte[bytes]);
        });
  }

  /**
   * Commits per second of so many connections, each with one row of a key and bytes at a time, in
   * autocommit: not even the round trip of the commit.
   */
  static double bareRowsPerSecond(DatabaseAddress address, int connections, int bytes)
      throws Exception {
    return rowsPerSecond(
        address,
        BARE,
        BARE_ROW,
        true,
        connections,
        (insert, writer, number) -> {
          insert.setString(1, writer);
          insert.setLong(2, number);
          insert.setBytes(3, new byte[bytes]);
        });
  }

  /** Rows of a key and bytes that one connection copies in, 1 000 of them a commit. */
  static double copiedRowsPerSecond(DatabaseAddress address, int bytes) throws Exception {
    try (Connection connection = open(address);
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS raw_limit");
      statement.execute(BARE);
      CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
      String body = "\\\\x" + "7a".repeat(bytes);
      long begin = System.nanoTime();
      long rows = 0;
      while (System.nanoTime() - begin < 3_000_000_000L) {
        StringBuilder lines = new StringBuilder(1_000 * (2 * bytes + 40));
        for (int i = 0; i < 1_000; i++) {
          lines.append("writer\t").append(rows++).append('\t').append(body).append('\n');
        }
        copy.copyIn("COPY raw_limit FROM STDIN", new StringReader(lines.toString()));
      }
      return rows / ((System.nanoTime() - begin) / 1e9);
    }
  }

  private interface Binder {
    void bind(PreparedStatement insert, String writer, long number) throws SQLException;
  }

  private static double rowsPerSecond(
      DatabaseAddress address,
      String table,
      String row,
      boolean autocommit,
      int connections,
      Binder binder)
      throws Exception {
    try (Connection connection = open(address);
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS raw_limit");
      statement.execute(table);
    }
    double warmUp = 2;
    double seconds = 6;
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    long from = System.nanoTime() + (long) (warmUp * 1e9);
    long to = from + (long) (seconds * 1e9);
    try {
      List<Future<Integer>> running = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        running.add(threads.submit(writer(address, row, autocommit, binder, from, to)));
      }
      long commits = 0;
      for (Future<Integer> future : running) {
        commits += future.get();
      }
      return commits / seconds;
    } finally {
      threads.shutdownNow();
    }
  }

  private static Callable<Integer> writer(
      DatabaseAddress address, String row, boolean autocommit, Binder binder, long from, long to) {
    return () -> {
      int commits = 0;
      String writer = UUID.randomUUID() + "-0123456789012345678";
      try (Connection connection = open(address);
          PreparedStatement insert = connection.prepareStatement(row)) {
        connection.setAutoCommit(autocommit);
        for (long number = 0; System.nanoTime() < to; number++) {
          binder.bind(insert, writer, number);
          insert.executeUpdate();
          if (!autocommit) {
            connection.commit();
          }
          if (System.nanoTime() >= from) {
            commits++;
          }
        }
      }
      return commits;
    };
  }

  private static Connection open(DatabaseAddress address) throws SQLException {
    return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }
}
