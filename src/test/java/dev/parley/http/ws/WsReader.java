package dev.parley.http.ws;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Follows the {@code out} of a session over WebSockets as a page does: when a socket ends it opens
 * the next one, at the next node, from the first number that it has not seen.
 */
public final class WsReader extends Thread {
  private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

  private final List<String> origins;
  private final String session;
  private final String token;
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private volatile int node;
  private volatile boolean finishing;

  /** A record as it came. */
  public record Seen(long seq, String id, String data) {}

  /**
   * @param origins of the nodes of a cluster; the first is asked first
   * @param token opens a socket on each
   */
  public WsReader(List<String> origins, String session, String token) {
    super("ws-reader-" + session);
    this.origins = List.copyOf(origins);
    this.session = session;
    this.token = token;
    setDaemon(true);
  }

  /** All that came, in the order in which it came. */
  public List<Seen> seen() {
    return List.copyOf(seen);
  }

  /** The number of the node that it reads from, or tries to. */
  public int node() {
    return node;
  }

  public void finish() {
    finishing = true;
  }

  @Override
  public void run() {
    while (!finishing) {
      try {
        follow(WsClient.open(origins.get(node), token));
      } catch (ExecutionException | TimeoutException e) {
        // This node takes no socket now.
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      if (!finishing) {
        node = (node + 1) % origins.size();
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private void follow(WsClient socket) throws Exception {
    long from = seen.isEmpty() ? 0 : seen.get(seen.size() - 1).seq() + 1;
    socket.send(
        "{\"type\":\"subscribe\",\"ref\":1,\"session\":\"%s\",\"channel\":\"out\",\"from\":%d}"
            .formatted(session, from));
    while (!finishing) {
      JsonNode frame = socket.poll();
      if (frame != null) {
        if (frame.path("type").asText().equals("error")) {
          // The session is about to find another node.
          break;
        }
        take(frame);
      } else if (socket.hasEnded()) {
        return;
      } else {
        LockSupport.parkNanos(PAUSE_NANOS / 10);
      }
    }
    socket.socket().abort();
  }

  private void take(JsonNode frame) {
    for (JsonNode record : frame.path("records")) {
      seen.add(
          new Seen(
              record.get("seq").longValue(),
              record.path("id").asText(),
              record.path("data").asText()));
    }
  }
}
