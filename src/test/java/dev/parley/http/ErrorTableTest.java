package dev.parley.http;

import static dev.parley.http.Fixtures.SESSIONS;
import static dev.parley.http.Fixtures.channel;
import static dev.parley.http.Fixtures.createBody;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.session;
import static dev.parley.http.Fixtures.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.parley.TestServer;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** trigger.md section 1.2: the table of errors, and which check comes first. */
class ErrorTableTest {
  private static final String NOBODY = "nobody-has-this-id";

  static Stream<Arguments> errors() {
    String expired =
        Tokens.of(TestServer.ACME)
            .claim("exp", Instant.now().getEpochSecond() - 60)
            .signedWith(TestServer.ACME_KEY);
    String forged = Tokens.of(TestServer.ACME).signedWith("somebody's key");
    String forbidden =
        "{\"error\":\"Unauthorized\",\"code\":\"unauthorized\",\"param\":\"access_token\","
            + "\"type\":\"authorization\"}";
    return Stream.of(
        row("missing key", Wire.get(SESSIONS), 401, "{\"error\":\"Invalid or Missing API key\"}"),
        row(
            "unknown key",
            Wire.get(SESSIONS).as("unknown"),
            401,
            "{\"error\":\"Invalid API key\"}"),
        row(
            "forged",
            Wire.get(SESSIONS).as(forged),
            401,
            "{\"error\":\"Public Access Token is invalid"),
        row(
            "expired",
            Wire.get(SESSIONS).as(expired),
            401,
            "{\"error\":\"Public Access Token has expired."),
        row(
            "JWT where none is allowed",
            Wire.post("/api/v1/auth/jwt/claims").as(token("admin")),
            401,
            "{\"error\":\"Invalid or Missing API key\"}"),
        row(
            "scope not sufficient",
            Wire.post(SESSIONS).as(token("read:sessions")).body(createBody("x")),
            403,
            forbidden),
        row(
            "wrong method",
            Wire.request("DELETE", session(NOBODY)).asAcme(),
            405,
            "{\"error\":\"Method not allowed\"}"),
        row(
            "too large",
            Wire.post(session(NOBODY) + "/close").asAcme().body(" ".repeat(1025)),
            413,
            "{\"error\":\"Request body too large\"}"),
        row(
            "without length",
            Wire.post(session(NOBODY) + "/close").asAcme().body("{}").chunked(),
            413,
            "{\"error\":\"Request body too large\"}"),
        row(
            "bad direction",
            Wire.get(channel(NOBODY, "up")).asAcme(),
            400,
            "{\"error\":\"Params Error\",\"details\":[{"),
        row(
            "bad channel name",
            Wire.get(channel(NOBODY, "channels/a%20b/in")).asAcme(),
            400,
            "{\"error\":\"Params Error\",\"details\":[{"),
        row(
            "bad query",
            Wire.get(SESSIONS + "?page%5Bsize%5D=0").asAcme(),
            400,
            "{\"error\":\"Query Error\",\"details\":[{"),
        row(
            "empty body",
            Wire.post(SESSIONS).asAcme(),
            400,
            "{\"error\":\"Request body is empty\"}"),
        row("no JSON", Wire.post(SESSIONS).asAcme().body("{"), 400, "{\"error\":\"Invalid JSON\"}"),
        row(
            "JSON and more",
            Wire.post(SESSIONS).asAcme().body("{} {}"),
            400,
            "{\"error\":\"Invalid JSON\"}"),
        row("null", Wire.post(SESSIONS).asAcme().body("null"), 400, "{\"error\":\"Invalid JSON\"}"),
        row("0", Wire.post(SESSIONS).asAcme().body("0"), 400, "{\"error\":\"Invalid JSON\"}"),
        row("\"\"", Wire.post(SESSIONS).asAcme().body("\"\""), 400, "{\"error\":\"Invalid JSON\"}"),
        row(
            "false",
            Wire.post(SESSIONS).asAcme().body("false"),
            400,
            "{\"error\":\"Invalid JSON\"}"),
        row(
            "schema",
            Wire.post(SESSIONS).asAcme().body("{}"),
            400,
            "{\"error\":\"Validation error: "),
        row(
            "array",
            Wire.post(SESSIONS).asAcme().body("[]"),
            400,
            "{\"error\":\"Validation error: "),
        row(
            "retrieve nobody",
            Wire.get(session(NOBODY)).asAcme(),
            404,
            "{\"error\":\"Not found\"}"),
        row(
            "update nobody",
            Wire.patch(session(NOBODY)).asAcme().body("{}"),
            404,
            "{\"error\":\"Session not found\"}"),
        row(
            "close nobody",
            Wire.post(session(NOBODY) + "/close").asAcme().body("{}"),
            404,
            "{\"error\":\"Session not found\"}"),
        row(
            "append to nobody",
            Wire.post(channel(NOBODY, "in/append")).asAcme().body("x"),
            404,
            "{\"error\":\"Resource not found\"}"),
        row(
            "unknown path",
            Wire.get("/api/v1/nothing").asAcme(),
            404,
            "{\"error\":\"Not found\"}"));
  }

  private static Arguments row(String name, Wire request, int status, String body) {
    return arguments(name, request, status, body);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("errors")
  void errors_have_their_status_and_body(String name, Wire request, int status, String body) {
    Answer answer = request.send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).startsWith(body);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(answer.header("X-Request-Id")).isNotBlank();
  }

  static Stream<Arguments> actions() {
    return Stream.of(
        arguments("PATCH", session(NOBODY), "{}"),
        arguments("POST", session(NOBODY) + "/close", "{}"),
        arguments(
            "POST",
            session(NOBODY) + "/end-and-continue",
            "{\"callingRunId\":\"run_x\",\"reason\":\"r\"}"),
        arguments("POST", channel(NOBODY, "in/append"), "x"),
        arguments("PUT", channel(NOBODY, "in"), ""),
        arguments("POST", channel(NOBODY, "channels/a/in/append"), "x"),
        arguments("POST", channel("session_" + "0".repeat(32), "in/append"), "x"),
        arguments("POST", channel("session_tooshort", "in/append"), "x"));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("actions")
  void an_action_checks_the_scope_before_the_row(String method, String path, String body) {
    Answer answer = Wire.request(method, path).as(token("read:sessions:other")).body(body).send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/sessions/nobody-has-this-id",
        "/realtime/v1/sessions/session_00000000000000000000000000000000/in",
        "/realtime/v1/sessions/session_00000000000000000000000000000000/in/records"
      })
  void a_loader_checks_the_row_before_the_scope(String path) {
    assertThat(Wire.get(path).as(token("read:sessions:other")).send().status()).isEqualTo(404);
    assertThat(Wire.get(path).send().status()).isEqualTo(401);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("actions")
  void an_action_checks_the_sender_before_everything_else(String method, String path, String body) {
    Answer answer = Wire.request(method, path).body("x".repeat(2_000_000)).send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(401);
  }

  @ParameterizedTest
  @EnumSource
  void a_wrong_method_is_told_the_right_ones(Wire.Version version) {
    String[][] rows = {
      {"DELETE", SESSIONS, "GET, HEAD, POST"},
      {"PUT", session("x"), "GET, HEAD, PATCH"},
      {"PUT", session("x") + "/close", "POST"},
      {"PATCH", session("x") + "/end-and-continue", "POST"},
      {"POST", channel("x", "in"), "GET, HEAD, PUT"},
      {"PUT", channel("x", "in/append"), "POST"},
      {"POST", channel("x", "channels/a/in/records"), "GET, HEAD"},
      {"PUT", "/api/v1/auth/jwt/claims", "POST"},
      {"PUT", "/api/v1/auth/public-tokens", "POST"}
    };
    for (String[] row : rows) {
      Answer answer = Wire.request(row[0], row[1]).over(version).send();
      assertThat(answer.status()).as(row[1]).isEqualTo(405);
      assertThat(answer.body()).isEqualTo("{\"error\":\"Method not allowed\"}");
      assertThat(answer.header("Allow")).isEqualTo(row[2]);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_get_on_an_action_has_an_empty_body(Wire.Version version) {
    for (String path :
        new String[] {
          session("x") + "/close",
          session("x") + "/end-and-continue",
          channel("x", "in/append"),
          "/api/v1/auth/jwt/claims",
          "/api/v1/auth/public-tokens"
        }) {
      Answer answer = Wire.get(path).over(version).send();
      assertThat(answer.status()).as(path).isEqualTo(405);
      assertThat(answer.body()).isEmpty();
      assertThat(answer.header("Allow")).isEqualTo("POST");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_conflict_is_not_to_be_tried_again(Wire.Version version) {
    String key = created("conflict");
    Fixtures.close(key, "{\"reason\":\"done\"}");
    for (Wire request :
        new Wire[] {
          Wire.post(SESSIONS).body(createBody(key)), Wire.post(channel(key, "in/append")).body("x")
        }) {
      Answer answer = request.asAcme().over(version).send();
      assertThat(answer.status()).as(answer.body()).isEqualTo(409);
      assertThat(answer.header("x-should-retry")).isEqualTo("false");
    }
  }
}
