package dev.parley.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Clients with one request in flight each, over HTTP/1.1. */
final class RequestLoad {
  /**
   * @param perSecond requests answered
   * @param serverCpu processors the servers used
   */
  record Result(double perSecond, Latencies latencies, double serverCpu) {}

  /** What the clients send. */
  interface Requests {
    /** The n-th request of a client. */
    byte[] next(int client, long n);
  }

  private RequestLoad() {}

  static Result run(
      ParleyServer server, int clients, double warmUp, double seconds, Requests requests)
      throws Exception {
    return run(List.of(server), clients, warmUp, seconds, requests);
  }

  /**
   * @param servers of a cluster, dealt to the clients in turn, each of which keeps to its own
   */
  static Result run(
      List<ParleyServer> servers, int clients, double warmUp, double seconds, Requests requests)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    long from = System.nanoTime() + (long) (warmUp * 1e9);
    long to = from + (long) (seconds * 1e9);
    try {
      List<Future<Latencies>> running = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        running.add(threads.submit(client(servers.get(i % servers.size()), i, requests, from, to)));
      }
      Thread.sleep((long) (warmUp * 1000));
      double cpuBefore = cpuSeconds(servers);
      long cpuFrom = System.nanoTime();
      List<Latencies> parts = new ArrayList<>();
      for (Future<Latencies> future : running) {
        parts.add(future.get());
      }
      double cpu = (cpuSeconds(servers) - cpuBefore) / ((System.nanoTime() - cpuFrom) / 1e9);
      Latencies all = Latencies.of(parts);
      return new Result(all.count() / seconds, all, cpu);
    } finally {
      threads.shutdownNow();
    }
  }

  private static double cpuSeconds(List<ParleyServer> servers) {
    return servers.stream().distinct().mapToDouble(ParleyServer::cpuSeconds).sum();
  }

  private static Callable<Latencies> client(
      ParleyServer server, int number, Requests requests, long from, long to) {
    return () -> {
      Latencies latencies = new Latencies();
      try (HttpConnection connection = new HttpConnection(server.port())) {
        for (long i = 0; System.nanoTime() < to; i++) {
          byte[] request = requests.next(number, i);
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
