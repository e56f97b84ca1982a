package dev.parley.bench;

import dev.parley.journal.DatabaseAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The limit of the machine: insert and commit of the same bytes, nothing around it. */
final class RawPostgres {
  private RawPostgres() {}

  /** Commits per second of so many connections, each with one row of so many bytes at a time. */
  static double commitsPerSecond(
      DatabaseAddress address, int connections, int bytes, double warmUp, double seconds)
      throws Exception {
    try (Connection connection = open(address)) {
      connection.createStatement().execute("DROP TABLE IF EXISTS raw_limit");
      connection
          .createStatement()
          .execute(
              "CREATE TABLE raw_limit (writer int, number bigint, body bytea,"
                  + " PRIMARY KEY (writer, number))");
    }
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    long from = System.nanoTime() + (long) (warmUp * 1e9);
    long to = from + (long) (seconds * 1e9);
    try {
      List<Future<Integer>> running = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        running.add(threads.submit(writer(address, i, bytes, from, to)));
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
      DatabaseAddress address, int writer, int bytes, long from, long to) {
    return () -> {
      int commits = 0;
      byte[] body = new byte[bytes];
      try (Connection connection = open(address);
          PreparedStatement insert =
              connection.prepareStatement("INSERT INTO raw_limit VALUES (?, ?, ?)")) {
        for (long number = 0; System.nanoTime() < to; number++) {
          insert.setInt(1, writer);
          insert.setLong(2, number);
          insert.setBytes(3, body);
          insert.executeUpdate();
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
