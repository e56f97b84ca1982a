package dev.parley.bench;

import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.EventCodec;
import dev.parley.session.SessionEvent;
import dev.parley.session.TurnOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Conversations with the echo agent. */
final class MessageLoad {
  private static final String SESSIONS = "/api/messaging/sessions";
  private static final String AGENT = "00000000-0000-4000-8000-0000000000ec";
  private static final String TEXT = "How long does a message take to be answered, word by word?";

  private static final Pattern ID = Pattern.compile("(?<=\"sessionId\":\")[^\"]+");
  private static final byte[] DONE = "\nevent: done".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END_OF_CHUNKS = "\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final String TURNS_ENDED =
      "select count(*) from event_journal where event_ser_manifest = '"
          + EventCodec.manifest(
              new SessionEvent.TurnEnded(0, 0, TurnOutcome.ANSWERED, Instant.EPOCH, Instant.EPOCH))
          + "'";

  private MessageLoad() {}

  /** Creates conversations and gives back their ids. */
  static List<String> create(ParleyServer server, int count) throws IOException {
    List<String> ids = new ArrayList<>();
    try (HttpConnection connection = new HttpConnection(server.port())) {
      for (int i = 0; i < count; i++) {
        String body = "{\"agentId\":\"%s\",\"userId\":\"%s\"}".formatted(AGENT, UUID.randomUUID());
        byte[] answer = connection.exchange(json(SESSIONS, body));
        Matcher id = ID.matcher(new String(answer, StandardCharsets.UTF_8));
        if (!id.find()) {
          throw new IOException("no session in " + new String(answer, StandardCharsets.UTF_8));
        }
        ids.add(id.group());
      }
    }
    return ids;
  }

  /** A sign of life. */
  static byte[] heartbeat(String id) {
    return json(SESSIONS + "/" + id + "/heartbeat", "{}");
  }

  /** A message. */
  static byte[] message(String id, String transport) {
    return json(
        SESSIONS + "/" + id + "/messages",
        "{\"content\":\"%s\",\"transport\":\"%s\"}".formatted(TEXT, transport));
  }

  private static byte[] json(String path, String body) {
    return HttpConnection.request(
        "POST", path, "Content-Type: application/json\r\n", body.getBytes(StandardCharsets.UTF_8));
  }

  /** In each conversation one message after the other; from sending to the whole answer. */
  static Latencies answers(ParleyServer server, List<String> ids, int warmUp, int count)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(ids.size());
    try {
      List<Future<Latencies>> running = new ArrayList<>();
      for (String id : ids) {
        running.add(threads.submit(() -> converse(server, id, warmUp, count)));
      }
      List<Latencies> parts = new ArrayList<>();
      for (Future<Latencies> future : running) {
        parts.add(future.get());
      }
      return Latencies.of(parts);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Latencies converse(ParleyServer server, String id, int warmUp, int count)
      throws IOException {
    Latencies latencies = new Latencies();
    byte[] request = message(id, "sse");
    try (HttpConnection connection = new HttpConnection(server.port())) {
      for (int i = 0; i < warmUp + count; i++) {
        long begin = System.nanoTime();
        InputStream in = connection.open(request);
        HttpConnection.skipBehind(in, DONE);
        if (i >= warmUp) {
          latencies.add(System.nanoTime() - begin);
        }
        HttpConnection.skipBehind(in, END_OF_CHUNKS);
      }
    }
    return latencies;
  }

  /** Messages at a steady rate until it is closed. */
  static final class Steady implements AutoCloseable {
    private final ExecutorService threads;
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean over;

    /**
     * @param perSecond of all conversations together; 0 for none
     */
    Steady(ParleyServer server, List<String> ids, int perSecond) {
      threads = Executors.newFixedThreadPool(ids.size());
      if (perSecond > 0) {
        long interval = 1_000_000_000L * ids.size() / perSecond;
        for (int i = 0; i < ids.size(); i++) {
          byte[] request = message(ids.get(i), "websocket");
          long first = System.nanoTime() + interval * i / ids.size();
          running.add(threads.submit(() -> send(server, request, first, interval)));
        }
      }
    }

    private Void send(ParleyServer server, byte[] request, long first, long interval)
        throws IOException, InterruptedException {
      try (HttpConnection connection = new HttpConnection(server.port())) {
        for (long next = first; !over; next += interval) {
          TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
          connection.exchange(request);
        }
      }
      return null;
    }

    @Override
    public void close() throws Exception {
      over = true;
      for (Future<?> future : running) {
        future.get();
      }
      threads.shutdown();
    }
  }

  /** Turns of agents that have ended so far. */
  static long turnsEnded(DatabaseAddress address) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        PreparedStatement count = connection.prepareStatement(TURNS_ENDED);
        ResultSet row = count.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }
}
