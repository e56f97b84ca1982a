package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.CallbackReceiver.Call;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callbacks of sessions that are asleep when the next try is due. */
class SleepingCallbacksTest {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir private static Path directory;

  private static String post(OwnServer server, String path, String body)
      throws IOException, InterruptedException {
    return HTTP.send(
            HttpRequest.newBuilder(URI.create(server.origin() + path))
                .header("Authorization", "Bearer " + OwnServer.KEY)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void a_session_that_fell_asleep_after_a_failed_try_wakes_for_the_next() throws Exception {
    Map<String, Object> settings =
        Map.of(
            "pekko.cluster.sharding.passivation.default-idle-strategy.idle-entity.timeout",
            "500ms",
            "parley.callbacks.first-pause",
            "4s",
            "parley.callbacks.allowed-networks",
            "127.0.0.1");
    try (CallbackReceiver receiver = CallbackReceiver.start();
        OwnServer server = OwnServer.start(directory, settings)) {
      String made =
          post(
              server,
              "/api/v1/waitpoints/tokens",
              "{\"callbackUrl\":\"" + receiver.url("w", 503, 200) + "\"}");
      String id = new ObjectMapper().readTree(made).get("id").asText();
      post(server, "/api/v1/waitpoints/tokens/" + id + "/complete", "{\"data\":1}");
      List<Call> calls = receiver.await("w", 2);
      assertThat(calls.get(1).timeMillis() - calls.get(0).timeMillis())
          .isGreaterThanOrEqualTo(3_900);
      assertThat(calls.get(1).isSignedWith(OwnServer.KEY)).isTrue();
    }
  }
}
