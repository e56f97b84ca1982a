package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The unchanged {@code @trigger.dev/sdk} against the packaged server (trigger.md). */
class PublishedClientIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** The shape with which the published client signs tokens itself (trigger.md 2.2). */
  private static final String ROOT_KEY = "tr_dev_rootkey_0123456789abcdef";

  @TempDir private static Path directory;

  private static ParleyProcess server;

  @BeforeAll
  static void start() {
    ClientProgram.requireInstalled();
    String keys = ParleyProcess.SECRET_KEY + "," + ROOT_KEY;
    server = ParleyProcess.start(directory, Map.of("PARLEY_SECRET_KEY", keys));
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.terminate();
      server.close();
    }
  }

  @Test
  void a_conversation_runs_from_its_start_to_its_end() throws Exception {
    JsonNode refused = run(ParleyProcess.SECRET_KEY, "main-job", "user/42?a=b+c d%25 👋");
    assertThat(refused.get("code").asText()).isEqualTo("session_closed");
    // Retried as other conflicts are, each of the two refusals would take more than nine seconds.
    assertThat(refused.get("millis").asInt()).isLessThan(2_000);

    TestClient outside = new TestClient(server, ParleyProcess.SECRET_KEY);
    JsonNode session = outside.session("user/42?a=b+c d%25 👋");
    assertThat(session.get("closedReason").asText()).isEqualTo("done 👍");
    assertThat(session.get("tags"))
        .hasSize(1)
        .first()
        .extracting(JsonNode::asText)
        .isEqualTo("user:2");
    assertThat(session.get("metadata").isNull()).isTrue();
    assertThat(outside.records(session.get("id").asText(), "in").subList(0, 4))
        .extracting(TestClient.Item::data)
        .containsExactly(
            "hello",
            "{\"kind\":\"message\",\"payload\":{\"text\":\"ß\"}}",
            "👩‍👩‍👧‍👦 𝄞 \u0000 \"\\ \u2028",
            "123");
    assertThat(outside.records(session.get("id").asText(), "out"))
        .extracting(TestClient.Item::seq)
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
  }

  @Test
  void ids_may_hold_what_urls_use_for_themselves() throws Exception {
    run(ParleyProcess.SECRET_KEY, "identifiers");
  }

  @Test
  void pages_show_each_session_once_forward_and_backward() throws Exception {
    run(ParleyProcess.SECRET_KEY, "pages", "paged");
  }

  @ParameterizedTest
  @CsvSource({
    ParleyProcess.SECRET_KEY + ", /api/v1/auth/public-tokens",
    ROOT_KEY + ", /api/v1/auth/jwt/claims"
  })
  void a_public_token_opens_what_its_scopes_name_and_nothing_else(String key, String mintedBy)
      throws Exception {
    try (ClientProgram program = ClientProgram.start(server, key, "tokens", "tokens:" + mintedBy)) {
      program.awaitSuccess(LIMIT);
      assertThat(program.steps("minted"))
          .singleElement()
          .extracting(step -> step.get("by").asText())
          .isEqualTo(mintedBy);
    }
  }

  @Test
  void of_many_starts_at_once_one_makes_the_session() throws Exception {
    JsonNode started = run(ROOT_KEY, "start-once", "once");
    assertThat(started.get("made").asInt()).isEqualTo(1);
    assertThat(new TestClient(server, ROOT_KEY).session("once").get("id"))
        .isEqualTo(started.get("id"));
  }

  private static JsonNode run(String key, String name, String... arguments)
      throws InterruptedException {
    try (ClientProgram program = ClientProgram.start(server, key, name, arguments)) {
      return program.awaitSuccess(LIMIT);
    }
  }
}
