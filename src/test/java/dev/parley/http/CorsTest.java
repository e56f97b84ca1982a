package dev.parley.http;

import static dev.parley.http.Fixtures.SESSIONS;
import static dev.parley.http.Fixtures.channel;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.session;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.http.Wire.Version;
import okhttp3.Response;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** trigger.md section 1.3, and HEAD. */
class CorsTest {
  @ParameterizedTest
  @EnumSource
  void every_path_answers_a_preflight(Version version) {
    for (String path :
        new String[] {
          SESSIONS,
          session("x"),
          session("x") + "/close",
          channel("x", "out"),
          channel("x", "in/append"),
          channel("x", "channels/a/out/records"),
          "/api/v1/auth/public-tokens",
          "/api/v1/waitpoints/tokens/x/complete"
        }) {
      Answer answer =
          Wire.request("OPTIONS", path)
              .over(version)
              .header("Origin", "https://page.example")
              .header("Access-Control-Request-Method", "POST")
              .send();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
      assertThat(answer.header("Access-Control-Allow-Methods"))
          .contains("GET", "POST", "PUT", "PATCH");
      assertThat(answer.header("Access-Control-Allow-Headers"))
          .contains(
              "authorization",
              "content-type",
              "x-part-id",
              "last-event-id",
              "timeout-seconds",
              "x-peek-settled",
              "x-trigger-stream-start");
      assertThat(answer.header("Access-Control-Max-Age")).isEqualTo("300");
    }
  }

  @ParameterizedTest
  @EnumSource
  void successes_and_streams_are_readable_by_any_page(Version version) throws Exception {
    String key = created("cors");
    Answer row = Wire.get(session(key)).asAcme().over(version).send();
    assertThat(row.header("Access-Control-Allow-Origin")).isEqualTo("*");
    try (Response stream = Wire.get(channel(key, "out")).asAcme().over(version).open()) {
      assertThat(stream.headers("Access-Control-Allow-Origin")).containsExactly("*");
      assertThat(stream.headers("Access-Control-Expose-Headers")).containsExactly("*");
    }
    Answer refused = Wire.get(channel(key, "out")).over(version).send();
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.header("Access-Control-Allow-Origin")).isEqualTo("*");
  }

  @ParameterizedTest
  @EnumSource
  void head_answers_as_get_does_without_a_body(Version version) {
    String key = created("head");
    Object[][] rows = {
      {channel(key, "in"), true, 200},
      {channel(key, "channels/a/out"), true, 200},
      {channel("without-row", "out"), true, 200},
      {channel("session_" + "0".repeat(32), "out"), true, 404},
      {channel(key, "sideways"), true, 400},
      {channel(key, "in"), false, 401},
      {channel(key, "in/records"), true, 200},
      {session(key), true, 200},
      {session("nobody"), true, 404},
      {SESSIONS, true, 200},
      {session(key) + "/close", true, 405},
      {"/nothing", true, 404}
    };
    for (Object[] row : rows) {
      Wire head = Wire.request("HEAD", (String) row[0]).over(version);
      Answer answer = ((boolean) row[1] ? head.asAcme() : head).send();
      assertThat(answer.status()).as(row[0].toString()).isEqualTo(row[2]);
      assertThat(answer.body()).isEmpty();
    }
    assertThat(
            Wire.request("HEAD", channel(key, "in"))
                .asAcme()
                .over(version)
                .send()
                .header("X-Last-Chunk-Index"))
        .isEqualTo("0");
  }

  @ParameterizedTest
  @EnumSource
  void an_idle_connection_is_announced_to_stay(Version version) {
    String announced = Wire.get(SESSIONS).over(version).send().header("Keep-Alive");
    assertThat(announced).isEqualTo(version == Version.HTTP_1 ? "timeout=30" : null);
  }
}
