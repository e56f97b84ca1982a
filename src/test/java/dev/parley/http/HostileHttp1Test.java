package dev.parley.http;

import static dev.parley.http.Fixtures.channel;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.parley.TestServer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests over HTTP/1.1 that no proper client sends: a clear answer, and the server goes on. */
class HostileHttp1Test {
  private static final String AUTH = "Authorization: Bearer " + TestServer.ACME_KEY;

  @AfterEach
  void the_server_still_serves() {
    assertThat(Wire.get("/api/v1/sessions?page%5Bsize%5D=1").asAcme().send().status())
        .isEqualTo(200);
  }

  static Stream<Arguments> targets() {
    return Stream.of(
        arguments("slash in an id", "/api/v1/sessions/a%2Fb", 404),
        arguments("dot segment", "/api/v1/sessions/..", 404),
        arguments("encoded dot segment", "/api/v1/sessions/%2E%2E", 404),
        arguments("NUL", "/api/v1/sessions/%00", 404),
        arguments("NUL inside", "/api/v1/sessions/a%00b", 404),
        arguments("10 000 characters", "/api/v1/sessions/" + "a".repeat(10_000), 404),
        arguments("more than 16 k", "/api/v1/sessions/" + "a".repeat(17_000), 414),
        arguments("emoji", "/api/v1/sessions/%F0%9F%98%80", 404),
        arguments("raw UTF-8", "/api/v1/sessions/\u00f0\u009f\u0098\u0080", 400),
        arguments("no UTF-8", "/api/v1/sessions/%FF", 404),
        arguments("half a surrogate pair", "/api/v1/sessions/%ED%A0%80", 404),
        arguments("friendly id of wrong length", "/api/v1/sessions/session_1", 404),
        arguments("truncated escape in the path", "/api/v1/sessions/%4", 400),
        arguments("no hexadecimal escape in the path", "/api/v1/sessions/%zz", 400),
        arguments("truncated escape in the query", "/api/v1/sessions?page%5Bsize%5D=%4", 400),
        arguments("no hexadecimal escape in the query", "/api/v1/sessions?a=%zz", 400),
        arguments("no UTF-8 in the query", "/api/v1/sessions?filter%5Btype%5D=%FF", 200),
        arguments("NUL in the query", "/api/v1/sessions?filter%5Btype%5D=%00", 200),
        arguments("raw brackets in the query", "/api/v1/sessions?page[size]=1", 400),
        arguments("NUL in externalId", "/api/v1/sessions?filter%5BexternalId%5D=a%00b", 200),
        arguments("empty segment", "/api/v1/sessions/", 404),
        arguments("doubled slash", "//api/v1/sessions", 404),
        arguments("unknown path", "/nothing/here", 404),
        arguments("space in the target", "/api/v1/sessions/a b", 505),
        arguments("fragment", "/api/v1/sessions/a#b", 400),
        arguments("bad channel name", "/realtime/v1/sessions/x/channels/a%20b/in", 400),
        arguments("empty channel name", "/realtime/v1/sessions/x/channels/%00/in", 400),
        arguments(
            "long channel name",
            "/realtime/v1/sessions/x/channels/" + "n".repeat(129) + "/in",
            400),
        arguments("bad direction", "/realtime/v1/sessions/x/sideways", 400),
        arguments("id of blanks", "/realtime/v1/sessions/%20/in", 404),
        arguments("id with NUL", "/realtime/v1/sessions/a%00/in", 404));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("targets")
  void a_target_gets_a_clear_answer(String name, String target, int status) {
    RawHttp.Reply reply = RawHttp.request("GET " + target + " HTTP/1.1", AUTH);
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertClear(reply);
  }

  static Stream<Arguments> malformed() {
    String host = "Host: 127.0.0.1\r\n";
    return Stream.of(
        arguments(
            "no HTTP at all", "\u0001\u0002\u0003garbage that goes on for a while\r\n\r\n", 501),
        arguments(
            "a TLS hello",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003".repeat(4),
            400),
        arguments("unknown method", "BREW / HTTP/1.1\r\n" + host + "\r\n", 501),
        arguments("unknown version", "GET / HTTP/3.7\r\n" + host + "\r\n", 505),
        arguments("no host", "GET /api/v1/sessions HTTP/1.1\r\n" + AUTH + "\r\n\r\n", 400),
        arguments("two hosts", "GET /api/v1/sessions HTTP/1.1\r\n" + host + host + "\r\n", 400),
        arguments(
            "negative length",
            "POST /api/v1/sessions HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n",
            400),
        arguments(
            "length of words",
            "POST /api/v1/sessions HTTP/1.1\r\n" + host + "Content-Length: many\r\n\r\n",
            400),
        arguments(
            "huge length",
            "POST /api/v1/sessions HTTP/1.1\r\n"
                + host
                + "Content-Length: 99999999999999999999\r\n\r\n",
            400),
        arguments(
            "two different lengths",
            "POST /api/v1/sessions HTTP/1.1\r\n"
                + host
                + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
            400),
        arguments(
            "length and chunks",
            "POST /api/v1/sessions HTTP/1.1\r\n"
                + host
                + "Connection: close\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            400),
        arguments(
            "header of 17 k",
            "GET / HTTP/1.1\r\n" + host + "X-Long: " + "x".repeat(17_000) + "\r\n\r\n",
            431),
        arguments(
            "header name with a blank", "GET / HTTP/1.1\r\n" + host + "Bad Name: x\r\n\r\n", 400),
        arguments(
            "NUL in a header", "GET / HTTP/1.1\r\n" + host + "X-Part-Id: a\u0000b\r\n\r\n", 400));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void malformed_bytes_get_a_clear_answer(String name, String bytes, int status) {
    RawHttp.Reply reply = RawHttp.exchange(bytes);
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertClear(reply);
  }

  @Test
  void two_authorizations_are_none() {
    RawHttp.Reply reply =
        RawHttp.request(
            "GET /api/v1/sessions HTTP/1.1",
            AUTH,
            "Authorization: Bearer " + TestServer.GLOBEX_KEY);
    assertThat(reply.status()).as(reply.text()).isEqualTo(401);
    assertClear(reply);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Bearer", "Bearer ", "Basic YTpi", "bearer\t", "Bearer a b", "Bearer ..", ""})
  void a_truncated_authorization_is_none(String value) {
    RawHttp.Reply reply =
        RawHttp.request("GET /api/v1/sessions HTTP/1.1", "Authorization: " + value);
    assertThat(reply.status()).as(reply.text()).isEqualTo(401);
    assertClear(reply);
  }

  @Test
  void a_body_shorter_than_its_length_writes_nothing() {
    String key = created("short");
    RawHttp.sendAndLeave(
        "POST "
            + channel(key, "in/append")
            + " HTTP/1.1\r\nHost: x\r\n"
            + AUTH
            + "\r\nContent-Length: 10\r\n\r\nonly");
    RawHttp.sendAndLeave(
        "POST "
            + channel(key, "in/append")
            + " HTTP/1.1\r\nHost: x\r\n"
            + AUTH
            + "\r\nContent-Length: 10\r\n\r\n");
    RawHttp.sendAndLeave(
        "POST " + channel(key, "in/append") + " HTTP/1.1\r\nHost: x\r\n" + AUTH + "\r\nContent-Le");
    assertThat(Fixtures.append(key, "whole").json().get("seq").asInt()).isZero();
    assertThat(records(key, "in")).hasSize(1);
  }

  @Test
  void a_get_with_a_body_is_answered_and_the_connection_goes_on() {
    String get = "GET /api/v1/sessions?page%5Bsize%5D=1 HTTP/1.1\r\nHost: x\r\n" + AUTH + "\r\n";
    RawHttp.Reply reply =
        RawHttp.exchange(
            get
                + "Content-Length: 100000\r\n\r\n"
                + "x".repeat(100_000)
                + get
                + "Connection: close\r\n\r\n");
    assertThat(reply.text().split("HTTP/1.1 200 OK", -1)).as(reply.text()).hasSize(3);
  }

  @Test
  void a_put_with_a_body_is_answered_and_the_connection_goes_on() {
    String put =
        "PUT " + channel(created("put"), "in") + " HTTP/1.1\r\nHost: x\r\n" + AUTH + "\r\n";
    RawHttp.Reply reply =
        RawHttp.exchange(
            put
                + "Content-Length: 100000\r\n\r\n"
                + "x".repeat(100_000)
                + put
                + "Content-Length: 0\r\nConnection: close\r\n\r\n");
    assertThat(reply.text().split("HTTP/1.1 202 Accepted", -1)).as(reply.text()).hasSize(3);
  }

  @Test
  void an_answer_waits_for_a_body_that_nobody_needs_and_the_connection_goes_on() {
    String put =
        "PUT " + channel(created("slow-put"), "in") + " HTTP/1.1\r\nHost: x\r\n" + AUTH + "\r\n";
    RawHttp.Reply reply =
        RawHttp.exchangeInTwoSteps(
            put + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n",
            "{}" + put + "Content-Length: 0\r\nConnection: close\r\n\r\n");
    assertThat(reply.text().split("HTTP/1.1 202 Accepted", -1)).as(reply.text()).hasSize(3);
  }

  @Test
  void a_refused_body_is_read_to_its_end_and_the_connection_goes_on() {
    String post = "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\n" + AUTH + "\r\n";
    RawHttp.Reply reply =
        RawHttp.exchange(
            post
                + "Content-Length: 100000\r\n\r\n"
                + "x".repeat(100_000)
                + post
                + "Connection: close\r\nContent-Length: 0\r\n\r\n");
    assertThat(reply.text())
        .contains("HTTP/1.1 413 ")
        .contains("HTTP/1.1 400 ")
        .contains("Request body is empty");
  }

  static Stream<Arguments> hosts() {
    return Stream.of(
        arguments("name", "parley.example", "http://parley.example:80/v1"),
        arguments("name and port", "parley.example:8443", "http://parley.example:8443/v1"),
        arguments("IPv6", "[::1]:8080", "http://[::1]:8080/v1"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hosts")
  void the_data_plane_is_where_the_request_came_to(String name, String host, String endpoint) {
    RawHttp.Reply reply =
        RawHttp.exchange(
            "PUT /realtime/v1/sessions/x/in HTTP/1.1\r\nHost: "
                + host
                + "\r\n"
                + AUTH
                + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    assertThat(reply.hasHeader("X-S2-Endpoint: " + endpoint + "\r\n")).as(reply.text()).isTrue();
  }

  private static void assertClear(RawHttp.Reply reply) {
    assertThat(reply.text())
        .doesNotContain("dev.parley")
        .doesNotContain("pekko")
        .doesNotContain("\tat ");
    assertThat(reply.hasHeader("Access-Control-Allow-Origin: *")).as(reply.text()).isTrue();
    assertThat(reply.hasHeader("X-Request-Id: ")).as(reply.text()).isTrue();
    if (reply.status() >= 400) {
      assertThat(reply.hasHeader("Content-Type: application/json")).as(reply.text()).isTrue();
      assertThat(Answer.parse(reply.body()).path("error").asText()).as(reply.text()).isNotEmpty();
    }
  }
}
