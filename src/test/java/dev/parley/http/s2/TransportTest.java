package dev.parley.http.s2;

import static dev.parley.http.s2.S2Stream.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.RawHttp;
import dev.parley.http.Wire;
import dev.parley.http.s2.S2Messages.Input;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP itself makes hard: bodies nobody wants, methods nobody serves. */
class TransportTest {
  private static final int HUGE = 30_000_000;

  @ParameterizedTest
  @EnumSource
  void a_huge_body_is_answered(Wire.Version version) {
    S2Stream stream = S2Stream.fresh("huge");
    for (boolean chunked : new boolean[] {false, true}) {
      Wire request = stream.append().over(version).body("x".repeat(HUGE));
      Answer answer = (chunked ? request.chunked() : request).send();
      assertThat(answer.status()).as(answer.body()).isIn(400, 413, 422);
      assertThat(answer.json().path("code").asText()).isNotBlank();
      assertThat(answer.json().path("message").asText()).isNotBlank();
    }
    assertThat(stream.tail()).isZero();
  }

  @Test
  void a_huge_body_without_a_length_leaves_its_connection_alone() {
    S2Stream stream = S2Stream.fresh("huge");
    try (H2Connection connection = new H2Connection()) {
      List<String> headers = new ArrayList<>(List.of(stream.sessionHeaders()));
      headers.set(headers.indexOf("s2s/proto"), "application/protobuf");
      H2Stream request =
          connection.open("POST", stream.path(), false, headers.toArray(String[]::new));
      request.send(new byte[HUGE]).end();
      assertThat(request.status()).isIn(400, 413, 422);
      assertThat(request.error().path("code").asText()).isNotBlank();
      assertServes(connection, stream);
    }
  }

  @Test
  void a_refused_body_is_read_to_its_end() {
    S2Stream stream = S2Stream.fresh("drained");
    try (H2Connection connection = new H2Connection()) {
      for (S2Stream refused :
          List.of(
              stream.withToken("bad"),
              new S2Stream(stream.path(), "Bad", stream.token()),
              stream.openedBy(S2Stream.fresh("other")))) {
        H2Stream request = connection.open("POST", stream.path(), false, refused.sessionHeaders());
        for (int i = 0; i < 12; i++) {
          request.send(new byte[1_000_000]);
        }
        request.end();
        assertThat(request.status()).isIn(400, 401, 403);
        assertThat(request.error().path("code").asText()).isNotBlank();
      }
      assertServes(connection, stream);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 60_000, 300_000, 1_048_576, 1_400_000})
  void a_refusal_arrives_over_http_1_whatever_the_body_is(int length) {
    S2Stream stream = S2Stream.fresh("refused");
    String request =
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n"
            .formatted(stream.path(), TestServer.port());
    byte[] bytes =
        (request + "Content-Length: %d\r\n\r\n%s".formatted(length, " ".repeat(length)))
            .getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < 20; i++) {
      assertThat(RawHttp.firstAnswer(bytes).status()).isEqualTo(401);
      assertError(stream.withToken("bad").append().body(new byte[length]).send(), 401, "authn");
    }
  }

  @Test
  void a_refused_body_does_not_stop_the_next_request_of_http_1() {
    S2Stream stream = S2Stream.fresh("keep-alive");
    String host = "Host: 127.0.0.1:" + TestServer.port() + "\r\n";
    String first =
        "POST %s HTTP/1.1\r\n%sContent-Type: application/json\r\nContent-Length: 300000\r\n\r\n%s"
            .formatted(stream.path(), host, " ".repeat(300_000));
    String second =
        "GET %s/tail HTTP/1.1\r\n%sConnection: close\r\nAuthorization: Bearer %s\r\ns2-basin: %s\r\n\r\n"
            .formatted(stream.path(), host, stream.token(), stream.basin());
    RawHttp.Reply reply = RawHttp.exchange((first + second).getBytes(StandardCharsets.ISO_8859_1));
    assertThat(reply.text()).startsWith("HTTP/1.1 401 ").contains("HTTP/1.1 200 OK");
    assertThat(reply.text()).endsWith("{\"tail\":{\"seq_num\":0,\"timestamp\":0}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"?seq_num=%zz", "/%zz"})
  void a_malformed_target_over_http_1_has_an_error_of_the_data_plane(String rest) {
    S2Stream stream = S2Stream.fresh("malformed");
    RawHttp.Reply reply =
        RawHttp.exchange(
            "GET %s%s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                .formatted(stream.path(), rest)
                .getBytes(StandardCharsets.ISO_8859_1));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).contains("{\"code\":\"bad_");
  }

  @ParameterizedTest
  @CsvSource({"PUT, ''", "PATCH, ''", "DELETE, ''", "POST, /tail", "PUT, /tail", "DELETE, /tail"})
  void a_wrong_method_is_refused(String method, String rest) {
    S2Stream stream = S2Stream.fresh("method");
    for (Wire.Version version : Wire.Version.values()) {
      Answer answer = stream.request(method, rest).over(version).body("{\"records\":[{}]}").send();
      assertThat(answer.status()).as(answer.body()).isEqualTo(405);
      assertThat(answer.header("Allow")).isNotBlank();
      assertThat(answer.json().path("code").asText()).isNotBlank();
      assertThat(answer.json().path("message").asText()).isNotBlank();
    }
    assertThat(stream.tail()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"''", "?seq_num=0", "?seq_num=9", "?seq_num=x", "/tail"})
  void a_head_has_no_body_and_harms_nothing(String rest) {
    S2Stream stream = S2Stream.fresh("head");
    stream.write("a");
    for (S2Stream asked : List.of(stream, stream.withToken("bad"))) {
      for (Wire.Version version : Wire.Version.values()) {
        Answer answer = asked.request("HEAD", rest).over(version).send();
        assertThat(answer.status()).isBetween(200, 499);
        assertThat(answer.body()).isEmpty();
      }
      try (H2Connection connection = new H2Connection()) {
        H2Stream request =
            connection.open("HEAD", stream.path() + rest, true, asked.sessionHeaders());
        assertThat(request.status()).isBetween(200, 499);
        assertThat(request.rest()).isEmpty();
        assertServes(connection, stream);
      }
    }
    assertThat(stream.recordsFrom(0).get(0).get("body").asText()).isEqualTo("a");
  }

  @Test
  void an_unknown_path_of_the_data_plane_is_not_found() {
    S2Stream stream = S2Stream.fresh("path");
    for (String rest : List.of("/nothing", "/tail/more", "/")) {
      Answer answer = stream.request("GET", rest).send();
      assertThat(answer.status()).as(rest).isIn(400, 404);
    }
  }

  @Test
  void errors_over_http_2_have_the_shape_of_the_contract_too() {
    S2Stream stream = S2Stream.fresh("shape");
    assertError(
        stream.withToken("bad").append().over(Wire.Version.HTTP_2).body("{}").send(), 401, "authn");
    assertError(stream.append().over(Wire.Version.HTTP_2).body("{").send(), 400, "bad_json");
    assertError(
        stream.append().over(Wire.Version.HTTP_2).body("{\"records\":[]}").send(), 422, "invalid");
  }

  private static void assertServes(H2Connection connection, S2Stream stream) {
    long tail = stream.tail();
    S2Session session = S2Session.append(connection, stream).send(Input.of("x"));
    assertThat(session.ack().start().seq()).isEqualTo(tail);
    session.stream().end();
    assertThat(session.next()).isNull();
  }
}
