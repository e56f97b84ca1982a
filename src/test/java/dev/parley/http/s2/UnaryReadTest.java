package dev.parley.http.s2;

import static dev.parley.http.Fixtures.created;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import dev.parley.http.s2.S2Messages.Draft;
import dev.parley.http.s2.S2Messages.Head;
import dev.parley.http.s2.S2Messages.Input;
import dev.parley.http.s2.S2Messages.Sequenced;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** s2.md section 5.2. */
class UnaryReadTest {
  @Test
  void empty_headers_and_bodies_are_left_out() {
    S2Stream stream = S2Stream.fresh("empty");
    stream.append(
        "{\"records\":[{\"timestamp\":1},{\"timestamp\":2,\"body\":\"b\"},{\"timestamp\":3,\"headers\":[[\"\",\"fence\"]]}]}");
    for (String format : List.of("raw", "json")) {
      Answer answer = stream.read("?seq_num=0").header("s2-format", format).send();
      assertThat(answer.header("Content-Type")).isEqualTo("application/json");
      assertThat(answer.json().get("records").toString())
          .isEqualTo(
              "[{\"seq_num\":0,\"timestamp\":1},"
                  + "{\"seq_num\":1,\"timestamp\":2,\"body\":\"b\"},"
                  + "{\"seq_num\":2,\"timestamp\":3,\"headers\":[[\"\",\"fence\"]]}]");
    }
  }

  @ParameterizedTest
  @EnumSource
  void bytes_that_are_no_text_are_kept(Wire.Version version) {
    S2Stream stream = S2Stream.fresh("bytes");
    ByteString bytes = ByteString.copyFrom(new byte[] {'a', -1, (byte) 0xc3, 0, 'b'});
    stream.append(Input.of(new Draft(1L, List.of(new Head(bytes, bytes)), bytes)));
    Sequenced wanted = new Sequenced(0, 1, List.of(new Head(bytes, bytes)), bytes);
    assertThat(ReadFace.BASE64.read(stream, "?seq_num=0")).containsExactly(wanted);
    assertThat(ReadFace.PROTOBUF.read(stream, "?seq_num=0")).containsExactly(wanted);
    assertThat(ReadFace.SESSION.read(stream, "?seq_num=0&wait=0")).containsExactly(wanted);
    JsonNode raw = stream.read("?seq_num=0").over(version).send().json().at("/records/0");
    assertThat(raw.get("body").asText()).isEqualTo("a\ufffd\ufffd\u0000b");
    assertThat(raw.get("headers").toString())
        .isEqualTo("[[\"a\ufffd\ufffd\\u0000b\",\"a\ufffd\ufffd\\u0000b\"]]");
  }

  @ParameterizedTest
  @CsvSource({
    "''",
    "*/*",
    "application/json",
    "text/html",
    "'application/json, text/event-stream'"
  })
  void json_is_the_answer_to_any_other_accept(String accept) {
    S2Stream stream = S2Stream.fresh("accept");
    stream.write("a");
    Wire read = stream.read("?seq_num=0");
    Answer answer = (accept.isEmpty() ? read : read.header("Accept", accept)).send();
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.json().get("records")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"JSON", "BASE64", "PROTOBUF"})
  void an_answer_has_at_most_1000_records(ReadFace face) {
    S2Stream stream = S2Stream.fresh("many");
    Input batch = new Input(Collections.nCopies(700, Draft.of("x")), null, null);
    stream.append(batch);
    stream.append(batch);
    for (String query : List.of("?seq_num=100", "?seq_num=100&count=1200")) {
      List<Sequenced> records = face.read(stream, query);
      assertThat(records).hasSize(1_000);
      assertThat(records.get(0).seq()).isEqualTo(100);
      assertThat(records.get(999).seq()).isEqualTo(1_099);
    }
    assertThat(face.read(stream, "?seq_num=1100")).hasSize(300);
  }

  @ParameterizedTest
  @EnumSource(names = {"JSON", "BASE64", "PROTOBUF"})
  void an_answer_has_at_most_1_mib(ReadFace face) {
    S2Stream stream = S2Stream.fresh("large");
    byte[] half = new byte[524_288 - 8];
    stream.append(Input.of(Draft.of(half), Draft.of(half)));
    stream.append(Input.of(Draft.of(half)));
    stream.append(Input.of(Draft.of(new byte[1_048_568])));
    assertThat(face.read(stream, "?seq_num=0")).hasSize(2);
    assertThat(face.read(stream, "?seq_num=1&bytes=3000000")).hasSize(2);
    assertThat(face.read(stream, "?seq_num=2")).hasSize(1);
    List<Sequenced> largest = face.read(stream, "?seq_num=3&bytes=1048576");
    assertThat(largest).hasSize(1);
    assertThat(largest.get(0).body().size()).isEqualTo(1_048_568);
    assertThat(face.read(stream, "?seq_num=3&bytes=1048575")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void a_long_poll_returns_with_the_first_record(Wire.Version version) {
    S2Stream stream = S2Stream.fresh("poll");
    stream.write("a");
    Instant start = Instant.now();
    CompletableFuture<Answer> poll =
        stream.read("?seq_num=1&wait=18&count=5").over(version).sendAsync();
    stream.write("b");
    Answer answer = poll.join();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().at("/records/0/body").asText()).isEqualTo("b");
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void a_long_poll_sees_what_other_faces_write() {
    String key = created("poll");
    S2Stream stream = S2Stream.of(key, "in");
    CompletableFuture<Answer> poll = stream.read("?seq_num=0&wait=18").sendAsync();
    Fixtures.append(key, "hello");
    assertThat(poll.join().json().at("/records/0/body").asText()).contains("\"data\":\"hello\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"?seq_num=1&wait=1", "?wait=1", "?seq_num=9&clamp=true&wait=1", "?wait=1&count=3"})
  void a_long_poll_ends_at_its_deadline(String query) {
    S2Stream stream = S2Stream.fresh("deadline");
    stream.write("a");
    Instant start = Instant.now();
    Answer answer = stream.read(query).send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json().get("records")).isEmpty();
    assertThat(answer.body()).startsWith("{\"records\":[]");
    assertThat(Duration.between(start, Instant.now()))
        .isBetween(Duration.ofMillis(900), Duration.ofSeconds(6));
  }

  @Test
  void a_long_poll_of_protobuf_ends_with_an_empty_batch() {
    S2Stream stream = S2Stream.fresh("deadline");
    assertThat(ReadFace.PROTOBUF.read(stream, "?wait=1")).isEmpty();
  }

  @Test
  void a_read_that_may_wait_takes_what_is_there_at_once() {
    S2Stream stream = S2Stream.fresh("there");
    stream.write("a", "b");
    Instant start = Instant.now();
    assertThat(ReadFace.JSON.read(stream, "?seq_num=0&wait=18")).hasSize(2);
    assertThat(ReadFace.JSON.read(stream, "?seq_num=0&wait=18&count=7")).hasSize(2);
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
  }
}
