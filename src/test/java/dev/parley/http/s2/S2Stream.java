package dev.parley.http.s2;

import static dev.parley.http.Fixtures.channel;
import static dev.parley.http.Fixtures.created;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import dev.parley.http.s2.S2Messages.Input;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import okhttp3.Response;

/**
 * A stream and what opens it, as a PUT on its channel tells.
 *
 * @param path of its records
 */
record S2Stream(String path, String basin, String token) {
  /** The {@code out} stream of a new session. */
  static S2Stream fresh(String hint) {
    return of(created(hint), "out");
  }

  static S2Stream of(String key, String channel) {
    Answer answer = Wire.put(channel(key, channel)).asAcme().send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    String endpoint = answer.header("X-S2-Endpoint");
    assertThat(endpoint).startsWith(TestServer.origin() + "/");
    return new S2Stream(
        endpoint.substring(TestServer.origin().length())
            + "/streams/"
            + Wire.segment(answer.header("X-S2-Stream-Name"))
            + "/records",
        answer.header("X-S2-Basin"),
        answer.header("X-S2-Access-Token"));
  }

  S2Stream withToken(String other) {
    return new S2Stream(path, basin, other);
  }

  /** With the credentials of another stream. */
  S2Stream openedBy(S2Stream other) {
    return new S2Stream(path, other.basin, other.token);
  }

  String[] sessionHeaders() {
    return new String[] {
      "authorization",
      "Bearer " + token,
      "content-type",
      "s2s/proto",
      "accept",
      "application/protobuf",
      "s2-basin",
      basin
    };
  }

  Wire request(String method, String rest) {
    return Wire.request(method, path + rest).as(token).header("s2-basin", basin);
  }

  Wire append() {
    return request("POST", "");
  }

  Answer append(String json) {
    return append().body(json).send();
  }

  Wire appendProtobuf(byte[] message) {
    return append()
        .contentType("application/protobuf")
        .header("Accept", "application/protobuf")
        .body(message);
  }

  Answer append(Input input) {
    return append().contentType("application/protobuf").body(input.encode()).send();
  }

  /** Appends a text in each record. */
  JsonNode write(String... bodies) {
    Answer answer =
        append(
            Arrays.stream(bodies)
                .map(body -> "{\"body\":\"" + body + "\"}")
                .collect(Collectors.joining(",", "{\"records\":[", "]}")));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  /**
   * @param query with its question mark, or empty
   */
  Wire read(String query) {
    return request("GET", query);
  }

  /** The records from there on, as they are now. */
  JsonNode recordsFrom(long seq) {
    Answer answer = read("?seq_num=" + seq).send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json().get("records");
  }

  /** The number that the next record gets. */
  long tail() {
    Answer answer = request("GET", "/tail").send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json().at("/tail/seq_num").asLong(-1);
  }

  static byte[] bytes(Wire request) {
    try (Response response = request.open()) {
      byte[] bytes = response.body().bytes();
      assertThat(response.code()).isEqualTo(200);
      assertThat(response.header("Content-Type")).isEqualTo("application/protobuf");
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The error of the contract. */
  static void assertError(Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).startsWith("application/json");
    assertThat(answer.json().path("code").asText()).as(answer.body()).isEqualTo(code);
    assertThat(answer.json().path("message").asText()).isNotBlank();
    assertThat(answer.json().size()).isEqualTo(2);
  }
}
