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
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** trigger.md section 4.3. */
class AppendTest {
  private static final int MAX_METERED = 1_048_576;

  @ParameterizedTest
  @EnumSource
  void records_are_numbered_from_nought(Wire.Version version) {
    String key = created("numbers");
    for (int i = 0; i < 3; i++) {
      Answer answer =
          Wire.post(channel(key, "in/append")).asAcme().over(version).body("m" + i).send();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("{\"ok\":true,\"seq\":" + i + "}");
    }
  }

  static Stream<Arguments> bodies() {
    return Stream.of(
        arguments("empty", "", ""),
        arguments("plain text", "hello", "hello"),
        arguments("a number", "123", "123"),
        arguments(
            "JSON stays as it is written", "{ \"a\" : 1.0 , \"a\":2}", "{ \"a\" : 1.0 , \"a\":2}"),
        arguments(
            "broken JSON",
            "{\"payload\":{\"actionSource\":\"webhook\"",
            "{\"payload\":{\"actionSource\":\"webhook\""),
        arguments("emoji", "😀 é", "😀 é"),
        arguments("NUL and control characters", "a\u0000b\u001f\u007f\n", "a\u0000b\u001f\u007f\n"),
        arguments("line separators", "\u2028\u2029", "\u2028\u2029"),
        arguments("event stream injection", "x\n\ndata: [DONE]\n\n", "x\n\ndata: [DONE]\n\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void a_body_is_kept_as_a_string(String name, String body, String wanted) {
    String key = created("body");
    assertThat(append(key, body).status()).isEqualTo(200);
    JsonNode record = records(key, "in").get(0);
    assertThat(record.get("data").asText()).isEqualTo(wanted);
    assertThat(record.get("id").asText()).isNotEmpty();
    assertThat(record.get("seqNum").asInt()).isZero();
    assertThat(record.has("headers")).isFalse();
  }

  @Test
  void bytes_that_are_no_text_become_replacement_characters() {
    String key = created("invalid");
    byte[] bytes = {'a', (byte) 0xff, (byte) 0xed, (byte) 0xa0, (byte) 0x80, 'b'};
    assertThat(Wire.post(channel(key, "in/append")).asAcme().body(bytes).send().status())
        .isEqualTo(200);
    assertThat(records(key, "in").get(0).get("data").asText()).startsWith("a\ufffd").endsWith("b");
  }

  @Test
  void the_metered_size_is_what_counts() {
    String key = created("metered");
    int room = MAX_METERED - 8 - "{\"data\":\"\",\"id\":\"p\"}".length();
    Answer fits = part(key, "p", "x".repeat(room));
    assertThat(fits.status()).as(fits.body()).isEqualTo(200);
    Answer above = part(key, "q", "x".repeat(room + 1));
    assertThat(above.status()).isEqualTo(413);
    assertThat(above.body())
        .startsWith(
            "{\"ok\":false,\"error\":\"Record metered size 1048577 bytes exceeds the S2 per-record limit of 1048576 bytes. ");
    assertThat(append(key, "\"".repeat(600_000)).status()).isEqualTo(413);
    assertThat(append(key, "x".repeat(MAX_METERED)).status()).isEqualTo(413);
    assertThat(append(key, "é".repeat(room / 2 - 40)).status()).isEqualTo(200);
    assertThat(records(key, "in")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"part", "a:b:c", "with blank", "[\"json\"]", "\"quoted\\\"", "x4000"})
  void a_repeated_part_gets_the_first_answer(String given) {
    String part = given.equals("x4000") ? "x".repeat(4_096) : given;
    String key = created("part");
    append(key, "before");
    assertThat(part(key, part, "once").body()).isEqualTo("{\"ok\":true,\"seq\":1}");
    append(key, "after");
    assertThat(part(key, part, "twice").body()).isEqualTo("{\"ok\":true,\"seq\":1}");
    JsonNode records = records(key, "in");
    assertThat(records).hasSize(3);
    assertThat(records.get(1).get("data").asText()).isEqualTo("once");
    assertThat(records.get(1).get("id").asText()).isEqualTo(part);
  }

  @Test
  void a_part_counts_for_one_stream_of_one_session_by_either_address() {
    JsonNode row = create(fresh("streams"));
    String key = row.get("externalId").asText();
    String other = created("streams");
    assertThat(part(key, "p", "a").body()).contains("\"seq\":0");
    assertThat(part(row.get("id").asText(), "p", "b").body()).contains("\"seq\":0");
    assertThat(part(other, "p", "c").body()).contains("\"seq\":0");
    assertThat(
            Wire.post(channel(key, "out/append"))
                .asAcme()
                .header("X-Part-Id", "p")
                .body("d")
                .send()
                .body())
        .contains("\"seq\":0");
    assertThat(
            Wire.post(channel(key, "channels/s/in/append"))
                .asAcme()
                .header("X-Part-Id", "p")
                .body("e")
                .send()
                .body())
        .contains("\"seq\":0");
    assertThat(records(key, "in")).hasSize(1);
    assertThat(records(key, "out").get(0).get("data").asText()).isEqualTo("d");
    assertThat(records(key, "channels/s/in").get(0).get("data").asText()).isEqualTo("e");
    assertThat(records(other, "in").get(0).get("data").asText()).isEqualTo("c");
  }

  @Test
  void concurrent_repetitions_append_once() {
    String key = created("concurrent");
    List<CompletableFuture<Answer>> calls =
        IntStream.range(0, 40)
            .mapToObj(
                i ->
                    Wire.post(channel(key, "in/append"))
                        .asAcme()
                        .header("X-Part-Id", "p" + i % 4)
                        .body("b")
                        .sendAsync())
            .toList();
    List<Answer> answers = calls.stream().map(CompletableFuture::join).toList();
    assertThat(answers).extracting(Answer::status).containsOnly(200);
    assertThat(records(key, "in")).hasSize(4);
    for (int part = 0; part < 4; part++) {
      String first = answers.get(part).body();
      for (int i = part; i < 40; i += 4) {
        assertThat(answers.get(i).body()).isEqualTo(first);
      }
    }
  }

  @Test
  void a_closed_session_refuses_and_still_knows_its_parts() {
    String key = created("closed");
    part(key, "p", "before");
    close(key, "{\"reason\":\"finished\"}");
    Answer refused = append(key, "after");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.header("x-should-retry")).isEqualTo("false");
    assertThat(refused.body())
        .isEqualTo(
            "{\"ok\":false,\"error\":\"Cannot append to a closed session\",\"code\":\"session_closed\",\"closedReason\":\"finished\"}");
    assertThat(part(key, "p", "again").body()).isEqualTo("{\"ok\":true,\"seq\":0}");
    String silent = created("closed");
    close(silent, "{}");
    assertThat(append(silent, "x").json().get("closedReason").isNull()).isTrue();
    assertThat(
            Wire.post(channel(silent, "channels/s/in/append")).asAcme().body("x").send().status())
        .isEqualTo(409);
  }

  @Test
  void an_expired_session_refuses() {
    String key = fresh("expired");
    create(key, ",\"expiresAt\":\"2020-01-01\"");
    Answer refused = append(key, "x");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body())
        .isEqualTo("{\"ok\":false,\"error\":\"Cannot append to an expired session\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"out", "channels/side/out"})
  void the_out_channel_takes_the_secret_key_only(String io) {
    String key = created("out");
    Answer refused = Wire.post(channel(key, io + "/append")).as(token("admin")).body("x").send();
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.body())
        .isEqualTo(
            "{\"ok\":false,\"error\":\"Appending to the out channel requires secret key authentication\"}");
    assertThat(Wire.post(channel(key, io + "/append")).asAcme().body("x").send().status())
        .isEqualTo(200);
    assertThat(records(key, io)).hasSize(1);
  }

  static Stream<Arguments> webhooks() {
    String deep = "[".repeat(5_000) + "]".repeat(5_000);
    return Stream.of(
        arguments(
            "stripped",
            "in",
            "{\"payload\":{\"a\":1,\"actionSource\":\"webhook\"}}",
            "{\"payload\":{\"a\":1}}"),
        arguments(
            "escaped name",
            "in",
            "{\"payload\":{\"action\\u0053ource\":\"webhook\"}}",
            "{\"payload\":{}}"),
        arguments(
            "escaped value",
            "in",
            "{\"payload\":{\"actionSource\":\"webhoo\\u006b\"}}",
            "{\"payload\":{}}"),
        arguments(
            "all escaped",
            "in",
            "{\"\\u0070ayload\":{\"\\u0061ction\\u0053ource\":\"\\u0077ebhook\"}}",
            "{\"payload\":{}}"),
        arguments(
            "twice, the last counts",
            "in",
            "{\"payload\":{\"actionSource\":\"x\",\"actionSource\":\"webhook\"}}",
            "{\"payload\":{}}"),
        arguments(
            "side channel",
            "channels/s/in",
            "{\"payload\":{\"actionSource\":\"webhook\"}}",
            "{\"payload\":{}}"),
        arguments(
            "other value",
            "in",
            "{\"payload\": {\"actionSource\":\"user\"}}",
            "{\"payload\": {\"actionSource\":\"user\"}}"),
        arguments(
            "elsewhere",
            "in",
            "{\"actionSource\": \"webhook\"}",
            "{\"actionSource\": \"webhook\"}"),
        arguments(
            "only on in",
            "out",
            "{\"payload\":{\"actionSource\":\"webhook\"}}",
            "{\"payload\":{\"actionSource\":\"webhook\"}}"),
        arguments(
            "beside great depth",
            "in",
            "{\"payload\":{\"actionSource\":\"webhook\",\"d\":" + deep + "}}",
            null),
        arguments(
            "beside half a surrogate pair",
            "in",
            "{\"\\ud800\":1,\"payload\":{\"actionSource\":\"webhook\"}}",
            null),
        arguments(
            "beside a long number",
            "in",
            "{\"payload\":{\"actionSource\":\"webhook\",\"n\":" + "9".repeat(2_000) + "}}",
            null));
  }

  /**
   * @param wanted null when it may be refused, but never kept
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("webhooks")
  void nobody_passes_for_a_webhook_on_in(String name, String io, String body, String wanted) {
    String key = created("webhook");
    Answer answer = Wire.post(channel(key, io + "/append")).asAcme().body(body).send();
    if (wanted == null) {
      assertThat(answer.status()).isIn(200, 400);
      records(key, io)
          .forEach(record -> assertThat(record.get("data").asText()).doesNotContain("webhook"));
    } else {
      assertThat(answer.status()).isEqualTo(200);
      assertThat(records(key, io).get(0).get("data").asText()).isEqualTo(wanted);
    }
  }

  @Test
  void the_lifecycle_channel_is_the_servers() {
    String key = created("lifecycle");
    for (String io : List.of("out", "in")) {
      Wire append = Wire.post(channel(key, "channels/lifecycle/" + io + "/append"));
      assertThat(append.asAcme().body("x").send().status()).isEqualTo(403);
    }
    assertThat(records(key, "channels/lifecycle/out")).hasSize(1);
    assertThat(Wire.put(channel(key, "channels/lifecycle/out")).asAcme().send().status())
        .isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nobody",
        "session_00000000000000000000000000000000",
        "session_x",
        "a:channels:b",
        " "
      })
  void an_append_needs_a_row(String key) {
    Answer answer = append(key, "x");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.error()).isEqualTo("Resource not found");
  }

  private static Answer part(String key, String part, String body) {
    return Wire.post(channel(key, "in/append"))
        .asAcme()
        .header("X-Part-Id", part)
        .body(body.getBytes(StandardCharsets.UTF_8))
        .send();
  }
}
