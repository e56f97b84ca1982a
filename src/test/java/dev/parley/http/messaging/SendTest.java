package dev.parley.http.messaging;

import static dev.parley.http.messaging.Messaging.ISO;
import static dev.parley.http.messaging.Messaging.UUID_V4;
import static dev.parley.http.messaging.Messaging.create;
import static dev.parley.http.messaging.Messaging.created;
import static dev.parley.http.messaging.Messaging.error;
import static dev.parley.http.messaging.Messaging.get;
import static dev.parley.http.messaging.Messaging.session;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import dev.parley.session.Channel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** eliza.md section 6.1: sending a message and what comes back. */
class SendTest {
  private static Answer send(String sessionId, String body) {
    return Wire.post(session(sessionId) + "/messages").body(body).send();
  }

  private static JsonNode sent(String sessionId, String body) {
    Answer answer = send(sessionId, body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json();
  }

  private static JsonNode history(String sessionId) {
    return Messaging.ok(Wire.get(session(sessionId) + "/messages"));
  }

  @Test
  void the_answer_holds_what_old_and_new_clients_read() {
    JsonNode session = create(",\"metadata\":{\"plan\":\"free\",\"sessionId\":\"forged\"}");
    String id = session.get("sessionId").textValue();
    JsonNode body =
        sent(id, "{\"content\":\"hi\",\"metadata\":{\"plan\":\"pro\",\"agentId\":\"forged\"}}");

    JsonNode user = body.get("userMessage");
    assertThat(user.get("id").textValue()).matches(UUID_V4);
    assertThat(user.get("content").textValue()).isEqualTo("hi");
    assertThat(user.get("authorId")).isEqualTo(session.get("userId"));
    assertThat(user.get("author_id")).isEqualTo(session.get("userId"));
    assertThat(user.get("channel_id")).isEqualTo(session.get("channelId"));
    assertThat(user.get("createdAt").textValue()).matches(ISO);
    assertThat(user.get("created_at").longValue())
        .isEqualTo(Instant.parse(user.get("createdAt").textValue()).toEpochMilli());
    assertThat(user.get("source_type").textValue()).isEqualTo("user");
    assertThat(user.at("/raw_message/content").textValue()).isEqualTo("hi");
    assertThat(user.at("/raw_message/attachments")).isEmpty();
    assertThat(user.at("/metadata/plan").textValue()).isEqualTo("pro");
    assertThat(user.at("/metadata/sessionId").textValue()).isEqualTo(id);
    assertThat(user.at("/metadata/agentId")).isEqualTo(session.get("agentId"));
    for (String flat : List.of("id", "content", "authorId", "createdAt", "metadata")) {
      assertThat(body.get(flat)).as(flat).isEqualTo(user.get(flat));
    }
    JsonNode status = body.get("sessionStatus");
    assertThat(status.get("renewalCount").intValue()).isEqualTo(1);
    assertThat(status.get("wasRenewed").booleanValue()).isTrue();
    assertThat(status.get("isNearExpiration").booleanValue()).isFalse();
    assertThat(status.get("expiresAt").textValue()).matches(ISO);
    assertThat(body.get("success").booleanValue()).isTrue();
    assertThat(body.has("agentResponse")).isFalse();
    JsonNode data = body.get("data");
    assertThat(data.get("success").booleanValue()).isTrue();
    assertThat(data.get("userMessage")).isEqualTo(user);
    assertThat(data.get("sessionStatus")).isEqualTo(status);
    assertThat(get(id).get("renewalCount").intValue()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"transport,http", "transport,sync", "mode,http", "mode,sync"})
  void http_waits_for_the_agent(String field, String value) {
    String id = created();
    JsonNode body = sent(id, "{\"content\":\"say it again\",\"" + field + "\":\"" + value + "\"}");
    assertThat(body.at("/agentResponse/text").textValue()).isEqualTo("say it again");
    assertThat(body.at("/data/agentResponse")).isEqualTo(body.get("agentResponse"));
    assertThat(history(id).get("messages")).hasSize(2);
  }

  @Test
  void sse_streams_the_answer_and_ends() {
    String id = created();
    Answer answer = send(id, "{\"content\":\"one two three\",\"transport\":\"sse\"}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).isEqualTo("text/event-stream");
    assertThat(answer.header("cache-control")).isEqualTo("no-cache");
    List<String> names = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    JsonNode last = null;
    for (String event : answer.body().split("\n\n")) {
      String[] lines = event.split("\n");
      if (lines[0].startsWith(":")) {
        continue;
      }
      assertThat(lines).hasSize(2);
      names.add(lines[0].substring("event: ".length()));
      last = Answer.parse(lines[1].substring("data: ".length()));
      text.append(last.path("chunk").asText());
    }
    assertThat(names.get(0)).isEqualTo("user_message");
    assertThat(names.get(names.size() - 1)).isEqualTo("done");
    assertThat(new TreeSet<>(names.subList(1, names.size() - 1))).isEqualTo(Set.of("chunk"));
    assertThat(text.toString()).isEqualTo("one two three");
    assertThat(last.get("text").textValue()).isEqualTo("one two three");
    assertThat(history(id).get("messages")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        " ",
        "\\n",
        "\\u0000",
        "é 😀",
        "\\ud800",
        "a\\udc00b",
        "\\\"quoted\\\" \\\\ /"
      })
  void the_text_comes_back_as_it_was(String escaped) {
    String id = created();
    JsonNode body = sent(id, "{\"content\":\"" + escaped + "\",\"transport\":\"http\"}");
    String text = Answer.parse("\"" + escaped + "\"").textValue();
    assertThat(body.get("content").textValue()).isEqualTo(text);
    assertThat(body.at("/agentResponse/text").textValue()).isEqualTo(text);
    history(id)
        .get("messages")
        .forEach(message -> assertThat(message.get("content").textValue()).isEqualTo(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"content\":\"x\",\"transport\":7} | Transport must be a string",
        "{\"content\":\"x\",\"transport\":\"\"} | Invalid transport",
        "{\"content\":\"x\",\"mode\":\"push\"} | http, sse, websocket, sync, stream",
        "{\"content\":7} | must be a string",
        "{} | must be a string",
        "[] | must be a string"
      })
  void a_bad_body_is_refused_before_the_session_is_looked_for(String body, String words) {
    JsonNode error = error(send("nobody", body), 400, "VALIDATION_ERROR");
    assertThat(error.get("message").textValue()).contains(words);
  }

  @Test
  void the_rest_is_checked_behind_the_session() {
    error(send("nobody", "{\"content\":\"\"}"), 404, "SESSION_NOT_FOUND");
    String id = created();
    error(send(id, "{\"content\":\"\"}"), 400, "VALIDATION_ERROR");
    error(send(id, "{\"content\":\"" + "x".repeat(4_001) + "\"}"), 400, "VALIDATION_ERROR");
    error(send(id, "{\"content\":\"x\",\"metadata\":[]}"), 400, "VALIDATION_ERROR");
    error(send(id, "{\"content\":\"x\",\"attachments\":{}}"), 400, "VALIDATION_ERROR");
    error(
        send(id, "{\"content\":\"x\",\"attachments\":[{\"type\":\"virus\",\"url\":\"u\"}]}"),
        400,
        "VALIDATION_ERROR");
    assertThat(get(id).get("renewalCount").intValue()).isZero();
    assertThat(history(id).get("messages")).isEmpty();
    sent(id, "{\"content\":\"" + "x".repeat(4_000) + "\",\"transport\":null}");
  }

  @ParameterizedTest
  @EnumSource
  void item_24_a_repeated_key_gets_the_first_answer(Wire.Version version) {
    String id = created();
    String body = "{\"content\":\"once\",\"transport\":\"http\"}";
    Wire request = Wire.post(session(id) + "/messages").header("Idempotency-Key", "k1").body(body);
    JsonNode first = request.over(version).send().json();
    JsonNode again =
        Wire.post(session(id) + "/messages")
            .header("Idempotency-Key", "k1")
            .body(body)
            .over(version)
            .send()
            .json();
    assertThat(again).isEqualTo(first);
    assertThat(history(id).get("messages")).hasSize(2);
    assertThat(get(id).get("renewalCount").intValue()).isEqualTo(1);

    String named = "{\"content\":\"twice\",\"metadata\":{\"clientMessageId\":\"c1\"}}";
    assertThat(sent(id, named).get("id")).isEqualTo(sent(id, named).get("id"));
    assertThat(sent(id, "{\"content\":\"x\"}").get("id"))
        .isNotEqualTo(sent(id, "{\"content\":\"x\"}").get("id"));
  }

  @Test
  void a_repetition_whose_answer_was_trimmed_away_ends_without_it() {
    String id = created();
    String body =
        "{\"content\":\"once\",\"transport\":\"http\",\"metadata\":{\"clientMessageId\":\"t\"}}";
    assertThat(sent(id, body).at("/agentResponse/text").textValue()).isEqualTo("once");
    HistoryTest.trim(id, Channel.OUT, 100);
    assertThat(sent(id, body).get("agentResponse").isNull()).isTrue();
  }

  @Test
  void item_13_attachments_of_both_sides_and_answers_of_every_transport_are_in_the_history() {
    String id = created();
    String attachment =
        "{\"type\":\"image\",\"url\":\"https://x.test/a.png\",\"name\":\"a\",\"size\":3}";
    sent(id, "{\"content\":\"look\",\"transport\":\"http\",\"attachments\":[" + attachment + "]}");
    send(id, "{\"content\":\"and\",\"transport\":\"sse\"}");
    JsonNode messages = history(id).get("messages");
    assertThat(messages).hasSize(4);
    JsonNode first = messages.get(3);
    assertThat(first.at("/metadata/attachments/0")).isEqualTo(Answer.parse(attachment));
    assertThat(messages.get(2).get("isAgent").booleanValue()).isTrue();
    assertThat(messages.get(2).get("authorId").textValue()).isEqualTo(Messaging.AGENT);
    assertThat(messages.get(0).get("content").textValue()).isEqualTo("and");
  }

  @Test
  void every_one_of_many_parallel_sends_counts_and_says_its_own_count() {
    String id = created();
    List<CompletableFuture<JsonNode>> sends = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String body = "{\"content\":\"m" + i + "\"}";
      sends.add(CompletableFuture.supplyAsync(() -> sent(id, body)));
    }
    Set<Integer> counts = new TreeSet<>();
    Set<Long> times = new TreeSet<>();
    for (CompletableFuture<JsonNode> send : sends) {
      JsonNode body = send.join();
      counts.add(body.at("/sessionStatus/renewalCount").intValue());
      times.add(body.at("/userMessage/created_at").longValue());
    }
    assertThat(counts).hasSize(40).contains(1, 40);
    assertThat(times).hasSize(40);
    assertThat(get(id).get("renewalCount").intValue()).isEqualTo(40);
  }

  @Test
  void a_fixed_session_is_not_renewed_by_a_message() {
    JsonNode before = create(",\"timeoutConfig\":{\"autoRenew\":false}");
    JsonNode body = sent(before.get("sessionId").textValue(), "{\"content\":\"x\"}");
    assertThat(body.at("/sessionStatus/wasRenewed").booleanValue()).isFalse();
    assertThat(body.at("/sessionStatus/renewalCount").intValue()).isZero();
    assertThat(body.at("/sessionStatus/expiresAt")).isEqualTo(before.get("expiresAt"));
  }
}
