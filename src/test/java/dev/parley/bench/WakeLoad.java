package dev.parley.bench;

import dev.parley.session.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** From the append to somebody who waits for it. */
final class WakeLoad {
  /** Long enough for the request of one who waits to get to the session. */
  private static final long SETTLING_MILLIS = 8;

  private static final Pattern ID = Pattern.compile("waitpoint_[0-9a-f]{64}");
  private static final byte[] DONE = "\nevent: waitpoint".getBytes(StandardCharsets.US_ASCII);

  /**
   * @param fromSend from before the append is sent until the waiter has its answer
   * @param fromAck from the acknowledgement of the append; zero when the waiter was first
   */
  record Result(Latencies fromSend, Latencies fromAck) {}

  private WakeLoad() {}

  /**
   * One waiter at a time on one stream.
   *
   * @param sse whether it reads events instead of polling
   */
  static Result run(ParleyServer server, String key, boolean sse, int warmUp, int count)
      throws Exception {
    String run = RunId.mint("env_default");
    ExecutorService waiter = Executors.newSingleThreadExecutor();
    Latencies fromSend = new Latencies();
    Latencies fromAck = new Latencies();
    long last = -1;
    try (HttpConnection connection = new HttpConnection(server.port());
        HttpConnection polling = new HttpConnection(server.port())) {
      for (int i = 0; i < warmUp + count; i++) {
        String id = register(connection, run, key, last);
        Future<Long> woken = waiter.submit(() -> sse ? readEvents(server, id) : poll(polling, id));
        TimeUnit.MILLISECONDS.sleep(SETTLING_MILLIS);
        byte[] append =
            HttpConnection.request(
                "POST", "/realtime/v1/sessions/" + key + "/in/append", "", new byte[256]);
        long sent = System.nanoTime();
        last = seq(connection.exchange(append));
        long acknowledged = System.nanoTime();
        long answered = woken.get(30, TimeUnit.SECONDS);
        if (i >= warmUp) {
          fromSend.add(answered - sent);
          fromAck.add(Math.max(0, answered - acknowledged));
        }
      }
    } finally {
      waiter.shutdownNow();
    }
    return new Result(fromSend.sorted(), fromAck.sorted());
  }

  private static String register(HttpConnection connection, String run, String key, long last)
      throws IOException {
    String body = "{\"session\":\"%s\",\"io\":\"in\",\"lastSeqNum\":%d}".formatted(key, last);
    byte[] answer =
        connection.exchange(
            HttpConnection.request(
                "POST",
                "/api/v1/runs/" + run + "/session-streams/wait",
                "Content-Type: application/json\r\n",
                body.getBytes(StandardCharsets.UTF_8)));
    return find(ID, answer);
  }

  private static long seq(byte[] answer) {
    return Long.parseLong(find(Pattern.compile("(?<=\"seq\":)[0-9]+"), answer));
  }

  private static String find(Pattern pattern, byte[] answer) {
    Matcher matcher = pattern.matcher(new String(answer, StandardCharsets.UTF_8));
    if (!matcher.find()) {
      throw new IllegalStateException(
          "no " + pattern + " in " + new String(answer, StandardCharsets.UTF_8));
    }
    return matcher.group();
  }

  private static long poll(HttpConnection connection, String id) throws IOException {
    byte[] answer = connection.exchange(get(id + "?wait=30", ""));
    long answered = System.nanoTime();
    if (!new String(answer, StandardCharsets.UTF_8).contains("COMPLETED")) {
      throw new IOException("still waiting: " + new String(answer, StandardCharsets.UTF_8));
    }
    return answered;
  }

  private static long readEvents(ParleyServer server, String id) throws IOException {
    try (HttpConnection connection = new HttpConnection(server.port())) {
      InputStream in = connection.open(get(id, "Accept: text/event-stream\r\n"));
      HttpConnection.skipBehind(in, DONE);
      return System.nanoTime();
    }
  }

  private static byte[] get(String rest, String headers) {
    return HttpConnection.request("GET", "/api/v1/waitpoints/tokens/" + rest, headers, new byte[0]);
  }
}
