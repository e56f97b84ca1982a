package dev.parley.http.s2;

import static dev.parley.http.s2.S2Stream.assertError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.parley.http.Answer;
import dev.parley.http.Wire;
import dev.parley.http.s2.S2Messages.Draft;
import dev.parley.http.s2.S2Messages.Input;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What s2.md sections 3, 4 and 6 refuse. */
class AppendLimitsTest {
  private static final int MAX_BODY = 1_048_568;
  private static final String EMPTY = "record batch must not be empty";
  private static final String TOO_MANY = "record batch must not exceed 1000 records";
  private static final String TOO_LARGE = "record batch must not exceed a metered size of 1 MiB";

  @Test
  void an_empty_batch_is_invalid() {
    S2Stream stream = S2Stream.fresh("empty");
    assertInvalid(stream.append("{\"records\":[]}"), EMPTY);
    assertInvalid(stream.append("{\"records\":[],\"match_seq_num\":7}"), EMPTY);
    assertInvalid(stream.append(Input.of(new Draft[0])), EMPTY);
  }

  @Test
  void a_batch_has_at_most_1000_records() {
    S2Stream stream = S2Stream.fresh("count");
    assertInvalid(stream.append(records("{}", 1_001)), TOO_MANY);
    assertInvalid(
        stream.append(new Input(Collections.nCopies(1_001, Draft.of("")), null, null)), TOO_MANY);
    assertThat(stream.tail()).isZero();
    assertThat(stream.append(records("{}", 1_000)).status()).isEqualTo(200);
    assertThat(stream.tail()).isEqualTo(1_000);
  }

  static Stream<Arguments> sizes() {
    return Stream.of(
        arguments("one body", body("x".repeat(MAX_BODY)), body("x".repeat(MAX_BODY + 1))),
        arguments("escapes", body("\\\"".repeat(MAX_BODY)), body("\\\"".repeat(MAX_BODY + 1))),
        arguments(
            "long escapes", body("\\u0001".repeat(MAX_BODY)), body("\\u0001".repeat(MAX_BODY + 1))),
        arguments(
            "text of two bytes each",
            body("é".repeat(MAX_BODY / 2)),
            body("é".repeat(MAX_BODY / 2) + "x")),
        arguments(
            "a header",
            record("{\"headers\":[[\"né\",\"%s\"]]}".formatted("v".repeat(MAX_BODY - 5))),
            record("{\"headers\":[[\"né\",\"%s\"]]}".formatted("v".repeat(MAX_BODY - 4)))),
        arguments(
            "two records",
            "{\"records\":[{\"body\":\"a\"},{\"body\":\"%s\"}]}"
                .formatted("b".repeat(MAX_BODY - 9)),
            "{\"records\":[{\"body\":\"a\"},{\"body\":\"%s\"}]}"
                .formatted("b".repeat(MAX_BODY - 8))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sizes")
  void a_batch_has_at_most_1_mib_metered(String name, String fits, String above) {
    S2Stream stream = S2Stream.fresh("size");
    assertInvalid(stream.append(above), TOO_LARGE);
    assertThat(stream.tail()).isZero();
    Answer answer = stream.append(fits);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void bytes_are_metered_and_not_their_encoding() {
    S2Stream stream = S2Stream.fresh("encoded");
    for (int more : new int[] {1, 0}) {
      byte[] bytes = new byte[MAX_BODY + more];
      Answer protobuf = stream.append(Input.of(Draft.of(bytes)));
      Answer base64 =
          stream
              .append()
              .header("s2-format", "base64")
              .body(body(Base64.getEncoder().encodeToString(bytes)))
              .send();
      for (Answer answer : List.of(protobuf, base64)) {
        if (more == 0) {
          assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        } else {
          assertInvalid(answer, TOO_LARGE);
        }
      }
    }
    assertThat(stream.tail()).isEqualTo(2);
  }

  @Test
  void a_batch_of_1000_records_may_be_as_large_as_one_record() {
    S2Stream stream = S2Stream.fresh("many");
    String each = "{\"body\":\"%s\"}".formatted("x".repeat(1_048 - 8));
    assertThat(stream.append(records(each, 1_000)).status()).isEqualTo(200);
    assertInvalid(stream.append(records(each.replaceFirst("x", "xx"), 1_000)), TOO_LARGE);
  }

  static Stream<Arguments> notJson() {
    String deep = "[".repeat(100_000);
    return Stream.of(
            "",
            "{",
            "nonsense",
            "null",
            "1",
            "\"x\"",
            "[]",
            "{}",
            "{\"records\":null}",
            "{\"records\":{}}",
            "{\"records\":\"x\"}",
            "{\"records\":[1]}",
            "{\"records\":[null]}",
            "{\"records\":[[]]}",
            "{\"records\":[{\"body\":1}]}",
            "{\"records\":[{\"body\":{}}]}",
            "{\"records\":[{\"body\":[]}]}",
            "{\"records\":[{\"headers\":{}}]}",
            "{\"records\":[{\"headers\":\"x\"}]}",
            "{\"records\":[{\"headers\":[\"ab\"]}]}",
            "{\"records\":[{\"headers\":[[]]}]}",
            "{\"records\":[{\"headers\":[[\"a\"]]}]}",
            "{\"records\":[{\"headers\":[[\"a\",\"b\",\"c\"]]}]}",
            "{\"records\":[{\"headers\":[[\"a\",1]]}]}",
            "{\"records\":[{\"headers\":[[null,\"b\"]]}]}",
            "{\"records\":[{\"headers\":[{\"a\":\"b\"}]}]}",
            "{\"records\":[{\"timestamp\":-1}]}",
            "{\"records\":[{\"timestamp\":1.5}]}",
            "{\"records\":[{\"timestamp\":\"1\"}]}",
            "{\"records\":[{\"timestamp\":true}]}",
            "{\"records\":[{\"timestamp\":18446744073709551616}]}",
            "{\"records\":[{\"timestamp\":1e400}]}",
            "{\"records\":[{\"timestamp\":" + "9".repeat(100_000) + "}]}",
            "{\"records\":[{}],\"match_seq_num\":-1}",
            "{\"records\":[{}],\"match_seq_num\":0.5}",
            "{\"records\":[{}],\"match_seq_num\":\"0\"}",
            "{\"records\":[{}],\"match_seq_num\":18446744073709551616}",
            "{\"records\":[{}],\"fencing_token\":5}",
            "{\"records\":[{}],\"fencing_token\":[]}",
            "{\"records\":[{}]} x",
            "{\"records\":[{}]}{",
            "{\"records\":[{}],}",
            "{\"records\":[{\"body\":\"\u0001\"}]}",
            "{'records':[{}]}",
            deep,
            "{\"records\":" + deep + "]".repeat(100_000) + "}",
            "{\"records\":[{\"body\":" + deep)
        .map(
            json ->
                arguments(
                    json.isEmpty()
                        ? "nothing"
                        : json.length() > 60 ? json.substring(0, 60) + "…" : json,
                    json));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("notJson")
  void what_is_no_batch_is_bad_json(String name, String json) {
    S2Stream stream = S2Stream.fresh("hostile");
    Answer answer = stream.append(json);
    assertError(answer, 400, "bad_json");
    assertThat(answer.body()).doesNotContain("Exception").doesNotContain("com.fasterxml");
    assertThat(answer.body().length()).isLessThan(2_000);
    assertThat(stream.tail()).isZero();
  }

  @Test
  void json_that_is_no_utf8_is_bad_json() {
    S2Stream stream = S2Stream.fresh("latin1");
    byte[] latin1 = "{\"records\":[{\"body\":\"é\"}]}".getBytes(StandardCharsets.ISO_8859_1);
    assertError(stream.append().body(latin1).send(), 400, "bad_json");
    assertThat(stream.tail()).isZero();
  }

  @Test
  void a_body_without_a_json_content_type_is_bad_json() {
    S2Stream stream = S2Stream.fresh("type");
    for (String type : new String[] {null, "text/plain", "application/octet-stream"}) {
      assertError(
          stream.append().contentType(type).body("{\"records\":[{}]}").send(), 400, "bad_json");
    }
    assertThat(stream.tail()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ff",
        "ffffffffffffffffffffff",
        "0a",
        "0a05",
        "0a7f00",
        "0a02" + "08ff",
        "0a03" + "1a05aa",
        "0a00" + "1a02" + "fffe",
        "0a00" + "10ffffffffffffffffffffff01",
        "07",
        "00",
        "0affffffffffffffffff01"
      })
  void what_is_no_protobuf_is_bad_proto(String hex) {
    S2Stream stream = S2Stream.fresh("garbage");
    Answer answer =
        stream
            .append()
            .contentType("application/protobuf")
            .body(HexFormat.of().parseHex(hex))
            .send();
    assertError(answer, 400, "bad_proto");
    assertThat(stream.tail()).isZero();
  }

  @Test
  void json_in_a_protobuf_request_is_bad_proto() {
    S2Stream stream = S2Stream.fresh("mixed");
    Wire request = stream.append().contentType("application/protobuf");
    assertError(request.body("{\"records\":[{}]}").send(), 400, "bad_proto");
  }

  private static void assertInvalid(Answer answer, String message) {
    assertError(answer, 422, "invalid");
    assertThat(answer.json().get("message").asText()).isEqualTo(message);
  }

  private static String body(String text) {
    return record("{\"body\":\"" + text + "\"}");
  }

  private static String record(String json) {
    return "{\"records\":[" + json + "]}";
  }

  private static String records(String each, int count) {
    return "{\"records\":[" + String.join(",", Collections.nCopies(count, each)) + "]}";
  }
}
