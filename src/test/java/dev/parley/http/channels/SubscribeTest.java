package dev.parley.http.channels;

import static dev.parley.http.Fixtures.append;
import static dev.parley.http.Fixtures.channel;
import static dev.parley.http.Fixtures.create;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.fresh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.SseReader;
import dev.parley.http.Wire;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Header;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** trigger.md section 4.4: server-sent events. */
class SubscribeTest {
  /** A session with five records on {@code .in}. */
  private static final String FIVE = created("five");

  @BeforeAll
  static void fill() {
    for (int i = 0; i < 5; i++) {
      append(FIVE, "m" + i);
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_headers_come_at_once(Wire.Version version) {
    Instant start = Instant.now();
    try (SseReader reader =
        SseReader.open(Wire.get(channel(created("quiet"), "out")).asAcme().over(version))) {
      assertThat(reader.response().code()).isEqualTo(200);
      assertThat(reader.response().header("Content-Type")).isEqualTo("text/event-stream");
      assertThat(reader.response().header("Cache-Control")).isEqualTo("no-cache, no-transform");
      assertThat(reader.response().header("X-Accel-Buffering")).isEqualTo("no");
      assertThat(reader.response().header("X-Stream-Version")).isEqualTo("v2");
      assertThat(reader.response().header("X-Session-Settled")).isNull();
      assertThat(reader.response().header("Content-Encoding")).isNull();
      SseReader.Event ping = reader.next();
      assertThat(ping.text())
          .matches(
              "event: ping\ndata: \\{\"timestamp\":\\d{13},\"tail\":\\{\"seq_num\":0,\"timestamp\":0}}");
    }
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void the_bytes_are_as_specified() {
    String key = created("bytes");
    for (String body : List.of("é", "{\"a\":\"\n\"}")) {
      Wire.post(channel(key, "in/append"))
          .asAcme()
          .header("X-Part-Id", "p" + body.length())
          .body(body)
          .send();
    }
    String stream =
        Wire.get(channel(key, "in")).asAcme().header("Timeout-Seconds", "1").send().body();
    String first = "{\"data\":\"é\",\"id\":\"p1\"}";
    String second = "{\"data\":\"{\\\"a\\\":\\\"\\n\\\"}\",\"id\":\"p9\"}";
    int metered =
        16 + first.getBytes(java.nio.charset.StandardCharsets.UTF_8).length + second.length();
    assertThat(stream.replaceAll("\"timestamp\":\\d{13}", "\"timestamp\":T"))
        .isEqualTo(
            "event: batch\nid: 1,2,"
                + metered
                + "\ndata: {\"records\":["
                + "{\"seq_num\":0,\"timestamp\":T,\"body\":"
                + quoted(first)
                + "},"
                + "{\"seq_num\":1,\"timestamp\":T,\"body\":"
                + quoted(second)
                + "}]}\n\n"
                + "event: ping\ndata: {\"timestamp\":T,\"tail\":{\"seq_num\":2,\"timestamp\":T}}\n\n"
                + "data: [DONE]\n\n");
  }

  @ParameterizedTest
  @EnumSource
  void records_are_delivered_as_they_come(Wire.Version version) {
    String key = created("live");
    append(key, "before");
    try (SseReader reader = SseReader.open(Wire.get(channel(key, "in")).asAcme().over(version))) {
      assertThat(reader.records(1).get(0).get("seq_num").asInt()).isZero();
      assertThat(reader.next().name()).isEqualTo("ping");
      for (int i = 1; i < 6; i++) {
        append(key, "live" + i);
        SseReader.Event event = reader.next();
        assertThat(event.text()).startsWith("event: batch\nid: " + i + "," + (i + 1) + ",");
        JsonNode batch = event.json();
        assertThat(batch.at("/records/0/seq_num").asInt()).isEqualTo(i);
        assertThat(Answer.parse(batch.at("/records/0/body").asText()).get("data").asText())
            .isEqualTo("live" + i);
        assertThat(batch.at("/tail/seq_num").asInt()).isEqualTo(i + 1);
      }
    }
  }

  static Stream<Arguments> places() {
    return Stream.of(
        arguments("0", 1),
        arguments("2", 3),
        arguments("4", 5),
        arguments("5", 5),
        arguments("999999999", 5),
        arguments("9".repeat(40), 5),
        arguments("2-0", 3),
        arguments("2-x-y", 3),
        arguments("2,3,118", 3),
        arguments("4,5,190", 5),
        arguments("99,1,1", 5),
        arguments("garbage", 0),
        arguments("-1", 0),
        arguments("1.5", 0),
        arguments("2,3", 0),
        arguments("2,x,y", 0),
        arguments("", 0),
        arguments("0x2", 0),
        arguments("٣", 0));
  }

  @ParameterizedTest(name = "[{index}] {0} -> {1}")
  @MethodSource("places")
  void a_reader_resumes_behind_what_it_saw(String lastEventId, int from) {
    Wire request = Wire.get(channel(FIVE, "in")).asAcme();
    if (lastEventId.chars().allMatch(c -> c < 128)) {
      request.header("Last-Event-ID", lastEventId);
    }
    try (SseReader reader = SseReader.open(request)) {
      SseReader.Event event = reader.next();
      if (from < 5) {
        assertThat(event.json().at("/records/0/seq_num").asInt()).isEqualTo(from);
        assertThat(event.json().get("records")).hasSize(5 - from);
      } else {
        assertThat(event.name()).isEqualTo("ping");
        assertThat(event.json().at("/tail/seq_num").asInt()).isEqualTo(5);
      }
    }
  }

  @Test
  void a_reader_may_start_at_the_tail() {
    String key = created("latest");
    append(key, "old");
    Wire latest = Wire.get(channel(key, "in")).asAcme().header("X-Trigger-Stream-Start", "latest");
    try (SseReader reader = SseReader.open(latest)) {
      assertThat(reader.next().name()).isEqualTo("ping");
      append(key, "new");
      assertThat(reader.records(1).get(0).get("seq_num").asInt()).isEqualTo(1);
    }
    try (SseReader reader = SseReader.open(latest.header("Last-Event-ID", "nonsense"))) {
      assertThat(reader.records(1).get(0).get("seq_num").asInt()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x:Invalid timeout seconds",
        "1.5:Invalid timeout seconds",
        "1e2:Invalid timeout seconds",
        "0:Timeout seconds must be greater than 0",
        "-5:Timeout seconds must be greater than 0",
        "601:Timeout seconds must be less than 600",
        "999999999:Timeout seconds must be less than 600",
        "99999999999:Invalid timeout seconds"
      })
  void a_bad_timeout_is_refused_in_plain_text(String row) {
    String[] parts = row.split(":");
    Answer answer =
        Wire.get(channel(FIVE, "in")).asAcme().header("Timeout-Seconds", parts[0]).send();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo(parts[1]);
    assertThat(answer.header("Content-Type")).startsWith("text/plain");
  }

  @Test
  void the_timeout_counts_the_time_without_records() throws InterruptedException {
    String key = created("silence");
    try (SseReader longest =
        SseReader.open(Wire.get(channel(key, "in")).asAcme().header("Timeout-Seconds", "600"))) {
      assertThat(longest.response().code()).isEqualTo(200);
    }
    try (SseReader reader =
        SseReader.open(Wire.get(channel(key, "in")).asAcme().header("Timeout-Seconds", "1"))) {
      Instant start = Instant.now();
      for (int i = 0; i < 3; i++) {
        Thread.sleep(600);
        append(key, "x");
      }
      reader.records(3);
      SseReader.Event last = reader.next();
      assertThat(last.text()).isEqualTo("data: [DONE]");
      assertThat(Duration.between(start, Instant.now()))
          .isBetween(Duration.ofMillis(2_700), Duration.ofSeconds(5));
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void a_reader_may_come_before_its_session() {
    String key = fresh("early");
    try (SseReader reader = SseReader.open(Wire.get(channel(key, "in")).asAcme());
        SseReader side = SseReader.open(Wire.get(channel(key, "channels/s/in")).asAcme())) {
      assertThat(reader.next().name()).isEqualTo("ping");
      assertThat(side.next().name()).isEqualTo("ping");
      assertThat(Wire.get(channel(key, "in/records")).asAcme().send().body())
          .isEqualTo("{\"records\":[]}");
      assertThat(Wire.put(channel(key, "in")).asAcme().send().status()).isEqualTo(202);
      assertThat(append(key, "too early").status()).isEqualTo(404);
      String friendly = create(key).get("id").asText();
      append(friendly, "hello");
      Wire.post(channel(friendly, "channels/s/in/append")).asAcme().body("side").send();
      assertThat(reader.records(1).get(0).get("body").asText()).contains("hello");
      assertThat(side.records(1).get(0).get("body").asText()).contains("side");
    }
  }

  @Test
  void a_friendly_id_without_a_row_is_not_found() {
    String path = channel("session_" + "0".repeat(32), "in");
    for (Wire request :
        List.of(
            Wire.get(path),
            Wire.get(path + "/records"),
            Wire.request("HEAD", path),
            Wire.put(path))) {
      assertThat(request.asAcme().send().status()).isEqualTo(404);
    }
  }

  @Test
  void a_settled_stream_is_drained_and_ends_at_once() {
    String key = created("settled");
    Wire peek = Wire.get(channel(key, "out")).asAcme().header("X-Peek-Settled", "1");
    Wire.post(channel(key, "out/append")).asAcme().body("text").send();
    try (SseReader reader = SseReader.open(peek)) {
      assertThat(reader.response().header("X-Session-Settled")).isNull();
    }
    write(key, control("trigger-control", "turn-complete", "session-in-event-id", "3"));
    write(key, control("", "fence"));
    Answer settled = peek.send();
    assertThat(settled.header("X-Session-Settled")).isEqualTo("true");
    assertThat(settled.body()).endsWith("data: [DONE]\n\n");
    assertThat(settled.body())
        .contains(
            "\"headers\":[[\"trigger-control\",\"turn-complete\"],[\"session-in-event-id\",\"3\"]]}")
        .contains("\"headers\":[[\"\",\"fence\"]]}");
    assertThat(
            Wire.get(channel(key, "out"))
                .asAcme()
                .header("X-Peek-Settled", "1")
                .header("Last-Event-ID", "2")
                .send()
                .body())
        .isEqualTo("data: [DONE]\n\n");
    try (SseReader reader = SseReader.open(Wire.get(channel(key, "out")).asAcme());
        SseReader in =
            SseReader.open(Wire.get(channel(key, "in")).asAcme().header("X-Peek-Settled", "1"))) {
      assertThat(reader.response().header("X-Session-Settled")).isNull();
      assertThat(in.response().header("X-Session-Settled")).isNull();
    }
    Wire.post(channel(key, "out/append")).asAcme().body("the next turn").send();
    try (SseReader reader = SseReader.open(peek)) {
      assertThat(reader.response().header("X-Session-Settled")).isNull();
    }
    Answer records = Wire.get(channel(key, "out/records")).asAcme().send();
    assertThat(records.json().get("records")).hasSize(3);
    assertThat(records.json().at("/records/1").toString())
        .isEqualTo(
            "{\"data\":\"\",\"id\":\"\",\"seqNum\":1,\"headers\":[[\"trigger-control\",\"turn-complete\"],[\"session-in-event-id\",\"3\"]]}");
  }

  private static RecordContent control(String... namesAndValues) {
    List<Header> headers =
        java.util.stream.IntStream.range(0, namesAndValues.length / 2)
            .mapToObj(
                i ->
                    new Header(
                        Bytes.utf8(namesAndValues[2 * i]), Bytes.utf8(namesAndValues[2 * i + 1])))
            .toList();
    return new RecordContent(headers, Bytes.EMPTY);
  }

  private static void write(String key, RecordContent record) {
    SessionReply reply =
        TestServer.sessions()
            .ask(
                SessionId.ofExternal(TestServer.ACME, key),
                SessionCommand.Append.single(Channel.OUT, record, null))
            .toCompletableFuture()
            .join();
    assertThat(reply).isInstanceOf(SessionReply.Appended.class);
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
