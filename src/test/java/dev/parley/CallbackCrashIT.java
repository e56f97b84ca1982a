package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.CallbackReceiver.Call;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A callback that is owed survives the server that owes it. */
class CallbackCrashIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  private static JsonNode ok(HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  @Test
  void what_ended_before_a_kill_is_told_after_the_restart() throws Exception {
    int port;
    try (CallbackReceiver closed = CallbackReceiver.start()) {
      port = closed.port();
    }
    Map<String, String> environment =
        Map.of(
            "PARLEY_SECRET_KEY",
            ParleyProcess.SECRET_KEY,
            "PARLEY_CALLBACKS_ALLOWED_NETWORKS",
            "127.0.0.0/8, ::1");
    try (ParleyProcess server = ParleyProcess.start(directory, environment)) {
      TestClient client = new TestClient(server, ParleyProcess.SECRET_KEY);
      client.create("crash");
      String run = client.session("crash").get("currentRunId").asText();
      String callback = "\"callbackUrl\":\"http://127.0.0.1:" + port;
      ok(
          client.send(
              "POST",
              "/api/v1/runs/" + run + "/session-streams/wait",
              "{\"session\":\"crash\",\"io\":\"in\"," + callback + "/record\"}"));
      String token =
          ok(client.send("POST", "/api/v1/waitpoints/tokens", "{" + callback + "/token\"}"))
              .get("id")
              .asText();
      assertThat(
              client.append("crash", "in", UUID.randomUUID().toString(), "the record").statusCode())
          .isEqualTo(200);
      ok(
          client.send(
              "POST",
              "/api/v1/waitpoints/tokens/" + token + "/complete",
              "{\"data\":\"by hand\"}"));
      // Nobody listens at the receiver's port before the server is dead.
      server.kill9();
      try (CallbackReceiver receiver = CallbackReceiver.startOn(port)) {
        server.restart();
        Call record = receiver.await("record", 1).get(0);
        assertThat(record.json().get("output").asText()).isEqualTo("the record");
        Call completed = receiver.await("token", 1).get(0);
        assertThat(completed.json().get("id").asText()).isEqualTo(token);
        assertThat(completed.header("X-Parley-Delivery"))
            .isEqualTo(token.replace("waitpoint", "delivery"));
        assertThat(record.isSignedWith(ParleyProcess.SECRET_KEY)).isTrue();
        assertThat(completed.isSignedWith(ParleyProcess.SECRET_KEY)).isTrue();
      }
    }
  }
}
