package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** Appends one record after the other, each with the same part id until it is acknowledged. */
final class RepeatingWriter extends Thread {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

  /** Leaves some of the machine to what runs beside. */
  private static final long BETWEEN_NANOS = Duration.ofMillis(4).toNanos();

  private final List<TestClient> clients;
  private final String session;
  private final String io;
  private final List<TestClient.Item> acknowledged = new CopyOnWriteArrayList<>();
  private int node;
  private volatile boolean finishing;
  private volatile Throwable failure;

  RepeatingWriter(TestClient client, String session, String io, String name) {
    this(List.of(client), session, io, name);
  }

  /**
   * @param clients of the nodes of a cluster; when one does not answer, the next is asked
   */
  RepeatingWriter(List<TestClient> clients, String session, String io, String name) {
    super(name);
    this.clients = List.copyOf(clients);
    this.session = session;
    this.io = io;
    setDaemon(true);
    setUncaughtExceptionHandler((thread, thrown) -> failure = thrown);
  }

  /** What was acknowledged, each at the sequence number of its acknowledgement. */
  List<TestClient.Item> acknowledged() {
    return acknowledged;
  }

  /** Lets it end after its next acknowledgement. */
  void finish(Duration limit) throws InterruptedException {
    finishing = true;
    join(limit.toMillis());
    assertThat(failure).isNull();
    assertThat(isAlive()).as("%s waits for an acknowledgement", getName()).isFalse();
  }

  @Override
  public void run() {
    for (int i = 0; !finishing; i++) {
      String partId = getName() + ":" + i;
      String data = "text " + i + " of " + getName();
      acknowledged.add(new TestClient.Item(untilAcknowledged(partId, data), partId, data));
      LockSupport.parkNanos(BETWEEN_NANOS);
    }
  }

  private long untilAcknowledged(String partId, String data) {
    while (true) {
      try {
        HttpResponse<String> response =
            clients.get(node % clients.size()).append(session, io, partId, data);
        if (response.statusCode() == 200) {
          return JSON.readTree(response.body()).get("seq").asLong();
        }
        assertThat(response.statusCode()).as(response.body()).isGreaterThanOrEqualTo(500);
      } catch (IOException e) {
        // The server is gone; what became of the append is not known.
      } catch (InterruptedException e) {
        throw new IllegalStateException("Interrupted", e);
      }
      node++;
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
