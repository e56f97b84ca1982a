package dev.parley.http.sessions;

import static dev.parley.http.Fixtures.SESSIONS;
import static dev.parley.http.Fixtures.channel;
import static dev.parley.http.Fixtures.createBody;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.session;
import static dev.parley.http.Fixtures.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Tokens;
import dev.parley.http.Wire;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** trigger.md sections 2.1, 2.2 and 2.4, across.md section 4: keys and tokens on the wire. */
class TokensTest {
  private static final String MINT = "/api/v1/auth/public-tokens";
  private static final String CLAIMS = "/api/v1/auth/jwt/claims";
  private static final String KEY = created("tokens");

  @ParameterizedTest
  @ValueSource(
      strings = {TestServer.ACME_KEY, TestServer.ACME_OLD_KEY, TestServer.ACME_ADDITIONAL_KEY})
  void every_key_opens_its_environment_and_signs_for_it(String secretKey) {
    assertThat(Wire.get(session(KEY)).as(secretKey).send().status()).isEqualTo(200);
    String signed = Tokens.of(TestServer.ACME).scopes("read:sessions:" + KEY).signedWith(secretKey);
    assertThat(Wire.get(session(KEY)).as(signed).send().status()).isEqualTo(200);
    String minted =
        Wire.post(MINT)
            .as(secretKey)
            .body("{\"scopes\":[\"read:sessions:" + KEY + "\"]}")
            .send()
            .json()
            .get("token")
            .asText();
    assertThat(Wire.get(session(KEY)).as(minted).send().status()).isEqualTo(200);
    Answer claims = Wire.post(CLAIMS).as(secretKey).send();
    assertThat(claims.status()).isEqualTo(200);
    assertThat(claims.body()).isEqualTo("{\"sub\":\"env_acme\",\"pub\":true}");
  }

  static Stream<Arguments> badTokens() {
    long now = Instant.now().getEpochSecond();
    return Stream.of(
        arguments("alg none", good().header("alg", "none").unsigned(), ""),
        bad("alg none, signed", good().header("alg", "none").signedWith(TestServer.ACME_KEY)),
        bad("alg HS512", good().header("alg", "HS512").signedWith(TestServer.ACME_KEY)),
        arguments("without signature", good().unsigned(), ""),
        bad("foreign key", good().signedWith("somebody's key")),
        bad("key of another tenant", good().signedWith(TestServer.GLOBEX_KEY)),
        bad("no end", good().claim("exp", null).signedWith(TestServer.ACME_KEY)),
        bad("end in words", good().claim("exp", "never").signedWith(TestServer.ACME_KEY)),
        bad(
            "other issuer",
            good().claim("iss", "https://evil.example").signedWith(TestServer.ACME_KEY)),
        bad("no issuer", good().claim("iss", null).signedWith(TestServer.ACME_KEY)),
        bad("other audience", good().claim("aud", "parley:s2").signedWith(TestServer.ACME_KEY)),
        bad("unknown environment", good().claim("sub", "env_none").signedWith(TestServer.ACME_KEY)),
        bad(
            "other environment",
            good().claim("sub", TestServer.GLOBEX).signedWith(TestServer.ACME_KEY)),
        bad("no environment", good().claim("sub", null).signedWith(TestServer.ACME_KEY)),
        bad("not public", good().claim("pub", false).signedWith(TestServer.ACME_KEY)),
        bad("pub as text", good().claim("pub", "true").signedWith(TestServer.ACME_KEY)),
        bad("scopes as text", good().claim("scopes", "admin").signedWith(TestServer.ACME_KEY)),
        bad(
            "scopes of maps",
            good().claim("scopes", List.of(Map.of())).signedWith(TestServer.ACME_KEY)),
        arguments(
            "ended",
            good().claim("exp", now - 1).signedWith(TestServer.ACME_KEY),
            "Public Access Token has expired."),
        arguments(
            "ends now",
            good().claim("exp", now).signedWith(TestServer.ACME_KEY),
            "Public Access Token has expired."));
  }

  private static Arguments bad(String name, String token) {
    return arguments(name, token, "Public Access Token is invalid");
  }

  private static Tokens good() {
    return Tokens.of(TestServer.ACME).scopes("admin", "read:sessions");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badTokens")
  void a_bad_token_is_refused_in_the_header_and_in_the_query(
      String name, String token, String error) {
    for (Wire request :
        List.of(
            Wire.get(session(KEY)).as(token), Wire.get(channel(KEY, "out") + "?token=" + token))) {
      Answer answer = request.send();
      assertThat(answer.status()).as(answer.body()).isEqualTo(401);
      assertThat(answer.error()).startsWith(error);
    }
  }

  @Test
  void a_token_without_scopes_is_known_but_may_nothing() {
    assertThat(Wire.get(session(KEY)).as(token()).send().status()).isEqualTo(403);
    String none = Tokens.of(TestServer.ACME).claim("scopes", null).signedWith(TestServer.ACME_KEY);
    assertThat(Wire.get(session(KEY)).as(none).send().status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {MINT, CLAIMS})
  void only_a_secret_key_may_mint(String path) {
    for (Wire request :
        List.of(
            Wire.post(path).as(token("admin")),
            Wire.post(path),
            Wire.post(path).as("unknown"),
            Wire.post(path + "?token=" + token("admin")))) {
      Answer answer = request.body("{\"scopes\":[\"admin\"]}").send();
      assertThat(answer.status()).as(answer.body()).isEqualTo(401);
      assertThat(answer.error()).isNotEmpty();
    }
  }

  static Stream<Arguments> badMints() {
    String invalid = "Invalid request body";
    String time = "Invalid expiration time";
    String past = "Expiration time must be in the future";
    String far = "Expiration time cannot exceed 30 days";
    long now = Instant.now().getEpochSecond();
    return Stream.of(
        arguments("", invalid),
        arguments("null", invalid),
        arguments("[]", invalid),
        arguments("{", invalid),
        arguments("{}", invalid),
        arguments("{\"scopes\":[]}", invalid),
        arguments("{\"scopes\":\"admin\"}", invalid),
        arguments("{\"scopes\":[1]}", invalid),
        arguments(scoped("\"oneTimeUse\":1"), invalid),
        arguments(scoped("\"realtime\":{\"skipColumns\":[1]}"), invalid),
        arguments(scoped("\"expirationTime\":true"), invalid),
        arguments(scoped("\"expirationTime\":\"soon\""), time),
        arguments(scoped("\"expirationTime\":\"\""), time),
        arguments(scoped("\"expirationTime\":\"+1h ago\""), time),
        arguments(scoped("\"expirationTime\":\"1h ago\""), past),
        arguments(scoped("\"expirationTime\":\"-5m\""), past),
        arguments(scoped("\"expirationTime\":0"), past),
        arguments(scoped("\"expirationTime\":" + now), past),
        arguments(scoped("\"expirationTime\":\"31d\""), far),
        arguments(scoped("\"expirationTime\":1e300"), far),
        arguments(scoped("\"expirationTime\":" + (now + 31 * 86_400)), far));
  }

  private static String scoped(String field) {
    return "{\"scopes\":[\"read:sessions\"]," + field + "}";
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @MethodSource("badMints")
  void a_bad_wish_for_a_token_is_refused(String body, String error) {
    Answer answer = Wire.post(MINT).asAcme().body(body).send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.error()).isEqualTo(error);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"30 seconds\"",
        "\"1h\"",
        "\"2 Days from now\"",
        "\"+1w\"",
        "\"29d\"",
        "2000000000"
      })
  void a_token_lives_as_long_as_wished(String time) {
    String wish =
        time.equals("2000000000") ? Long.toString(Instant.now().getEpochSecond() + 60) : time;
    Answer answer =
        Wire.post(MINT)
            .asAcme()
            .body(scoped("\"oneTimeUse\":false,\"expirationTime\":" + wish))
            .send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(Wire.get(session(KEY)).as(answer.json().get("token").asText()).send().status())
        .isEqualTo(200);
  }

  @Test
  void the_query_takes_a_public_token_for_a_stream_only() throws Exception {
    String token = token("read:sessions:" + KEY);
    for (String io : List.of("in", "out", "channels/side/out")) {
      try (Response stream = Wire.get(channel(KEY, io) + "?token=" + token).open()) {
        assertThat(stream.code()).isEqualTo(200);
      }
      for (String secret : List.of(TestServer.ACME_KEY, TestServer.ACME_ADDITIONAL_KEY, "")) {
        assertThat(Wire.get(channel(KEY, io) + "?token=" + secret).send().status()).isEqualTo(401);
      }
    }
    String any = "?token=" + token("admin");
    for (Wire elsewhere :
        List.of(
            Wire.get(session(KEY) + any),
            Wire.get(SESSIONS + any),
            Wire.post(SESSIONS + any).body(createBody("q")),
            Wire.get(channel(KEY, "in/records") + any),
            Wire.request("HEAD", channel(KEY, "in") + any),
            Wire.put(channel(KEY, "in") + any),
            Wire.post(channel(KEY, "in/append") + any).body("x"))) {
      assertThat(elsewhere.send().status()).isEqualTo(401);
    }
  }
}
