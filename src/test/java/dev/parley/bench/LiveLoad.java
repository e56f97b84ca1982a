package dev.parley.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** From the append to the readers that follow the channel. */
final class LiveLoad {
  private static final byte[] MARK = "nanos=".getBytes(StandardCharsets.US_ASCII);

  private LiveLoad() {}

  /**
   * Appends at a steady rate while readers follow; latencies run from before the append is sent
   * until a reader has the record.
   *
   * @param idle readers that connect and never read
   */
  static Latencies run(
      ParleyServer server, String key, int readers, int idle, int perSecond, int warmUp, int count)
      throws Exception {
    return run(server, server, key, readers, idle, perSecond, warmUp, count);
  }

  /**
   * @param server of the readers
   * @param writers the server that is written to, of the same cluster
   */
  static Latencies run(
      ParleyServer server,
      ParleyServer writers,
      String key,
      int readers,
      int idle,
      int perSecond,
      int warmUp,
      int count)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(readers);
    List<HttpConnection> stalled = new ArrayList<>();
    try {
      for (int i = 0; i < idle; i++) {
        HttpConnection connection = new HttpConnection(server.port());
        connection.open(subscribe(key));
        stalled.add(connection);
      }
      CountDownLatch following = new CountDownLatch(readers);
      List<Future<Latencies>> running = new ArrayList<>();
      for (int i = 0; i < readers; i++) {
        running.add(threads.submit(() -> follow(server, key, following, warmUp, count)));
      }
      following.await(30, TimeUnit.SECONDS);
      send(writers, key, perSecond, warmUp + count);
      List<Latencies> parts = new ArrayList<>();
      for (Future<Latencies> future : running) {
        parts.add(future.get(60, TimeUnit.SECONDS));
      }
      return Latencies.of(parts);
    } finally {
      threads.shutdownNow();
      for (HttpConnection connection : stalled) {
        connection.close();
      }
    }
  }

  private static byte[] subscribe(String key) {
    return HttpConnection.request(
        "GET",
        "/realtime/v1/sessions/" + key + "/in",
        "Accept: text/event-stream\r\nX-Trigger-Stream-Start: latest\r\nTimeout-Seconds: 600\r\n",
        new byte[0]);
  }

  private static void send(ParleyServer server, String key, int perSecond, int count)
      throws IOException, InterruptedException {
    String padding = "x".repeat(200);
    long interval = 1_000_000_000L / perSecond;
    try (HttpConnection connection = new HttpConnection(server.port())) {
      long next = System.nanoTime();
      for (int i = 0; i < count; i++) {
        long wait = next - System.nanoTime();
        if (wait > 0) {
          TimeUnit.NANOSECONDS.sleep(wait);
        }
        next += interval;
        byte[] body =
            ("nanos=" + System.nanoTime() + ";" + padding).getBytes(StandardCharsets.US_ASCII);
        connection.exchange(
            HttpConnection.request(
                "POST", "/realtime/v1/sessions/" + key + "/in/append", "", body));
      }
    }
  }

  private static Latencies follow(
      ParleyServer server, String key, CountDownLatch following, int warmUp, int count)
      throws IOException {
    Latencies latencies = new Latencies();
    try (HttpConnection connection = new HttpConnection(server.port())) {
      InputStream in = connection.open(subscribe(key));
      int matched = 0;
      int seen = 0;
      boolean waiting = true;
      while (seen < warmUp + count) {
        int c = in.read();
        if (c < 0) {
          throw new IOException("the stream ended after " + seen + " records");
        }
        if (waiting && c == '}') {
          // The first ping has come: the reader stands at the tail.
          waiting = false;
          following.countDown();
        }
        matched = c == MARK[matched] ? matched + 1 : c == MARK[0] ? 1 : 0;
        if (matched == MARK.length) {
          long sent = 0;
          for (int digit = in.read(); digit != ';'; digit = in.read()) {
            sent = sent * 10 + digit - '0';
          }
          if (seen++ >= warmUp) {
            latencies.add(System.nanoTime() - sent);
          }
          matched = 0;
        }
      }
    }
    return latencies;
  }
}
