package dev.parley;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Somebody who is called back: a real server on all addresses of this machine that notes what it
 * was sent.
 */
public final class CallbackReceiver implements AutoCloseable {
  /** In the place of a status: never answers. */
  public static final int SILENCE = 0;

  private static final Pattern SIGNATURE = Pattern.compile("t=([0-9]+),v1=([0-9a-f]{64})");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Map<String, AtomicInteger> callsOfPath = new ConcurrentHashMap<>();

  /**
   * @param path and query
   * @param headers first values
   */
  public record Call(
      String method, URI path, Map<String, String> headers, byte[] body, long timeMillis) {
    public JsonNode json() {
      try {
        return new ObjectMapper().readTree(body);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    public String header(String name) {
      return headers.get(name);
    }

    /** As README says: the secret follows from the key, the signature from time and body. */
    public boolean isSignedWith(String secretKey) {
      Matcher signature = SIGNATURE.matcher(header("X-Parley-Signature"));
      if (!signature.matches()
          || Math.abs(Long.parseLong(signature.group(1)) * 1_000 - timeMillis) > 5_000) {
        return false;
      }
      String secret = hmac(secretKey, "parley-callback".getBytes(StandardCharsets.UTF_8));
      byte[] time = (signature.group(1) + ".").getBytes(StandardCharsets.UTF_8);
      byte[] signed = Arrays.copyOf(time, time.length + body.length);
      System.arraycopy(body, 0, signed, time.length, body.length);
      return hmac(secret, signed).equals(signature.group(2));
    }

    private static String hmac(String key, byte[] text) {
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text));
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
    }
  }

  private CallbackReceiver(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(port), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public static CallbackReceiver start() throws IOException {
    return new CallbackReceiver(0);
  }

  /** On a port on which nobody has listened so far. */
  public static CallbackReceiver startOn(int port) throws IOException {
    return new CallbackReceiver(port);
  }

  /**
   * @param statuses of the answers to the calls of this URL, in order; the last one is that of all
   *     that come after
   */
  public String url(String name, int... statuses) {
    StringBuilder url = new StringBuilder("http://127.0.0.1:" + port() + "/" + name);
    for (int i = 0; i < statuses.length; i++) {
      url.append(i == 0 ? "?" : ",").append(statuses[i]);
    }
    return url.toString();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
    URI path = exchange.getRequestURI();
    int before =
        callsOfPath
            .computeIfAbsent(path.getPath(), ignored -> new AtomicInteger())
            .getAndIncrement();
    String[] statuses = path.getQuery() == null ? new String[] {"200"} : path.getQuery().split(",");
    int status = Integer.parseInt(statuses[Math.min(before, statuses.length - 1)]);
    calls.add(
        new Call(exchange.getRequestMethod(), path, headers, body, System.currentTimeMillis()));
    if (status == SILENCE) {
      awaitClosing();
    } else {
      exchange.getResponseHeaders().add("Location", "/elsewhere");
      exchange.sendResponseHeaders(status, -1);
    }
    exchange.close();
  }

  private void awaitClosing() {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** All calls so far. */
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  /** The calls of a URL. */
  public List<Call> calls(String name) {
    return calls.stream().filter(call -> call.path().getPath().equals("/" + name)).toList();
  }

  /** The calls of a URL, as soon as there are so many. */
  public List<Call> await(String name, int count) {
    if (!Eventually.within(PATIENCE, () -> calls(name).size() >= count)) {
      throw new AssertionError("/%s was called %d times".formatted(name, calls(name).size()));
    }
    return calls(name);
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdown();
  }
}
