package dev.parley.http.s2;

import static dev.parley.http.s2.S2Stream.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.SseReader;
import dev.parley.http.SseReader.Event;
import dev.parley.http.Wire;
import dev.parley.http.s2.S2Messages.Draft;
import dev.parley.http.s2.S2Messages.Input;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** s2.md section 5.3. */
class EventsTest {
  private static final String RECORD = "{\"seq_num\":%d,\"timestamp\":%d,\"body\":\"%s\"}";

  @ParameterizedTest
  @EnumSource
  void what_is_there_comes_first_then_a_ping_then_what_is_new(Wire.Version version) {
    S2Stream stream = S2Stream.fresh("live");
    stream.append(
        "{\"records\":[{\"timestamp\":1,\"body\":\"a\"},{\"timestamp\":2,\"headers\":[[\"n\",\"v\"]]}]}");
    Wire request =
        ReadFace.events(stream, "?seq_num=0").over(version).header("Accept-Encoding", "gzip");
    try (SseReader reader = SseReader.open(request)) {
      assertThat(reader.response().code()).isEqualTo(200);
      assertThat(reader.response().header("Content-Type")).startsWith("text/event-stream");
      assertThat(reader.response().header("Content-Encoding")).isNull();
      Event batch = reader.next();
      assertThat(batch.name()).isEqualTo("batch");
      assertThat(batch.text().lines()).contains("id: 1,2,21");
      assertThat(batch.json().get("records").toString())
          .isEqualTo(
              "[{\"seq_num\":0,\"timestamp\":1,\"body\":\"a\"},{\"seq_num\":1,\"timestamp\":2,\"headers\":[[\"n\",\"v\"]]}]");
      Event ping = reader.next();
      assertThat(ping.name()).isEqualTo("ping");
      assertThat(ping.json().get("timestamp").asLong()).isPositive();
      assertThat(ping.json().get("tail").toString()).isEqualTo("{\"seq_num\":2,\"timestamp\":2}");
      long timestamp = stream.write("c").at("/start/timestamp").asLong();
      Event live = reader.next();
      assertThat(live.text().lines()).contains("id: 2,3,30");
      assertThat(live.json().get("records").toString())
          .isEqualTo("[" + RECORD.formatted(2, timestamp, "c") + "]");
    }
  }

  @Test
  void a_read_without_a_start_begins_at_the_tail() {
    S2Stream stream = S2Stream.fresh("tail");
    stream.write("a");
    for (String query : List.of("", "?tail_offset=0", "?seq_num=9&clamp=true")) {
      try (SseReader reader = SseReader.open(ReadFace.events(stream, query))) {
        assertThat(reader.next().name()).isEqualTo("ping");
        stream.write("new");
        assertThat(reader.records(1).get(0).get("body").asText()).isEqualTo("new");
      }
    }
  }

  @Test
  void a_stream_nobody_wrote_is_followed_from_nought() {
    String key = Fixtures.fresh("unwritten");
    S2Stream stream = S2Stream.of(key, "out");
    try (SseReader reader = SseReader.open(ReadFace.events(stream, "?seq_num=0"))) {
      Event ping = reader.next();
      assertThat(ping.json().get("tail").toString()).isEqualTo("{\"seq_num\":0,\"timestamp\":0}");
      stream.write("first");
      assertThat(reader.records(1).get(0).get("body").asText()).isEqualTo("first");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?seq_num=0&count=3",
        "?seq_num=0&bytes=29",
        "?seq_num=0&until=40",
        "?seq_num=0&count=3&wait=15",
        "?seq_num=0&bytes=27&wait=15",
        "?seq_num=0&until=31&wait=15"
      })
  void reaching_a_bound_ends_the_read(String query) {
    S2Stream stream = S2Stream.fresh("bound");
    stream.append(
        "{\"records\":[{\"timestamp\":10,\"body\":\"a\"},{\"timestamp\":20,\"body\":\"b\"},{\"timestamp\":30,\"body\":\"c\"},{\"timestamp\":40,\"body\":\"d\"}]}");
    Instant start = Instant.now();
    Answer answer = ReadFace.events(stream, query).send();
    assertThat(answer.body()).isEqualTo(batch("2,3,27", "a", "b", "c") + "data: [DONE]\n\n");
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
  }

  private static String batch(String id, String... bodies) {
    StringBuilder records = new StringBuilder();
    for (int i = 0; i < bodies.length; i++) {
      records.append(i == 0 ? "" : ",").append(RECORD.formatted(i, 10 * i + 10, bodies[i]));
    }
    return "event: batch\nid: " + id + "\ndata: {\"records\":[" + records + "]}\n\n";
  }

  @Test
  void a_bound_counts_over_old_and_new_records() {
    S2Stream stream = S2Stream.fresh("count");
    stream.write("a", "b");
    try (SseReader reader = SseReader.open(ReadFace.events(stream, "?seq_num=0&count=3&wait=18"))) {
      assertThat(reader.records(2)).hasSize(2);
      assertThat(reader.next().name()).isEqualTo("ping");
      stream.write("c", "d");
      Event last = reader.next();
      assertThat(last.json().get("records")).hasSize(1);
      assertThat(last.text().lines()).contains("id: 2,3,27");
      assertThat(reader.next().text()).isEqualTo("data: [DONE]");
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void the_read_is_done_when_nothing_came_in_time() {
    S2Stream stream = S2Stream.fresh("wait");
    stream.write("a");
    Instant start = Instant.now();
    try (SseReader reader = SseReader.open(ReadFace.events(stream, "?seq_num=0&wait=1"))) {
      assertThat(reader.next().name()).isEqualTo("batch");
      assertThat(reader.next().name()).isEqualTo("ping");
      assertThat(reader.next().text()).isEqualTo("data: [DONE]");
      assertThat(reader.next()).isNull();
    }
    assertThat(Duration.between(start, Instant.now()))
        .isBetween(Duration.ofMillis(900), Duration.ofSeconds(6));
  }

  @Test
  void a_read_that_shall_not_wait_ends_without_a_ping() {
    S2Stream stream = S2Stream.fresh("nowait");
    assertThat(ReadFace.events(stream, "?wait=0").send().body()).isEqualTo("data: [DONE]\n\n");
    stream.write("a");
    assertThat(ReadFace.events(stream, "?seq_num=1&wait=0").send().body())
        .isEqualTo("data: [DONE]\n\n");
    assertThat(ReadFace.events(stream, "?seq_num=0&wait=0").send().body())
        .startsWith("event: batch\n")
        .doesNotContain("event: ping")
        .endsWith("data: [DONE]\n\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,2,18 | ?seq_num=0&wait=0           | 2 3 4 | 4,5,45",
        "1,2,18 | ?seq_num=0&count=4          | 2 3   | 3,4,36",
        "1,2,18 | ?seq_num=0&bytes=40         | 2 3   | 3,4,36",
        "1,1,9  | ?seq_num=1&count=2          | 2     | 2,2,18",
        "1,2,18 | ?seq_num=4&count=4&bytes=27 | 2     | 2,3,27",
        "0,1,9  | ?wait=0                     | 1 2 3 4 | 4,5,45",
        "1,2,18 | ?timestamp=0&count=3        | 2     | 2,3,27",
        "1,2,18 | ?seq_num=0&count=2          | ''    | ''",
        "1,2,18 | ?seq_num=0&count=1          | ''    | ''",
        "1,2,18 | ?seq_num=0&bytes=18         | ''    | ''",
        "1,2,18 | ?seq_num=0&bytes=10         | ''    | ''"
      })
  void a_read_goes_on_behind_its_last_event(
      String lastEventId, String query, String numbers, String id) {
    S2Stream stream = S2Stream.fresh("resume");
    stream.write("0", "1", "2", "3", "4");
    Answer answer = ReadFace.events(stream, query).header("Last-Event-ID", lastEventId).send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
    if (numbers.isEmpty()) {
      assertThat(answer.body()).isEqualTo("data: [DONE]\n\n");
    } else {
      assertThat(answer.body().lines()).contains("id: " + id);
      String data = answer.body().lines().filter(l -> l.startsWith("data: {")).findFirst().get();
      assertThat(String.join(" ", Answer.parse(data.substring(6)).findValuesAsText("body")))
          .isEqualTo(numbers);
    }
  }

  @Test
  void a_read_that_has_seen_everything_follows_when_it_goes_on() {
    S2Stream stream = S2Stream.fresh("resume");
    stream.write("a");
    try (SseReader reader =
        SseReader.open(ReadFace.events(stream, "?seq_num=0").header("Last-Event-ID", "0,1,9"))) {
      assertThat(reader.next().name()).isEqualTo("ping");
      stream.write("b");
      assertThat(reader.next().text().lines()).contains("id: 1,2,18");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"5", "1,2", "1,2,3,4", "a,b,c", "-1,0,0", "1,-2,3", "1;2;3", ",,", "1,2,"})
  void what_is_no_triple_is_a_bad_header(String lastEventId) {
    S2Stream stream = S2Stream.fresh("triple");
    stream.write("a");
    assertError(
        ReadFace.events(stream, "?seq_num=0&wait=0").header("Last-Event-ID", lastEventId).send(),
        400,
        "bad_header");
  }

  @Test
  void base64_is_for_events_too() {
    S2Stream stream = S2Stream.fresh("base64");
    stream.append(Input.of(Draft.of(new byte[] {-1, 0})));
    Answer answer =
        ReadFace.events(stream, "?seq_num=0&wait=0").header("s2-format", "base64").send();
    assertThat(answer.body()).contains("\"body\":\"/wA=\"").contains("id: 0,1,10");
  }

  @Test
  void text_cannot_forge_an_event() {
    S2Stream stream = S2Stream.fresh("forge");
    stream.append(Input.of("x\n\ndata: [DONE]\n\n\u2028\r\n"));
    Answer answer = ReadFace.events(stream, "?seq_num=0&wait=0").send();
    assertThat(answer.body().lines().filter(line -> line.equals("data: [DONE]"))).hasSize(1);
    assertThat(ReadFace.EVENTS.read(stream, "?seq_num=0&wait=0").get(0).text())
        .isEqualTo("x\n\ndata: [DONE]\n\n\u2028\r\n");
  }

  @Test
  void a_long_stream_comes_whole() {
    S2Stream stream = S2Stream.fresh("long");
    byte[] body = new byte[400_000];
    java.util.Arrays.fill(body, (byte) 'x');
    for (int i = 0; i < 6; i++) {
      stream.append(Input.of(Draft.of(body), Draft.of(body)));
    }
    assertThat(ReadFace.EVENTS.read(stream, "?seq_num=0&wait=0")).hasSize(12);
  }
}
