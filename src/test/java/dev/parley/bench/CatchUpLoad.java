package dev.parley.bench;

import dev.parley.journal.DatabaseAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Reading a long channel from its beginning. */
final class CatchUpLoad {
  private CatchUpLoad() {}

  /** Fills the channel with so many records of so many bytes. */
  static void fill(ParleyServer server, String key, int records, int bytes) throws Exception {
    int writers = 32;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    byte[] request =
        HttpConnection.request(
            "POST",
            "/realtime/v1/sessions/" + key + "/in/append",
            "",
            "y".repeat(bytes).getBytes(StandardCharsets.US_ASCII));
    List<Future<?>> running = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      running.add(
          threads.submit(
              () -> {
                try (HttpConnection connection = new HttpConnection(server.port())) {
                  for (int i = 0; i < records / writers; i++) {
                    connection.exchange(request);
                  }
                }
                return null;
              }));
    }
    for (Future<?> future : running) {
      future.get();
    }
    threads.shutdown();
  }

  /**
   * Megabytes (10^6) of the channel per second, read over SSE by one reader until it is settled.
   */
  static double megabytesPerSecond(ParleyServer server, String key, long bytes) throws IOException {
    try (HttpConnection connection = new HttpConnection(server.port())) {
      long begin = System.nanoTime();
      InputStream in =
          connection.open(
              HttpConnection.request(
                  "GET",
                  "/realtime/v1/sessions/" + key + "/in",
                  "Accept: text/event-stream\r\nTimeout-Seconds: 600\r\n",
                  new byte[0]));
      byte[] buffer = new byte[1 << 18];
      long payload = 0;
      while (payload < bytes) {
        int read = in.read(buffer);
        if (read < 0) {
          throw new IOException("the stream ended after " + payload + " bytes");
        }
        for (int i = 0; i < read; i++) {
          if (buffer[i] == 'y') {
            payload++;
          }
        }
      }
      return bytes / 1e6 / ((System.nanoTime() - begin) / 1e9);
    }
  }

  /** The same bytes out of the database, rows and nothing else. */
  static double rawMegabytesPerSecond(DatabaseAddress address, long bytes) throws SQLException {
    try (Connection connection =
        DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password())) {
      connection.setAutoCommit(false);
      long total = 0;
      long begin = System.nanoTime();
      try (PreparedStatement statement =
          connection.prepareStatement(
              "SELECT event_payload FROM event_journal WHERE persistence_id ="
                  + " (SELECT persistence_id FROM event_journal GROUP BY 1"
                  + " ORDER BY sum(octet_length(event_payload)) DESC LIMIT 1)"
                  + " ORDER BY sequence_number")) {
        statement.setFetchSize(256);
        try (ResultSet rows = statement.executeQuery()) {
          begin = System.nanoTime();
          while (total < bytes && rows.next()) {
            total += rows.getBytes(1).length;
          }
        }
      }
      return total / 1e6 / ((System.nanoTime() - begin) / 1e9);
    }
  }
}
