package dev.parley.http.s2;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.Eventually;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import dev.parley.http.s2.S2Messages.Input;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** across.md section 1: what the data plane writes to a conversation is a part of it. */
class ConversationAppendsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String SESSIONS = "/api/messaging/sessions";

  private static String created() {
    Answer answer =
        Wire.post(SESSIONS)
            .body(
                "{\"agentId\":\"00000000-0000-4000-8000-0000000000ec\",\"userId\":\"%s\"}"
                    .formatted(UUID.randomUUID()))
            .send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json().get("sessionId").textValue();
  }

  private static JsonNode ok(String path) {
    Answer answer = Wire.get(SESSIONS + "/" + path).send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  private static List<String> contents(String id) {
    return ok(id + "/messages").get("messages").findValuesAsText("content");
  }

  private static void awaitContents(String id, String... newestFirst) {
    Eventually.within(LIMIT, () -> contents(id).size() >= newestFirst.length);
    assertThat(contents(id)).containsExactlyInAnyOrder(newestFirst);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "no envelope | no envelope",
        "{\"data\":\"a text\",\"id\":\"x\"} | a text",
        "{\"data\":{\"kind\":1},\"id\":\"x\"} | {\"kind\":1}",
        "{\"data\":{\"type\":\"message\",\"content\":\"proper\"},\"id\":\"x\"} | proper"
      })
  void a_record_is_a_message_that_renews_and_is_answered(String body, String content) {
    String id = created();
    S2Stream in = S2Stream.of(id, "in");
    Answer answer = in.append("{\"records\":[{\"body\":" + quoted(body) + "}]}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    awaitContents(id, content, content);
    assertThat(ok(id).get("renewalCount").intValue()).isEqualTo(1);
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\"", "\\\"") + "\"";
  }

  @Test
  void every_record_of_a_session_of_appends_is_a_message() {
    String id = created();
    H2Connection connection = new H2Connection();
    try {
      S2Session session = S2Session.append(connection, S2Stream.of(id, "in"));
      session.send(Input.of("a", "b")).ack();
      session.send(Input.of("c")).ack();
      session.stream().end();
      assertThat(session.next()).isNull();
    } finally {
      connection.close();
    }
    awaitContents(id, "a", "a", "b", "b", "c", "c");
    assertThat(ok(id).get("renewalCount").intValue()).isPositive();
  }

  @Test
  void a_batch_that_is_sent_again_is_one_message() {
    String id = created();
    S2Stream in = S2Stream.of(id, "in");
    String batch =
        "{\"records\":[{\"body\":" + quoted("{\"data\":\"once\",\"id\":\"Ab3-_x9\"}") + "}]}";
    JsonNode first = in.append(batch).json();
    JsonNode again = in.append(batch).json();
    assertThat(again.at("/start/seq_num")).isEqualTo(first.at("/start/seq_num"));
    awaitContents(id, "once", "once");
    assertThat(in.tail()).isEqualTo(1);
    assertThat(ok(id).get("renewalCount").intValue()).isEqualTo(1);
  }
}
