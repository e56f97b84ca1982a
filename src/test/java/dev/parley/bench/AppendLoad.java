package dev.parley.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Writers with one append in flight each, over HTTP/1.1. */
final class AppendLoad {
  /**
   * @param perSecond records acknowledged
   * @param serverCpu processors the server used
   */
  record Result(double perSecond, Latencies latencies, double serverCpu) {}

  private AppendLoad() {}

  static Result run(
      ParleyServer server, List<String> keyOfWriter, int bodyBytes, double warmUp, double seconds)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(keyOfWriter.size());
    long from = System.nanoTime() + (long) (warmUp * 1e9);
    long to = from + (long) (seconds * 1e9);
    try {
      List<Future<Latencies>> running = new ArrayList<>();
      for (int i = 0; i < keyOfWriter.size(); i++) {
        running.add(threads.submit(writer(server, keyOfWriter.get(i), i, bodyBytes, from, to)));
      }
      Thread.sleep((long) (warmUp * 1000));
      double cpuBefore = server.cpuSeconds();
      long cpuFrom = System.nanoTime();
      List<Latencies> parts = new ArrayList<>();
      for (Future<Latencies> future : running) {
        parts.add(future.get());
      }
      double cpu = (server.cpuSeconds() - cpuBefore) / ((System.nanoTime() - cpuFrom) / 1e9);
      Latencies all = Latencies.of(parts);
      return new Result(all.count() / seconds, all, cpu);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Callable<Latencies> writer(
      ParleyServer server, String key, int number, int bodyBytes, long from, long to) {
    return () -> {
      Latencies latencies = new Latencies();
      // The part ids begin with the time of this load: one that came before would commit nothing.
      byte[] body = "x".repeat(bodyBytes).getBytes(StandardCharsets.US_ASCII);
      String path = "/realtime/v1/sessions/" + key + "/in/append";
      try (HttpConnection connection = new HttpConnection(server.port())) {
        for (long i = 0; System.nanoTime() < to; i++) {
          byte[] request =
              HttpConnection.request(
                  "POST", path, "X-Part-Id: %x-%03d-%010d\r\n".formatted(from, number, i), body);
          long begin = System.nanoTime();
          connection.exchange(request);
          long end = System.nanoTime();
          if (begin >= from && end < to) {
            latencies.add(end - begin);
          }
        }
      }
      return latencies;
    };
  }
}
