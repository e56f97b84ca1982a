package dev.parley.ops.alerts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/** A stand-in for Telegram and for Sentry that answers as it is told, in the order given. */
public final class AlertReceiver implements AutoCloseable {
  /**
   * A request that came.
   *
   * @param at by {@link System#nanoTime}
   */
  public record Received(String path, String auth, String body, long at) {}

  private record Reply(int status, String retryAfter) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final LinkedBlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private final ConcurrentLinkedQueue<Reply> replies = new ConcurrentLinkedQueue<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile boolean holding;

  public AlertReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 50);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  public String origin() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The next requests are answered with these; those after with 200. */
  AlertReceiver answering(Integer... next) {
    for (int status : next) {
      replies.add(new Reply(status, ""));
    }
    return this;
  }

  /** The next request is answered 429 with this as {@code Retry-After}. */
  AlertReceiver busy(String retryAfter) {
    replies.add(new Reply(429, retryAfter));
    return this;
  }

  /** From now on nothing is answered until the end. */
  AlertReceiver silent() {
    holding = true;
    return this;
  }

  /** What was held is answered, and what comes from now on. */
  void release() {
    holding = false;
    released.countDown();
  }

  /** The next request, or null when none comes in time. */
  public Received next(Duration limit) throws InterruptedException {
    return received.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** All that have come and were not taken. */
  List<Received> rest() {
    List<Received> rest = new ArrayList<>();
    received.drainTo(rest);
    return rest;
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] bytes = exchange.getRequestBody().readAllBytes();
    if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
      bytes = new GZIPInputStream(new java.io.ByteArrayInputStream(bytes)).readAllBytes();
    }
    received.add(
        new Received(
            exchange.getRequestURI().getPath(),
            String.valueOf(exchange.getRequestHeaders().getFirst("X-Sentry-Auth")),
            new String(bytes, StandardCharsets.UTF_8),
            System.nanoTime()));
    try {
      if (holding) {
        released.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Reply reply = replies.poll();
    if (reply != null && !reply.retryAfter().isEmpty()) {
      exchange.getResponseHeaders().set("Retry-After", reply.retryAfter());
    }
    exchange.sendResponseHeaders(reply == null ? 200 : reply.status(), -1);
    exchange.close();
  }

  @Override
  public void close() {
    released.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
