package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Appends as {@link RepeatingWriter}, and looks at every answer: the server is never away here, so
 * that each append must be answered, and in time.
 */
final class WatchedWriter extends Thread {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

  private final TestClient client;
  private final String session;
  private final String io;
  private final List<TestClient.Item> acknowledged = new CopyOnWriteArrayList<>();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile Duration slowest = Duration.ZERO;
  private volatile boolean finishing;
  private volatile Throwable failure;

  WatchedWriter(TestClient client, String session, String io) {
    super("writer of " + session + "." + io);
    this.client = client;
    this.session = session;
    this.io = io;
    setDaemon(true);
    setUncaughtExceptionHandler((thread, thrown) -> failure = thrown);
  }

  /** What was acknowledged, each at the sequence number of its acknowledgement. */
  List<TestClient.Item> acknowledged() {
    return acknowledged;
  }

  /** How many appends were answered with 503. */
  int refused() {
    return refused.get();
  }

  /** How long the slowest answer took. */
  Duration slowest() {
    return slowest;
  }

  String session() {
    return session;
  }

  String io() {
    return io;
  }

  /** Fails with what went wrong so far. */
  void check() {
    assertThat(failure).as(getName()).isNull();
  }

  /** Lets it end after its next acknowledgement. */
  void finish(Duration limit) throws InterruptedException {
    finishing = true;
    join(limit.toMillis());
    check();
    assertThat(isAlive()).as("%s waits for an acknowledgement", getName()).isFalse();
  }

  @Override
  public void run() {
    for (int i = 0; !finishing; i++) {
      String partId = session + "/" + io + ":" + i;
      String data = "text " + i + " " + "x".repeat(20);
      acknowledged.add(new TestClient.Item(untilAcknowledged(partId, data), partId, data));
    }
  }

  private long untilAcknowledged(String partId, String data) {
    while (true) {
      try {
        long asked = System.nanoTime();
        HttpResponse<String> response = client.append(session, io, partId, data);
        Duration took = Duration.ofNanos(System.nanoTime() - asked);
        slowest = took.compareTo(slowest) > 0 ? took : slowest;
        if (response.statusCode() == 200) {
          return JSON.readTree(response.body()).get("seq").asLong();
        }
        assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).as(response.body()).isPresent();
        refused.incrementAndGet();
      } catch (IOException e) {
        throw new IllegalStateException("an append was not answered", e);
      } catch (InterruptedException e) {
        throw new IllegalStateException("Interrupted", e);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
