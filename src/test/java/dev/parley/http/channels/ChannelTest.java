package dev.parley.http.channels;

import static dev.parley.http.Fixtures.append;
import static dev.parley.http.Fixtures.channel;
import static dev.parley.http.Fixtures.close;
import static dev.parley.http.Fixtures.create;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.fresh;
import static dev.parley.http.Fixtures.records;
import static dev.parley.http.Fixtures.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.SseReader;
import dev.parley.http.Wire;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** trigger.md sections 4, 4.2 and 4.5; and that one slow reader costs nobody anything. */
class ChannelTest {
  @Test
  void an_initialised_channel_has_everything_the_client_needs() {
    String key = fresh("öäü/%😀");
    JsonNode row = create(key);
    Set<String> streams = new HashSet<>();
    for (String io : List.of("in", "out", "channels/s.1_-/in", "channels/s.1_-/out")) {
      Answer external = Wire.put(channel(key, io)).asAcme().send();
      Answer friendly = Wire.put(channel(row.get("id").asText(), io)).asAcme().send();
      assertThat(external.status()).isEqualTo(202);
      assertThat(external.body()).isEqualTo("{\"version\":\"v2\"}");
      assertThat(external.header("X-S2-Access-Token")).isNotBlank();
      assertThat(external.header("X-S2-Basin")).matches("^[a-z0-9][a-z0-9-]{6,46}[a-z0-9]$");
      assertThat(external.header("X-S2-Stream-Name"))
          .matches("[A-Za-z0-9._-]{1,512}")
          .isEqualTo(friendly.header("X-S2-Stream-Name"));
      assertThat(external.header("X-S2-Endpoint")).isEqualTo(TestServer.origin() + "/v1");
      assertThat(external.header("X-S2-Flush-Interval-Ms")).matches("\\d+");
      assertThat(external.header("X-S2-Max-Retries")).matches("\\d+");
      assertThat(external.header("Access-Control-Expose-Headers")).isEqualTo("*");
      streams.add(external.header("X-S2-Stream-Name"));
    }
    assertThat(streams).hasSize(4);
  }

  @Test
  void a_channel_that_cannot_be_initialised_says_why_in_plain_text() {
    String closed = created("closed");
    close(closed, "{}");
    String open = created("open");
    Object[][] rows = {
      {
        Wire.put(channel(open, "out")).as(token("admin")),
        403,
        "Initializing the out channel requires secret key authentication"
      },
      {
        Wire.put(channel(open, "channels/s/out")).as(token("admin")),
        403,
        "Initializing the out channel requires secret key authentication"
      },
      {Wire.put(channel("session_" + "0".repeat(32), "in")).asAcme(), 404, "Session not found"},
      {Wire.put(channel("session_short", "in")).asAcme(), 404, "Session not found"},
      {
        Wire.put(channel(closed, "in")).asAcme(),
        400,
        "Cannot initialize a channel on a closed session"
      },
      {
        Wire.put(channel(closed, "out")).asAcme(),
        400,
        "Cannot initialize a channel on a closed session"
      }
    };
    for (Object[] row : rows) {
      Answer answer = ((Wire) row[0]).send();
      assertThat(answer.status()).isEqualTo(row[1]);
      assertThat(answer.body()).isEqualTo(row[2]);
      assertThat(answer.header("Content-Type")).startsWith("text/plain");
    }
  }

  @Test
  void a_token_initialises_in() {
    String key = created("own");
    assertThat(Wire.put(channel(key, "in")).as(token("write:sessions:" + key)).send().status())
        .isEqualTo(202);
  }

  @Test
  void records_follow_a_cursor() {
    String key = created("records");
    for (int i = 0; i < 4; i++) {
      append(key, "m" + i);
    }
    String path = channel(key, "in/records");
    assertThat(records(key, "in")).hasSize(4);
    Object[][] rows = {{"0", 3}, {"2", 1}, {"3", 0}, {"99", 0}, {"999999999999999999", 0}};
    for (Object[] row : rows) {
      Answer answer = Wire.get(path + "?afterEventId=" + row[0]).asAcme().send();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.json().get("records")).as(row[0].toString()).hasSize((int) row[1]);
    }
    assertThat(
            Wire.get(path + "?afterEventId=2")
                .asAcme()
                .send()
                .json()
                .at("/records/0/seqNum")
                .asInt())
        .isEqualTo(3);
  }

  @Test
  void records_are_complete_also_behind_what_was_read_before() {
    String key = created("complete");
    for (int i = 1; i < 20; i++) {
      append(key, "m" + i);
      assertThat(records(key, "in")).hasSize(i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-1", "1.5", "", "2,3,118", "%00", "99999999999999999999"})
  void a_cursor_that_is_no_number_is_refused(String cursor) {
    Answer answer =
        Wire.get(channel(created("cursor"), "in/records") + "?afterEventId=" + cursor)
            .asAcme()
            .send();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).isEqualTo("Query Error");
    assertThat(answer.json().get("details")).isNotEmpty();
  }

  @Test
  void an_unwritten_stream_has_no_records() {
    for (String key : List.of(created("unwritten"), fresh("without-row"))) {
      for (String io : List.of("in", "out", "channels/never/in")) {
        assertThat(Wire.get(channel(key, io + "/records")).asAcme().send().body())
            .isEqualTo("{\"records\":[]}");
      }
    }
  }

  @Test
  void every_stream_has_numbers_of_its_own() {
    String key = created("numbers");
    List<String> streams =
        List.of(
            "in",
            "out",
            "channels/a/in",
            "channels/a/out",
            "channels/A/in",
            "channels/in/in",
            "channels/.../out",
            "channels/" + "n".repeat(128) + "/in");
    for (int i = 0; i < 2; i++) {
      for (String io : streams) {
        Answer answer = Wire.post(channel(key, io + "/append")).asAcme().body(io).send();
        assertThat(answer.body()).as(io).isEqualTo("{\"ok\":true,\"seq\":" + i + "}");
      }
    }
    for (String io : streams) {
      JsonNode records = records(key, io);
      assertThat(records).hasSize(2);
      assertThat(records.get(1).get("data").asText()).isEqualTo(io);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a%20b", "a%2Fb", "%C3%A9", "a%00", "%2A", "a%0Ab", "%F0%9F%98%80", "a:b"})
  void a_bad_channel_name_is_refused_everywhere(String name) {
    String key = created("names");
    for (Wire request :
        List.of(
            Wire.get(channel(key, "channels/" + name + "/in")),
            Wire.put(channel(key, "channels/" + name + "/in")),
            Wire.request("HEAD", channel(key, "channels/" + name + "/in")),
            Wire.get(channel(key, "channels/" + name + "/in/records")),
            Wire.post(channel(key, "channels/" + name + "/in/append")).body("x"))) {
      assertThat(request.asAcme().send().status()).isIn(400, 404);
    }
  }

  @Test
  void a_reader_that_does_not_read_disturbs_nobody_and_gets_everything_later() throws Exception {
    String key = created("slow");
    String body = "x".repeat(500_000);
    int count = 60;
    try (SseReader slow = SseReader.open(Wire.get(channel(key, "in")).asAcme());
        SseReader live = SseReader.open(Wire.get(channel(key, "in")).asAcme())) {
      assertThat(slow.next().name()).isEqualTo("ping");
      CompletableFuture<List<JsonNode>> followed =
          CompletableFuture.supplyAsync(() -> live.records(count));
      for (int i = 0; i < count; i++) {
        assertThat(append(key, i + body).json().get("seq").asInt()).isEqualTo(i);
      }
      assertThat(followed.get(15, TimeUnit.SECONDS)).hasSize(count);
      List<JsonNode> late = slow.records(count);
      for (int i = 0; i < count; i++) {
        assertThat(late.get(i).get("seq_num").asInt()).isEqualTo(i);
        assertThat(late.get(i).get("body").asText().length()).isGreaterThan(500_000);
      }
    }
  }
}
