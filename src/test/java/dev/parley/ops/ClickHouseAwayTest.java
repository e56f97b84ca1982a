package dev.parley.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.Eventually;
import dev.parley.OwnServer;
import dev.parley.clickhouse.TestClickHouse;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose ClickHouse comes and goes. */
class ClickHouseAwayTest {
  private static final String PROJECTIONS = "/api/admin/projections";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final OkHttpClient HTTP =
      new OkHttpClient.Builder().readTimeout(Duration.ofSeconds(60)).build();

  private static Answer send(OwnServer server, String method, String path, String body) {
    Request request =
        new Request.Builder()
            .url(server.origin() + path)
            .header("Authorization", "Bearer " + OwnServer.KEY)
            .method(
                method,
                method.equals("GET")
                    ? null
                    : RequestBody.create(body, MediaType.get("application/json")))
            .build();
    try (Response response = HTTP.newCall(request).execute()) {
      return Answer.of(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String health(OwnServer server) {
    Answer answer = send(server, "GET", "/health", "");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json().get("projections").has("clickhouse")).isTrue();
    return answer.json().get("clickhouse").textValue();
  }

  private static JsonNode done(OwnServer server, String operation) {
    Answer answer = send(server, "POST", PROJECTIONS + "/clickhouse/" + operation, "");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  private static JsonNode status(OwnServer server) {
    return send(server, "GET", PROJECTIONS, "").json().get("projections").get(1);
  }

  private static void create(OwnServer server, String name) {
    Answer answer = send(server, "POST", Fixtures.SESSIONS, Fixtures.createBody(name));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
  }

  private static void awaitCaughtUp(OwnServer server) {
    assertThat(
            Eventually.within(PATIENCE, () -> status(server).get("eventsBehind").longValue() == 0))
        .as("%s", status(server))
        .isTrue();
  }

  private static String sessions(TestClickHouse clickHouse) {
    return clickHouse.execute("select count() from sessions_v1 final").strip();
  }

  @Test
  void health_tells_of_it_and_its_projection_can_be_paused_resumed_and_rebuilt(@TempDir Path data)
      throws Exception {
    TestClickHouse.assumeAvailable();
    try (TestClickHouse clickHouse = TestClickHouse.start()) {
      Assumptions.assumeTrue(clickHouse.isOurs());
      try (OwnServer server =
          OwnServer.start(data, Map.of("parley.clickhouse.url", clickHouse.url()))) {
        assertThat(health(server)).isEqualTo("ok");
        create(server, "there");
        awaitCaughtUp(server);
        assertThat(sessions(clickHouse)).isEqualTo("1");

        clickHouse.kill();
        assertThat(health(server)).isEqualTo("away");
        create(server, "away");
        assertThat(status(server).get("eventsBehind").longValue()).isPositive();
        assertThat(done(server, "pause").get("paused").booleanValue()).isTrue();

        clickHouse.restart();
        assertThat(health(server)).isEqualTo("ok");
        done(server, "resume");
        awaitCaughtUp(server);
        assertThat(sessions(clickHouse)).isEqualTo("2");

        clickHouse.execute("truncate table sessions_v1");
        done(server, "rebuild");
        awaitCaughtUp(server);
        assertThat(sessions(clickHouse)).isEqualTo("2");
      } finally {
        HTTP.connectionPool().evictAll();
      }
    }
  }
}
