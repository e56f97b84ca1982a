package dev.parley.http;

import static dev.parley.http.Fixtures.channel;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.records;
import static dev.parley.http.RawHttp2.DATA;
import static dev.parley.http.RawHttp2.END_HEADERS;
import static dev.parley.http.RawHttp2.END_STREAM;
import static dev.parley.http.RawHttp2.HEADERS;
import static dev.parley.http.RawHttp2.RST_STREAM;
import static dev.parley.http.RawHttp2.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.parley.http.Wire.Version;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames that no proper HTTP/2 client sends. */
class HostileHttp2Test {
  @AfterEach
  void the_server_still_serves() {
    assertThat(
            Wire.get("/api/v1/sessions?page%5Bsize%5D=1")
                .asAcme()
                .over(Version.HTTP_2)
                .send()
                .status())
        .isEqualTo(200);
  }

  static Stream<Arguments> targets() {
    return Stream.of(
        arguments("unknown id", "/api/v1/sessions/nobody", "Not found"),
        arguments("slash in an id", "/api/v1/sessions/a%2Fb", "Not found"),
        arguments("NUL", "/api/v1/sessions/%00", "Not found"),
        arguments("no UTF-8", "/api/v1/sessions/%FF", "Not found"),
        arguments("encoded dot segment", "/api/v1/sessions/%2E%2E", "Not found"),
        arguments("10 000 characters", "/api/v1/sessions/" + "a".repeat(10_000), "Not found"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("targets")
  void a_target_gets_a_clear_answer_and_other_streams_live(
      String name, String target, String error) {
    try (RawHttp2 connection = new RawHttp2()) {
      connection.frame(HEADERS, END_HEADERS | END_STREAM, 1, RawHttp2.request("GET", target));
      RawHttp2.End end = connection.await(1);
      assertThat(end.how()).isEqualTo("answered");
      assertThat(Answer.parse(end.body()).path("error").asText()).startsWith(error);
      connection.frame(
          HEADERS, END_HEADERS | END_STREAM, 3, RawHttp2.request("GET", "/api/v1/sessions/x"));
      assertThat(connection.await(3).body()).isEqualTo("{\"error\":\"Not found\"}");
    }
  }

  @Test
  void a_request_that_is_reset_in_its_body_writes_nothing() {
    String key = created("h2-reset");
    try (RawHttp2 connection = new RawHttp2()) {
      connection.frame(
          HEADERS,
          END_HEADERS,
          1,
          RawHttp2.request("POST", channel(key, "in/append"), "content-length", "10"));
      connection.frame(DATA, 0, 1, "only".getBytes(StandardCharsets.UTF_8));
      connection.frame(RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});
      connection.frame(
          HEADERS, END_HEADERS | END_STREAM, 3, RawHttp2.request("GET", "/api/v1/sessions/x"));
      assertThat(connection.await(3).how()).isEqualTo("answered");
    }
    assertThat(records(key, "in")).isEmpty();
  }

  static Stream<Arguments> garbage() {
    return Stream.of(
        arguments("no frames", SETTINGS, "garbage".getBytes(StandardCharsets.US_ASCII)),
        arguments("huge settings", SETTINGS, new byte[70_000]),
        arguments("headers that are no HPACK", HEADERS, new byte[] {-1, -1, -1, -1, -1, -1}),
        arguments("data without a stream", DATA, new byte[8]),
        arguments("unknown method", HEADERS, RawHttp2.request("BREW", "/")),
        arguments("headers alone", HEADERS, RawHttp2.headers("a", "b")),
        arguments(
            "negative length",
            HEADERS,
            RawHttp2.request("POST", "/api/v1/sessions", "content-length", "-1")),
        arguments(
            "two lengths",
            HEADERS,
            RawHttp2.request(
                "POST", "/api/v1/sessions", "content-length", "1", "content-length", "2")),
        arguments(
            "huge header", HEADERS, RawHttp2.request("GET", "/", "x-long", "x".repeat(16_000))),
        arguments(
            "bad escape in the path", HEADERS, RawHttp2.request("GET", "/api/v1/sessions/%zz")),
        arguments(
            "bad escape in the query", HEADERS, RawHttp2.request("GET", "/api/v1/sessions?a=%zz")),
        arguments("space in the target", HEADERS, RawHttp2.request("GET", "/api/v1/sessions/a b")),
        arguments("upper case", HEADERS, RawHttp2.request("GET", "/", "X-Upper", "x")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("garbage")
  void a_malformed_frame_ends_at_most_its_own_connection(String name, int type, byte[] payload) {
    try (RawHttp2 connection = new RawHttp2()) {
      boolean settings = type == SETTINGS;
      connection.frame(type, settings ? 0 : END_HEADERS | END_STREAM, settings ? 0 : 1, payload);
      RawHttp2.End end = connection.await(1);
      assertThat(end.body()).doesNotContain("\tat ").doesNotContain("Internal Server Error");
    }
  }

  @Test
  void garbage_behind_the_preface_disturbs_nobody_else() {
    for (int filler : new int[] {0, 0x20, 0x7f, 0xff}) {
      try (RawHttp2 connection = new RawHttp2()) {
        byte[] garbage = new byte[100_000];
        java.util.Arrays.fill(garbage, (byte) filler);
        connection.write(garbage);
      }
    }
  }
}
