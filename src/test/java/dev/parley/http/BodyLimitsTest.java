package dev.parley.http;

import static dev.parley.http.Fixtures.SESSIONS;
import static dev.parley.http.Fixtures.channel;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.records;
import static dev.parley.http.Fixtures.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.parley.http.Wire.Version;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** trigger.md section 1.2: each action has a limit of its own, by Content-Length. */
class BodyLimitsTest {
  static Stream<Arguments> limits() {
    String key = created("limits");
    return Stream.of(Version.values())
        .flatMap(
            version ->
                Stream.of(
                    arguments("create", version, "POST", SESSIONS, 32_768),
                    arguments("update", version, "PATCH", session(key), 32_768),
                    arguments("close", version, "POST", session("nobody") + "/close", 1_024),
                    arguments(
                        "continue", version, "POST", session(key) + "/end-and-continue", 1_024),
                    arguments("append", version, "POST", channel(key, "in/append"), 1_048_576),
                    arguments(
                        "side", version, "POST", channel(key, "channels/a/in/append"), 1_048_576)));
  }

  @ParameterizedTest(name = "{0} over {1}")
  @MethodSource("limits")
  void a_body_above_the_limit_is_refused(
      String name, Version version, String method, String path, int limit) {
    for (int size : new int[] {limit + 1, 4 * limit + 100_000}) {
      Answer answer = Wire.request(method, path).asAcme().over(version).body(new byte[size]).send();
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.body()).isEqualTo("{\"error\":\"Request body too large\"}");
    }
  }

  static Stream<Arguments> ownLimits() {
    return Stream.of(Version.values())
        .flatMap(
            version ->
                Stream.of(
                    arguments("/api/admin/agents/" + new UUID(0, 1), "PUT", version),
                    arguments("/api/webchat/session", "POST", version),
                    arguments("/api/admin/events/e", "PUT", version),
                    arguments("/api/auth/login", "POST", version)));
  }

  /** across.md section 9. */
  @ParameterizedTest(name = "{0} over {2}")
  @MethodSource("ownLimits")
  void limits_that_trigger_dev_does_not_know_name_themselves(
      String path, String method, Version version) {
    Answer answer =
        Wire.request(method, path).asAcme().over(version).body(new byte[1 << 20]).send();
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.json().get("error").asText())
        .matches("The body is too large; here it may hold at most [1-9][0-9]{3,5} bytes");
    Answer counted = Wire.request(method, path).asAcme().over(version).chunked().body("7").send();
    assertThat(counted.status()).as(counted.body()).isIn(400, 401, 422);
  }

  @ParameterizedTest(name = "{0} over {1}")
  @MethodSource("limits")
  void a_body_at_the_limit_is_looked_at(
      String name, Version version, String method, String path, int limit) {
    // The envelope around an append does not fit any more, which is another limit.
    int wanted = limit == 1_048_576 ? 413 : limit == 1_024 && name.equals("close") ? 404 : 200;
    String body = name.equals("update") || name.equals("close") ? "{}" : "[]";
    Answer answer =
        Wire.request(method, path)
            .asAcme()
            .over(version)
            .body(body + " ".repeat(limit - body.length()))
            .send();
    assertThat(answer.body()).doesNotContain("Request body too large");
    assertThat(answer.status())
        .as(answer.body())
        .isEqualTo(body.equals("[]") && wanted == 200 ? 400 : wanted);
  }

  @ParameterizedTest(name = "{0} over {1}")
  @MethodSource("limits")
  void an_unannounced_length_is_refused(
      String name, Version version, String method, String path, int limit) {
    Wire request = Wire.request(method, path).asAcme().over(version).chunked();
    if (version == Version.HTTP_1) {
      assertThat(request.body("{}").send().status()).isEqualTo(413);
    } else {
      // Whether an HTTP/2 request announced its length can't be seen; its bytes are counted.
      assertThat(request.body(new byte[limit + 1]).send().status()).isEqualTo(413);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothing_of_a_refused_append_is_written(Version version) {
    String key = created("refused");
    Wire append = Wire.post(channel(key, "in/append")).asAcme().over(version);
    assertThat(append.body("x".repeat(1_048_577)).send().status()).isEqualTo(413);
    assertThat(append.body("x".repeat(1_048_577)).chunked().send().status()).isEqualTo(413);
    assertThat(records(key, "in")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void an_action_without_a_body_needs_none(Version version) {
    String key = created("bodyless");
    Answer put = Wire.put(channel(key, "in")).asAcme().over(version).send();
    assertThat(put.status()).as(put.body()).isEqualTo(202);
    assertThat(Wire.post("/api/v1/auth/jwt/claims").asAcme().over(version).send().status())
        .isEqualTo(200);
    assertThat(
            Wire.post(channel(key, "in/append"))
                .asAcme()
                .over(version)
                .send()
                .json()
                .get("seq")
                .asInt())
        .isZero();
  }
}
