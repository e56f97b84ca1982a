package dev.parley.http.sessions;

import static dev.parley.http.Fixtures.append;
import static dev.parley.http.Fixtures.channel;
import static dev.parley.http.Fixtures.close;
import static dev.parley.http.Fixtures.create;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.fresh;
import static dev.parley.http.Fixtures.records;
import static dev.parley.http.sessions.Waits.ended;
import static dev.parley.http.sessions.Waits.now;
import static dev.parley.http.sessions.Waits.registered;
import static dev.parley.http.sessions.Waits.status;
import static dev.parley.http.sessions.Waits.time;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** trigger.md sections 4.3 and 5.1, across.md section 3: records complete those who wait. */
class WaitOnRecordsTest {
  /** What opens one stream on the data plane, as a PUT on its channel tells. */
  private static void appendOverS2(String key, String io, String json) {
    Answer opened = Wire.put(channel(key, io)).asAcme().send();
    assertThat(opened.status()).as(opened.body()).isEqualTo(202);
    String path =
        opened.header("X-S2-Endpoint").substring(TestServer.origin().length())
            + "/streams/"
            + Wire.segment(opened.header("X-S2-Stream-Name"))
            + "/records";
    Answer answer =
        Wire.post(path)
            .as(opened.header("X-S2-Access-Token"))
            .header("s2-basin", opened.header("X-S2-Basin"))
            .body("{\"records\":[" + json + "]}")
            .send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  /** A record as the SDK writes it. */
  private static String record(String data) {
    String envelope = "{\"data\":" + data + ",\"id\":\"" + fresh("r") + "\"}";
    return "{\"body\":" + TextNode.valueOf(envelope) + "}";
  }

  private static void appendOverHttp(String key, String io, String body) {
    Answer answer = Wire.post(channel(key, io + "/append")).asAcme().body(body).send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private static void assertCompleted(JsonNode waitpoint, String output) {
    assertThat(waitpoint.get("status").asText()).isEqualTo("COMPLETED");
    assertThat(waitpoint.get("output").asText()).isEqualTo(output);
    assertThat(waitpoint.get("outputType").asText()).isEqualTo("application/json");
    assertThat(waitpoint.has("outputIsError")).isFalse();
    assertThat(time(waitpoint, "completedAt"))
        .isBetween(time(waitpoint, "createdAt"), Instant.now());
  }

  @ParameterizedTest
  @CsvSource({"in, out", "out, in"})
  void an_append_completes_the_waiters_of_its_stream_and_no_other(String io, String other) {
    String key = created("wait-http");
    String waiter = registered(key, io);
    String beside = registered(key, other);
    String elsewhere = registered(created("wait-else"), io);
    assertThat(status(waiter)).isEqualTo("WAITING");
    appendOverHttp(key, io, "{\"a\": [1,  2]}");
    // The append is acknowledged, so what it completes is completed.
    assertCompleted(now(waiter), "{\"a\": [1,  2]}");
    assertThat(status(beside)).isEqualTo("WAITING");
    assertThat(status(elsewhere)).isEqualTo("WAITING");
  }

  @ParameterizedTest
  @CsvSource({"in, out", "out, in"})
  void an_append_over_the_data_plane_does_the_same(String io, String other) {
    String key = created("wait-s2");
    String waiter = registered(key, io);
    String beside = registered(key, other);
    appendOverS2(key, io, record("{\"text\":\"é\"}") + "," + record("\"later\""));
    assertCompleted(now(waiter), "{\"text\":\"é\"}");
    assertThat(status(beside)).isEqualTo("WAITING");
  }

  @Test
  void a_writer_of_old_timestamps_does_not_complete_anything_before_it_was_asked_for() {
    String key = created("wait-old");
    String waiter = registered(key, "out");
    appendOverS2(key, "out", "{\"timestamp\":5,\"body\":\"x\"}");
    assertCompleted(now(waiter), "x");
  }

  @Test
  void commands_complete_nothing_and_control_records_do() {
    String key = created("wait-commands");
    String waiter = registered(key, "out");
    appendOverS2(key, "out", "{\"headers\":[[\"\",\"fence\"]],\"body\":\"\"}");
    assertThat(status(waiter)).isEqualTo("WAITING");
    assertThat(status(registered(key, "out"))).isEqualTo("WAITING");
    appendOverS2(key, "out", "{\"headers\":[[\"trigger-control\",\"turn-complete\"]]}");
    assertCompleted(now(waiter), "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"channels/side/in", "channels/side/out", "channels/in/in"})
  void side_channels_never_wake_anything(String side) {
    String key = created("wait-side");
    List<String> waiters = List.of(registered(key, "in"), registered(key, "out"));
    appendOverHttp(key, side, "x");
    appendOverS2(key, side, record("1"));
    assertThat(waiters).allSatisfy(id -> assertThat(status(id)).isEqualTo("WAITING"));
    // Nor do they count as records that are there already.
    assertThat(status(registered(key, "in"))).isEqualTo("WAITING");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "123", "{\"a\":1}", " {} ", "\"quoted\"", "é😀\n\\", "null"})
  void the_output_is_the_appended_body_as_it_was(String body) {
    String key = created("wait-raw");
    String waiter = registered(key, "in");
    assertThat(append(key, body).status()).isEqualTo(200);
    assertCompleted(now(waiter), body);
    // And so it is for those who come late.
    assertCompleted(now(registered(key, "in")), body);
  }

  @Test
  void what_is_there_already_completes_at_once() {
    String key = created("wait-race");
    for (String body : List.of("zero", "one", "two")) {
      append(key, body);
    }
    assertCompleted(now(registered(key, "in")), "zero");
    assertCompleted(now(registered(key, "in", ",\"lastSeqNum\":-1")), "zero");
    assertCompleted(now(registered(key, "in", ",\"lastSeqNum\":0")), "one");
    assertCompleted(now(registered(key, "in", ",\"lastSeqNum\":1")), "two");
    String atTail = registered(key, "in", ",\"lastSeqNum\":2");
    String beyond = registered(key, "in", ",\"lastSeqNum\":3");
    assertThat(status(atTail)).isEqualTo("WAITING");
    append(key, "three");
    assertCompleted(now(atTail), "three");
    assertThat(status(beyond)).isEqualTo("WAITING");
    append(key, "four");
    assertCompleted(now(beyond), "four");
    assertCompleted(now(atTail), "three");
  }

  @Test
  void a_trimmed_record_is_nobody_else_s_output() {
    String key = created("wait-trim");
    String waiter = registered(key, "out");
    appendOverS2(
        key, "out", record("\"zero\"") + "," + record("\"one\"") + "," + record("\"two\""));
    assertCompleted(now(waiter), "zero");
    appendOverS2(
        key,
        "out",
        "{\"headers\":[[\"\",\"trim\"]],\"body\":\"\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0002\"}");
    JsonNode ended = now(waiter);
    assertThat(ended.get("status").asText()).isEqualTo("COMPLETED");
    assertThat(ended.has("output")).as("%s", ended).isFalse();
    // For those who come now, the first record that is still there is the first.
    assertCompleted(now(registered(key, "out")), "two");
  }

  @Test
  void where_all_records_are_trimmed_there_is_none_yet() {
    String key = created("wait-all-trimmed");
    appendOverS2(key, "out", record("\"zero\""));
    appendOverS2(
        key,
        "out",
        "{\"headers\":[[\"\",\"trim\"]],\"body\":\"\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0002\"}");
    String waiter = registered(key, "out");
    assertThat(status(waiter)).isEqualTo("WAITING");
    appendOverS2(key, "out", record("\"new\""));
    assertCompleted(now(waiter), "new");
  }

  @Test
  void a_repeated_part_id_wakes_nobody() {
    String key = created("wait-repeat");
    Answer first =
        Wire.post(channel(key, "in/append")).asAcme().header("X-Part-Id", "p:1").body("x").send();
    assertThat(first.status()).isEqualTo(200);
    String waiter = registered(key, "in", ",\"lastSeqNum\":0");
    Answer again =
        Wire.post(channel(key, "in/append")).asAcme().header("X-Part-Id", "p:1").body("x").send();
    assertThat(again.status()).isEqualTo(200);
    assertThat(records(key, "in")).hasSize(1);
    assertThat(status(waiter)).isEqualTo("WAITING");
  }

  @Test
  void a_session_that_does_not_exist_yet_can_be_waited_for() {
    String key = fresh("wait-unborn");
    String waiter = registered(key, "in");
    JsonNode row = create(key);
    assertThat(status(waiter)).isEqualTo("WAITING");
    append(row.get("id").asText(), "born");
    assertCompleted(now(waiter), "born");
  }

  @Test
  void both_names_of_a_session_mean_the_same_streams() {
    String key = fresh("wait-names");
    String id = create(key).get("id").asText();
    String byFriendly = registered(id, "in");
    String byExternal = registered(key, "in");
    append(key, "x");
    assertCompleted(now(byFriendly), "x");
    assertCompleted(now(byExternal), "x");
  }

  @Test
  void a_close_from_outside_completes_the_waiters_of_in_alone() {
    String key = created("wait-close");
    String in = registered(key, "in");
    String out = registered(key, "out");
    String timed = registered(key, "out", ",\"timeout\":\"2s\"");
    assertThat(close(key, "{\"reason\":\"done\"}").status()).isEqualTo(200);
    assertCompleted(now(in), records(key, "in").get(0).get("data").asText());
    assertThat(status(out)).isEqualTo("WAITING");
    // Those who were there before keep their own deadlines, and nobody else gets one.
    assertThat(ended(timed).get("status").asText()).isEqualTo("TIMED_OUT");
    assertThat(status(out)).isEqualTo("WAITING");
  }

  @Test
  void a_run_that_closes_its_session_completes_nobody() {
    String key = fresh("wait-own-close");
    String run = create(key).get("runId").asText();
    String in = registered(key, "in");
    close(key, "{\"callingRunId\":\"" + run + "\"}");
    assertThat(status(in)).isEqualTo("WAITING");
  }

  @Test
  void one_append_wakes_a_thousand_waiters_of_a_stream() throws Exception {
    String key = created("wait-thousand");
    ExecutorService clients = Executors.newFixedThreadPool(16);
    try {
      List<String> waiters =
          all(clients.invokeAll(tasks(1_000, i -> registered(key, "in", ",\"timeout\":\"1h\""))));
      assertThat(waiters).doesNotHaveDuplicates();
      List<Future<JsonNode>> watching = new ArrayList<>();
      for (String id : waiters.subList(990, 1_000)) {
        watching.add(clients.submit(() -> ended(id)));
      }
      append(key, "wake up");
      for (JsonNode ended : all(watching)) {
        assertCompleted(ended, "wake up");
      }
      for (JsonNode ended : all(clients.invokeAll(tasks(1_000, i -> now(waiters.get(i)))))) {
        assertCompleted(ended, "wake up");
      }
      assertThat(status(registered(key, "in", ",\"lastSeqNum\":0"))).isEqualTo("WAITING");
    } finally {
      clients.shutdownNow();
    }
  }

  private interface Task<T> {
    T run(int index);
  }

  private static <T> List<Callable<T>> tasks(int count, Task<T> task) {
    return IntStream.range(0, count).<Callable<T>>mapToObj(i -> () -> task.run(i)).toList();
  }

  private static <T> List<T> all(List<Future<T>> futures) throws Exception {
    List<T> results = new ArrayList<>();
    for (Future<T> future : futures) {
      results.add(future.get());
    }
    return results;
  }
}
