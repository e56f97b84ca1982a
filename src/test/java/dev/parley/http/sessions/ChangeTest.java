package dev.parley.http.sessions;

import static dev.parley.http.Fixtures.append;
import static dev.parley.http.Fixtures.close;
import static dev.parley.http.Fixtures.create;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.fresh;
import static dev.parley.http.Fixtures.records;
import static dev.parley.http.Fixtures.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** trigger.md sections 3.4, 3.5 and 3.7, across.md section 2. */
class ChangeTest {
  @Test
  void an_update_changes_what_it_gives() {
    String key = fresh("update");
    create(key, ",\"tags\":[\"a\"],\"metadata\":{\"m\":1}");
    assertThat(update(key, "{\"tags\":[\"b\",\"c\"]}").json().get("tags").toString())
        .isEqualTo("[\"b\",\"c\"]");
    assertThat(update(key, "{}").json().get("metadata").toString()).isEqualTo("{\"m\":1}");
    assertThat(update(key, "{\"metadata\":null}").json().get("metadata").isNull()).isTrue();
    Answer answer =
        update(key, "{\"metadata\":{\"n\":[1,2.5,null]},\"externalId\":\"" + key + "\"}");
    assertThat(answer.status()).isEqualTo(200);
    JsonNode row = Wire.get(session(key)).asAcme().send().json();
    assertThat(row).isEqualTo(answer.json());
    assertThat(row.get("metadata").toString()).isEqualTo("{\"n\":[1,2.5,null]}");
    assertThat(row.has("publicAccessToken")).isFalse();
  }

  @Test
  void an_external_id_never_changes() {
    String key = created("fixed");
    for (String body : List.of("{\"externalId\":\"other\"}", "{\"externalId\":null}")) {
      Answer answer = update(key, body);
      assertThat(answer.status()).isEqualTo(422);
      assertThat(answer.error()).startsWith("externalId cannot be changed after creation; ");
    }
    String anonymous =
        Wire.post("/api/v1/sessions")
            .asAcme()
            .body(
                "{\"type\":\"t\",\"taskIdentifier\":\"x\",\"triggerConfig\":{\"basePayload\":{}}}")
            .send()
            .json()
            .get("id")
            .asText();
    assertThat(update(anonymous, "{\"externalId\":null}").status()).isEqualTo(200);
    assertThat(update(anonymous, "{\"externalId\":\"now\"}").status()).isEqualTo(422);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"tags\":\"a\"}",
        "{\"tags\":[1]}",
        "{\"tags\":null}",
        "{\"metadata\":[]}",
        "{\"metadata\":1}",
        "{\"externalId\":1}",
        "[]",
        "{\"tags\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\"]}"
      })
  void a_bad_update_is_refused(String body) {
    Answer answer = update(created("bad"), body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).startsWith("Validation error: ");
  }

  @Test
  void the_first_close_stays() {
    String key = created("close");
    List<CompletableFuture<Answer>> calls =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    Wire.post(session(key) + "/close")
                        .asAcme()
                        .body("{\"reason\":\"r" + i + "\"}")
                        .sendAsync())
            .toList();
    List<Answer> answers = calls.stream().map(CompletableFuture::join).toList();
    assertThat(answers).extracting(Answer::status).containsOnly(200);
    assertThat(answers).extracting(Answer::body).containsOnly(answers.get(0).body());
    JsonNode row = answers.get(0).json();
    assertThat(row.get("closedReason").asText()).matches("r[0-7]");
    assertThat(Instant.parse(row.get("closedAt").asText())).isBeforeOrEqualTo(Instant.now());
    assertThat(close(key, "{}").body()).isEqualTo(answers.get(0).body());
    assertThat(records(key, "in")).hasSize(1);
    assertThat(records(key, "channels/lifecycle/out")).hasSize(2);
  }

  @Test
  void an_external_close_wakes_the_agent_and_is_reported() {
    String key = created("wake");
    append(key, "hello");
    close(key, "{\"reason\":\"a \\\"reason\\\"\"}");
    JsonNode in = records(key, "in");
    assertThat(in).hasSize(2);
    assertThat(Answer.parse(in.get(1).get("data").asText()).toString())
        .isEqualTo(
            "{\"kind\":\"message\",\"payload\":{\"chatId\":\""
                + key
                + "\",\"trigger\":\"close\"}}");
    assertThat(in.get(1).get("id").asText()).isNotEmpty();
    JsonNode lifecycle = records(key, "channels/lifecycle/out");
    assertThat(lifecycle.get(0).get("data").get("type").asText()).isEqualTo("created");
    assertThat(lifecycle.get(1).get("data").get("type").asText()).isEqualTo("closed");
    assertThat(lifecycle.get(1).get("data").get("reason").asText()).isEqualTo("a \"reason\"");
    assertThat(lifecycle.get(1).get("data").get("at").asText())
        .isEqualTo(Wire.get(session(key)).asAcme().send().json().get("closedAt").asText());
  }

  @Test
  void a_close_by_the_current_run_wakes_nobody() {
    String key = fresh("own-close");
    String run = create(key).get("runId").asText();
    assertThat(close(key, "{\"callingRunId\":\"" + run + "\"}").status()).isEqualTo(200);
    assertThat(records(key, "in")).isEmpty();
    assertThat(records(key, "channels/lifecycle/out")).hasSize(2);
  }

  @Test
  void a_close_by_a_run_of_before_wakes_the_present_one() {
    String key = fresh("old-run");
    String run = create(key).get("runId").asText();
    proceed(key, run);
    close(key, "{\"callingRunId\":\"" + run + "\"}");
    assertThat(records(key, "in")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"reason\":1}", "{\"reason\":\"a\\u0000\"}", "{\"callingRunId\":7}", "[]"})
  void a_bad_close_is_refused_and_closes_nothing(String body) {
    String key = created("bad-close");
    assertThat(close(key, body).status()).isEqualTo(400);
    assertThat(close(key, "{\"reason\":\"" + "r".repeat(257) + "\"}").status()).isEqualTo(400);
    assertThat(append(key, "still open").status()).isEqualTo(200);
    assertThat(close(key, "{\"reason\":\"" + "r".repeat(256) + "\"}").status()).isEqualTo(200);
  }

  @Test
  void a_run_ends_and_continues_once() {
    String key = fresh("swap");
    String first = create(key).get("runId").asText();
    List<CompletableFuture<Answer>> calls =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    Wire.post(session(key) + "/end-and-continue")
                        .asAcme()
                        .body(swap(first))
                        .sendAsync())
            .toList();
    List<Answer> answers = calls.stream().map(CompletableFuture::join).toList();
    assertThat(answers).extracting(Answer::status).containsOnly(200);
    assertThat(answers).filteredOn(answer -> answer.json().get("swapped").asBoolean()).hasSize(1);
    String second = answers.get(0).json().get("runId").asText();
    assertThat(answers)
        .extracting(answer -> answer.json().get("runId").asText())
        .containsOnly(second);
    assertThat(second).isNotEqualTo(first);
    assertThat(Wire.get(session(key)).asAcme().send().json().get("currentRunId").asText())
        .isEqualTo(second);
  }

  static Stream<Arguments> refusedSwaps() {
    String run = create(fresh("run")).get("runId").asText();
    String closed = created("swap-closed");
    close(closed, "{}");
    String expired = fresh("swap-expired");
    create(expired, ",\"expiresAt\":0");
    return Stream.of(
        arguments(closed, swap(run), 400, "Cannot end-and-continue a closed session"),
        arguments(expired, swap(run), 400, "Cannot end-and-continue an expired session"),
        arguments(
            created("s"), swap("run_unknown"), 404, "callingRunId not found in this environment"),
        arguments(created("s"), swap(""), 404, "callingRunId not found in this environment"),
        arguments("nobody", swap(run), 404, "Resource not found"),
        arguments(created("s"), "{\"callingRunId\":\"" + run + "\"}", 400, "Validation error: "),
        arguments(
            created("s"),
            "{\"callingRunId\":\"r\",\"reason\":\"" + "r".repeat(65) + "\"}",
            400,
            "Validation error: "));
  }

  @ParameterizedTest(name = "{3}")
  @MethodSource("refusedSwaps")
  void a_swap_that_cannot_be_is_refused(String key, String body, int status, String error) {
    Answer answer = Wire.post(session(key) + "/end-and-continue").asAcme().body(body).send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.error()).startsWith(error);
  }

  @Test
  void a_run_of_another_tenant_is_not_found() {
    String key = created("foreign-run");
    String foreign =
        Wire.post("/api/v1/sessions")
            .as(TestServer.GLOBEX_KEY)
            .body(dev.parley.http.Fixtures.createBody(fresh("x")))
            .send()
            .json()
            .get("runId")
            .asText();
    assertThat(proceed(key, foreign).status()).isEqualTo(404);
  }

  @Test
  void a_session_expires_at_its_instant() throws InterruptedException {
    String key = fresh("instant");
    Instant end = Instant.now().plusMillis(1_200);
    create(key, ",\"expiresAt\":\"" + end + "\"");
    Answer last = append(key, "x");
    while (last.status() == 200) {
      assertThat(Instant.now()).isBefore(end.plusMillis(500));
      Thread.sleep(10);
      last = append(key, "x");
    }
    assertThat(Instant.now()).isAfter(end);
    assertThat(last.status()).isEqualTo(400);
    assertThat(last.body())
        .isEqualTo("{\"ok\":false,\"error\":\"Cannot append to an expired session\"}");
    assertThat(listed(key, "EXPIRED")).hasSize(1);
    assertThat(listed(key, "ACTIVE")).isEmpty();
    assertThat(Wire.get(session(key)).asAcme().send().status()).isEqualTo(200);
    assertThat(close(key, "{}").status()).isEqualTo(200);
    assertThat(append(key, "x").status()).isEqualTo(409);
  }

  private static JsonNode listed(String key, String status) {
    return Wire.get(
            "/api/v1/sessions?filter%5BexternalId%5D=" + key + "&filter%5Bstatus%5D=" + status)
        .asAcme()
        .send()
        .json()
        .get("data");
  }

  private static Answer update(String key, String body) {
    return Wire.patch(session(key)).asAcme().body(body).send();
  }

  private static Answer proceed(String key, String run) {
    return Wire.post(session(key) + "/end-and-continue").asAcme().body(swap(run)).send();
  }

  private static String swap(String run) {
    return "{\"callingRunId\":\"" + run + "\",\"reason\":\"upgrade\"}";
  }
}
