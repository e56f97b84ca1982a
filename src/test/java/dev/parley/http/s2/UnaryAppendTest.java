package dev.parley.http.s2;

import static dev.parley.http.s2.S2Stream.assertError;
import static dev.parley.http.s2.S2Stream.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import dev.parley.http.s2.S2Messages.Ack;
import dev.parley.http.s2.S2Messages.Batch;
import dev.parley.http.s2.S2Messages.Draft;
import dev.parley.http.s2.S2Messages.Head;
import dev.parley.http.s2.S2Messages.Input;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** s2.md sections 3 and 4.1 to 4.3. */
class UnaryAppendTest {
  @ParameterizedTest
  @EnumSource
  void an_acknowledgement_says_where_the_records_are(Wire.Version version) {
    S2Stream stream = S2Stream.fresh("ack");
    long before = System.currentTimeMillis();
    JsonNode first = append(stream, version, "{\"records\":[{\"body\":\"a\"}]}");
    assertThat(first.at("/start/seq_num").asLong()).isZero();
    long timestamp = first.at("/start/timestamp").asLong();
    assertThat(timestamp).isBetween(before, System.currentTimeMillis());
    String end = "{\"seq_num\":1,\"timestamp\":" + timestamp + "}";
    assertThat(first.toString())
        .isEqualTo(
            "{\"start\":{\"seq_num\":0,\"timestamp\":%d},\"end\":%s,\"tail\":%s}"
                .formatted(timestamp, end, end));
    JsonNode second =
        append(stream, version, "{\"records\":[{\"body\":\"b\"},{},{\"body\":\"\"}]}");
    assertThat(second.at("/start/seq_num").asLong()).isEqualTo(1);
    assertThat(second.at("/end/seq_num").asLong()).isEqualTo(4);
    assertThat(second.get("tail")).isEqualTo(second.get("end"));
    assertThat(stream.tail()).isEqualTo(4);
  }

  private static JsonNode append(S2Stream stream, Wire.Version version, String json) {
    Answer answer = stream.append().over(version).body(json).send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    return answer.json();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"records\":[{}]}",
        "{\"records\":[{\"body\":null,\"headers\":null,\"timestamp\":null}]}",
        "{\"records\":[{\"body\":\"\",\"headers\":[]}],\"match_seq_num\":null,\"fencing_token\":null}",
        " {\n\"fencing_token\" : \"\" , \"match_seq_num\":0,\"records\" : [ { } ] } "
      })
  void what_is_optional_may_be_absent_or_null(String json) {
    S2Stream stream = S2Stream.fresh("nulls");
    Answer answer = stream.append(json);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    JsonNode record = stream.recordsFrom(0).get(0);
    assertThat(record.fieldNames()).toIterable().containsExactly("seq_num", "timestamp");
  }

  @Test
  void names_values_and_bodies_are_kept_as_they_are() {
    S2Stream stream = S2Stream.fresh("text");
    String json =
        "{\"records\":[{\"body\":\"é😀\\u0000\\n\",\"headers\":[[\"dup\",\"1\"],[\"a\",\"\"],[\"dup\",\"ü\"]]}]}";
    assertThat(stream.append(json).status()).isEqualTo(200);
    JsonNode record = stream.recordsFrom(0).get(0);
    assertThat(record.get("body").asText()).isEqualTo("é😀\u0000\n");
    assertThat(record.get("headers").toString())
        .isEqualTo("[[\"dup\",\"1\"],[\"a\",\"\"],[\"dup\",\"ü\"]]");
  }

  @ParameterizedTest
  @CsvSource({
    "raw, /w==, /w==",
    "json, /w==, /w==",
    "base64, /w==, \ufffd",
    "json-binsafe, /w==, \ufffd"
  })
  void the_format_tells_text_from_base64(String format, String written, String read) {
    S2Stream stream = S2Stream.fresh("format");
    String json =
        "{\"records\":[{\"body\":\"%1$s\",\"headers\":[[\"%1$s\",\"%1$s\"]]}]}".formatted(written);
    assertThat(stream.append().header("s2-format", format).body(json).send().status())
        .isEqualTo(200);
    JsonNode raw = stream.recordsFrom(0).get(0);
    assertThat(raw.get("body").asText()).isEqualTo(read);
    assertThat(raw.at("/headers/0/0").asText()).isEqualTo(read);
    assertThat(raw.at("/headers/0/1").asText()).isEqualTo(read);
    JsonNode again =
        stream.read("?seq_num=0").header("s2-format", format).send().json().at("/records/0");
    assertThat(again.get("body").asText()).isEqualTo(written);
    assertThat(again.at("/headers/0/0").asText()).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "a", "YWI", "YWI=YWI=", "é", "_w=="})
  void what_is_no_base64_is_bad_json(String body) {
    S2Stream stream = S2Stream.fresh("base64");
    for (String record :
        List.of("{\"body\":\"" + body + "\"}", "{\"headers\":[[\"" + body + "\",\"\"]]}")) {
      Answer answer =
          stream
              .append()
              .header("s2-format", "base64")
              .body("{\"records\":[" + record + "]}")
              .send();
      assertError(answer, 400, "bad_json");
    }
    assertThat(stream.tail()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void protobuf_goes_in_and_out(Wire.Version version) {
    S2Stream stream = S2Stream.fresh("protobuf");
    ByteString binary = ByteString.copyFrom(new byte[] {-1, 0, (byte) 0xed, (byte) 0xa0, 10});
    Draft record = new Draft(5L, List.of(new Head(binary, binary), Head.of("a", "")), binary);
    Input input = Input.of(record, Draft.of(""));
    Ack ack = Ack.decode(bytes(stream.appendProtobuf(input.encode()).over(version)));
    assertThat(ack.start()).isEqualTo(new S2Messages.Position(0, 5));
    assertThat(ack.end().seq()).isEqualTo(2);
    assertThat(ack.tail()).isEqualTo(ack.end());
    Batch batch =
        Batch.decode(
            bytes(
                stream.read("?seq_num=0").header("Accept", "application/protobuf").over(version)));
    assertThat(batch.records()).hasSize(2);
    assertThat(batch.records().get(0))
        .isEqualTo(new S2Messages.Sequenced(0, 5, record.headers(), binary));
    assertThat(batch.records().get(1).seq()).isEqualTo(1);
    assertThat(batch.records().get(1).body()).isEqualTo(ByteString.EMPTY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json                     | application/protobuf | true",
        "application/json; charset=utf-8      | application/x-protobuf | true",
        "application/json                     | application/protobuf, application/json | true",
        "application/protobuf                 | application/json, application/protobuf | false",
        "application/x-protobuf               | */* | false",
        "application/protobuf                 | application/json | false",
        "application/x-protobuf               | application/x-protobuf | true",
        "application/json                     | application/json | false",
        "application/json                     | '' | false",
        "application/protobuf                 | '' | false"
      })
  void request_and_response_choose_their_encodings_apart(
      String contentType, String accept, boolean protobuf) {
    S2Stream stream = S2Stream.fresh("encodings");
    Wire request = stream.append().contentType(contentType);
    if (!accept.isEmpty()) {
      request.header("Accept", accept);
    }
    request.body(
        contentType.contains("json")
            ? "{\"records\":[{\"body\":\"x\"}]}".getBytes()
            : Input.of("x").encode());
    if (protobuf) {
      Ack ack = Ack.decode(bytes(request));
      assertThat(ack.start().seq()).isZero();
      assertThat(ack.end().seq()).isEqualTo(1);
      assertThat(ack.tail().seq()).isEqualTo(1);
    } else {
      Answer answer = request.send();
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.header("Content-Type")).isEqualTo("application/json");
      assertThat(answer.json().at("/end/seq_num").asInt(-1)).isEqualTo(1);
    }
    assertThat(stream.recordsFrom(0).at("/0/body").asText()).isEqualTo("x");
  }

  @Test
  void the_trim_that_was_captured_from_the_published_client_is_understood() {
    S2Stream stream = S2Stream.fresh("captured");
    stream.write("a", "b", "c");
    byte[] trim = HexFormat.of().parseHex("0a12120612047472696d1a080000000000000002");
    Ack ack = Ack.decode(bytes(stream.appendProtobuf(trim)));
    assertThat(ack.start().seq()).isEqualTo(3);
    JsonNode left = stream.recordsFrom(0);
    assertThat(left).hasSize(2);
    assertThat(left.at("/0/body").asText()).isEqualTo("c");
    assertThat(left.at("/1/headers").toString()).isEqualTo("[[\"\",\"trim\"]]");
  }

  @Test
  void unknown_fields_of_protobuf_are_ignored() {
    S2Stream stream = S2Stream.fresh("unknown");
    byte[] more = HexFormat.of().parseHex("7a03010203" + "8001ffffffffffffffffff01");
    byte[] message = S2Frame.join(more, Input.of("x").encode(), more);
    assertThat(Ack.decode(bytes(stream.appendProtobuf(message))).end().seq()).isEqualTo(1);
  }

  @Test
  void the_same_batch_again_is_another_batch() {
    S2Stream stream = S2Stream.fresh("again");
    for (int i = 0; i < 3; i++) {
      assertThat(stream.write("same").at("/start/seq_num").asInt(-1)).isEqualTo(i);
    }
    assertThat(stream.recordsFrom(0)).hasSize(3);
  }

  @Test
  void concurrent_batches_stay_whole_and_leave_no_gap() {
    S2Stream stream = S2Stream.fresh("concurrent");
    List<CompletableFuture<Answer>> calls =
        IntStream.range(0, 30)
            .mapToObj(
                i ->
                    stream
                        .append()
                        .body(
                            "{\"records\":[{\"body\":\"%1$d\"},{\"body\":\"%1$d\"},{\"body\":\"%1$d\"}]}"
                                .formatted(i))
                        .sendAsync())
            .toList();
    List<Answer> answers = calls.stream().map(CompletableFuture::join).toList();
    JsonNode records = stream.recordsFrom(0);
    assertThat(records).hasSize(90);
    for (int i = 0; i < 30; i++) {
      assertThat(answers.get(i).status()).as(answers.get(i).body()).isEqualTo(200);
      int start = answers.get(i).json().at("/start/seq_num").asInt();
      assertThat(answers.get(i).json().at("/end/seq_num").asInt()).isEqualTo(start + 3);
      for (int j = start; j < start + 3; j++) {
        assertThat(records.get(j).get("seq_num").asInt()).isEqualTo(j);
        assertThat(records.get(j).get("body").asText()).isEqualTo("" + i);
      }
    }
  }

  @Test
  void timestamps_are_never_in_the_future_and_never_run_backwards() {
    S2Stream stream = S2Stream.fresh("timestamps");
    stream.append(
        "{\"records\":[{\"timestamp\":100},{\"timestamp\":50},{\"timestamp\":200},{\"timestamp\":0}]}");
    stream.append("{\"records\":[{\"timestamp\":150}]}");
    assertThat(stream.recordsFrom(0).findValuesAsText("timestamp"))
        .containsExactly("100", "100", "200", "200", "200");
    Draft farAhead = new Draft(-1L, List.of(), ByteString.EMPTY);
    long before = System.currentTimeMillis();
    assertThat(stream.append(Input.of(farAhead)).status()).isEqualTo(200);
    assertThat(stream.recordsFrom(5).at("/0/timestamp").asLong())
        .isBetween(before, System.currentTimeMillis());
    JsonNode ack =
        stream
            .append(
                "{\"records\":[{\"timestamp\":%d},{\"timestamp\":7},{},{\"timestamp\":18446744073709551615}]}"
                    .formatted(before + 3_600_000))
            .json();
    long after = System.currentTimeMillis();
    long last = 0;
    for (JsonNode record : stream.recordsFrom(6)) {
      long timestamp = record.get("timestamp").asLong();
      assertThat(timestamp).isBetween(before, after).isGreaterThanOrEqualTo(last);
      last = timestamp;
    }
    assertThat(ack.at("/end/timestamp").asLong()).isEqualTo(last);
    assertThat(ack.at("/start/timestamp").asLong())
        .isEqualTo(stream.recordsFrom(6).at("/0/timestamp").asLong());
    assertThat(ack.at("/start/timestamp").asLong()).isNotZero();
  }
}
