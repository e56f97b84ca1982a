package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An import that a kill has cut off is completed by the same import, and doubles nothing. */
class TransferCrashIT {
  private static final String KEY = ParleyProcess.SECRET_KEY;
  private static final int SESSIONS = 20;
  private static final int RECORDS = 12;

  /** So large that a session takes several commits. */
  private static final int RECORD_BYTES = 100_000;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir Path first;
  @TempDir Path second;

  private HttpRequest.Builder request(ParleyProcess server, String path) {
    return HttpRequest.newBuilder(URI.create(server.baseUrl() + path))
        .header("Authorization", "Bearer " + KEY);
  }

  private List<String> export(ParleyProcess server) throws Exception {
    HttpResponse<String> response =
        http.send(
            request(server, "/api/v1/export").GET().build(), HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body().lines().toList();
  }

  private JsonNode load(ParleyProcess server, InputStream lines) throws Exception {
    HttpResponse<String> response =
        http.send(
            request(server, "/api/v1/import")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> lines))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new ObjectMapper().readTree(response.body());
  }

  /** Gives half of the bytes, then waits until there is nobody to give the rest to. */
  private static final class Half extends InputStream {
    private final byte[] bytes;
    private final CountDownLatch killed;
    private int given;

    Half(byte[] bytes, CountDownLatch killed) {
      this.bytes = bytes;
      this.killed = killed;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("read in pieces");
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
      if (given >= bytes.length / 2) {
        try {
          killed.await();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        return -1;
      }
      int count = Math.min(length, bytes.length - given);
      System.arraycopy(bytes, given, to, from, count);
      given += count;
      return count;
    }
  }

  @Test
  void an_import_that_is_cut_off_by_a_kill_is_completed_by_the_next() throws Exception {
    List<String> lines;
    try (ParleyProcess origin = ParleyProcess.start(first)) {
      TestClient client = new TestClient(origin, KEY);
      for (int i = 0; i < SESSIONS; i++) {
        client.create("moved " + i);
        for (int n = 0; n < RECORDS; n++) {
          client.append("moved " + i, "in", "part " + n, Integer.toString(n).repeat(RECORD_BYTES));
        }
      }
      lines = export(origin);
    }
    byte[] whole = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    try (ParleyProcess target = ParleyProcess.start(second)) {
      CountDownLatch killed = new CountDownLatch(1);
      Thread importing =
          new Thread(
              () -> {
                try {
                  load(target, new Half(whole, killed));
                } catch (Exception | AssertionError e) {
                  // The server is gone.
                }
              });
      importing.start();
      TestClient client = new TestClient(target, KEY);
      String third = externalId(lines, 2);
      assertThat(
              Eventually.within(
                  java.time.Duration.ofSeconds(60), () -> status(client, third) == 200))
          .isTrue();
      target.kill9();
      killed.countDown();
      importing.join(TimeUnit.SECONDS.toMillis(30));
      target.restart();
      JsonNode outcome = load(target, new java.io.ByteArrayInputStream(whole));
      assertThat(outcome.get("unchanged").asInt()).as("%s", outcome).isBetween(3, SESSIONS - 1);
      assertThat(outcome.get("unchanged").asInt() + outcome.get("restored").asInt())
          .isEqualTo(SESSIONS);
      List<String> again = export(target);
      assertThat(again.subList(1, again.size())).isEqualTo(lines.subList(1, lines.size()));
    }
  }

  private static String externalId(List<String> lines, int session) throws IOException {
    List<String> sessions =
        lines.stream().filter(line -> line.startsWith("{\"session\":")).toList();
    return new ObjectMapper()
        .readTree(sessions.get(session))
        .at("/session/row/externalId")
        .asText();
  }

  private static int status(TestClient client, String key) {
    try {
      return client.send("GET", "/api/v1/sessions/" + key.replace(" ", "%20"), "").statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      throw new IllegalStateException("Interrupted", e);
    }
  }
}
