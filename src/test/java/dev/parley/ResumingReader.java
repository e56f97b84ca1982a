package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Follows a channel over SSE. When the stream ends, which it may only do behind an error event, it
 * asks for what comes behind the last event.
 */
final class ResumingReader extends Thread {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PAUSE_NANOS = Duration.ofMillis(100).toNanos();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI channel;
  private final String key;
  private final List<Long> seen = new CopyOnWriteArrayList<>();
  private volatile String lastEventId;
  private volatile InputStream stream = InputStream.nullInputStream();
  private volatile boolean finishing;
  private volatile Throwable failure;

  ResumingReader(ParleyProcess server, String key, String session, String io) {
    super("reader of " + session + "." + io);
    this.channel = URI.create(server.baseUrl() + "/realtime/v1/sessions/" + session + "/" + io);
    this.key = key;
    setDaemon(true);
    setUncaughtExceptionHandler((thread, thrown) -> failure = thrown);
  }

  /** The sequence numbers in the order in which they came. */
  List<Long> seen() {
    return seen;
  }

  /** Ends it, whatever it waits for. */
  void finish(Duration limit) throws InterruptedException, IOException {
    finishing = true;
    stream.close();
    join(limit.toMillis());
    assertThat(failure).as(getName()).isNull();
    assertThat(isAlive()).as("%s reads on", getName()).isFalse();
  }

  @Override
  public void run() {
    while (!finishing) {
      try {
        read();
      } catch (IOException e) {
        if (finishing) {
          return;
        }
        throw new IllegalStateException("the stream broke off behind " + lastEventId, e);
      } catch (InterruptedException e) {
        throw new IllegalStateException("Interrupted", e);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private void read() throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(channel)
            .header("Authorization", "Bearer " + key)
            // Ends by itself when the writers have.
            .header("Timeout-Seconds", "20");
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpResponse<InputStream> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    stream = response.body();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      if (response.statusCode() != 200) {
        assertThat(response.statusCode()).as("subscribing").isEqualTo(503);
        return;
      }
      follow(lines);
    }
  }

  private void follow(BufferedReader lines) throws IOException {
    String event = "";
    for (String line = lines.readLine(); line != null && !finishing; line = lines.readLine()) {
      if (line.startsWith("event: ")) {
        event = line.substring("event: ".length());
      } else if (line.startsWith("id: ")) {
        lastEventId = line.substring("id: ".length());
      } else if (line.startsWith("data: ") && event.equals("batch")) {
        for (JsonNode entry : JSON.readTree(line.substring("data: ".length())).get("records")) {
          seen.add(entry.get("seq_num").asLong());
        }
      } else if (line.isEmpty() && event.equals("error")) {
        return;
      } else if (line.equals("data: [DONE]")) {
        return;
      }
    }
    assertThat(finishing).as("the stream ended without a word behind %s", lastEventId).isTrue();
  }
}
