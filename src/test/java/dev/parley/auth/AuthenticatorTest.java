package dev.parley.auth;

import static dev.parley.auth.Tenants.ACME;
import static dev.parley.auth.Tenants.CLOCK;
import static dev.parley.auth.Tenants.GLOBEX;
import static dev.parley.auth.Tenants.NOW;
import static dev.parley.auth.TestTokens.HEADER;
import static dev.parley.auth.TestTokens.payload;
import static dev.parley.auth.TestTokens.payloadWith;
import static dev.parley.auth.TestTokens.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.auth0.jwt.algorithms.Algorithm;
import dev.parley.auth.Authentication.Accepted;
import dev.parley.auth.Authentication.Refused;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorTest {
  private static final String MISSING = "Invalid or Missing API key";
  private static final String UNKNOWN = "Invalid API key";
  private static final String INVALID = "Public Access Token is invalid";
  private static final String KEY = "acme-new";

  private final Authenticator authenticator = new Authenticator(Tenants.ALL, CLOCK);

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        " ",
        "Bearer",
        "Bearer ",
        "acme-new",
        "Basic acme-new",
        "Beareracme-new",
        "Bearer acme-new acme-new",
        "Token Bearer acme-new"
      })
  void a_header_that_is_no_bearer_is_missing(String header) {
    assertThat(authenticator.authenticate(header)).isEqualTo(new Refused(MISSING));
  }

  @ParameterizedTest
  @CsvSource({"Bearer acme-new", "bearer acme-old", "BEARER   acme-new", "'Bearer acme-new  '"})
  void every_secret_key_opens_its_environment(String header) {
    assertThat(authenticator.authenticate(header))
        .isEqualTo(new Accepted(new Credential.SecretKey(ACME)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nobody",
        "acme-new.",
        "a.b",
        "a.b.c",
        "..",
        "a..c",
        "a.b.",
        ".b.c",
        "e30.e30.x.y",
        "e30.e30.%",
        "e30.%.x",
        "%.e30.x",
        "bnVsbA.e30.x",
        "WzFd.e30.x",
        "{}.{}.x"
      })
  void what_neither_is_a_key_nor_looks_like_a_token_is_an_unknown_key(String value) {
    assertThat(authenticator.authenticate("Bearer " + value)).isEqualTo(new Refused(UNKNOWN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"acme-new", "acme-old"})
  void a_token_is_accepted_under_every_key_of_its_environment(String key) {
    String token = signed(payload(), key);
    Credential expected =
        new Credential.PublicToken(
            ACME, Scopes.parse(List.of("read:sessions:a")), NOW.plusSeconds(60));
    assertThat(authenticator.authenticate("Bearer " + token)).isEqualTo(new Accepted(expected));
    assertThat(authenticator.authenticateToken(token)).isEqualTo(new Accepted(expected));
  }

  @Test
  void a_secret_key_may_do_everything_a_token_what_its_scopes_say() {
    List<Resource> a = List.of(new Resource("sessions", "a"));
    List<Resource> both = List.of(new Resource("sessions", "a"), new Resource("sessions", "b"));
    Credential key = credential(authenticator.authenticate("Bearer " + KEY));
    Credential token = credential(authenticator.authenticateToken(signed(payload(), KEY)));

    assertThat(key.isSecretKey()).isTrue();
    assertThat(key.allows("anything", List.of())).isTrue();
    assertThat(key.allowsAll("anything", both)).isTrue();
    assertThat(token.isSecretKey()).isFalse();
    assertThat(token.environment()).isSameAs(ACME);
    assertThat(token.allows("read", both)).isTrue();
    assertThat(token.allowsAll("read", a)).isTrue();
    assertThat(token.allowsAll("read", both)).isFalse();
    assertThat(token.allows("write", a)).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "no scopes                 | \"scopes\"          | \"other\"",
        "empty scopes              | \"read:sessions:a\" | ~~",
        "issued ahead of our clock | 1795166745          | 1795166800",
        "never issued              | \"iat\"             | \"other\"",
        "one-time use              | \"pub\"             | \"otu\":true,\"pub\"",
        "a claim of another's      | \"pub\"             | \"x\":{\"y\":[1]},\"pub\"",
        "a second left             | 1795166805          | 1795166746",
        "several audiences         | \"https://api.trigger.dev\" | [\"https://api.trigger.dev\",\"b\"]",
      })
  void good_tokens_of_other_writers_are_accepted(String name, String piece, String replacement) {
    String token = signed(payloadWith(piece, replacement), KEY);
    assertThat(authenticator.authenticate("Bearer " + token)).isInstanceOf(Accepted.class);
  }

  @Test
  void a_header_with_typ_is_accepted() {
    String token = signed("{\"typ\":\"JWT\",\"alg\":\"HS256\"}", payload(), KEY);
    assertThat(authenticator.authenticate("Bearer " + token)).isInstanceOf(Accepted.class);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "unknown sub                | env_acme            | env_nobody         | not signed with",
        "sub of another environment | env_acme            | env_globex         | not signed with",
        "no sub                     | \"sub\"             | \"x\"              | not signed with",
        "sub is no string           | \"env_acme\"        | [\"env_acme\"]     | not signed with",
        "wrong iss                  | //id.               | //evil.            | claim iss",
        "no iss                     | \"iss\"             | \"x\"              | claim iss",
        "wrong aud                  | //api.              | //evil.            | claim aud",
        "no aud                     | \"aud\"             | \"x\"              | claim aud",
        "pub is false               | true                | false              | claim pub",
        "pub is a string            | true                | \"true\"           | claim pub",
        "pub is a number            | true                | 1                  | claim pub",
        "pub is null                | true                | null               | claim pub",
        "no pub                     | \"pub\"             | \"x\"              | claim pub",
        "no exp                     | \"exp\"             | \"x\"              | claim exp",
        "exp is null                | 1795166805          | null               | claim exp",
        "exp is a string            | 1795166805          | \"1795166805\"     | compact form",
        "exp is infinite            | 1795166805          | 1e999              | compact form",
        "not yet valid              | \"iat\":1795166745  | \"nbf\":1795166800 | claim nbf",
        "scopes is a string         | [\"read:sessions:a\"] | \"admin\"         | claim scopes",
        "scopes is null             | [\"read:sessions:a\"] | null              | claim scopes",
        "scopes is an object        | [\"read:sessions:a\"] | {\"0\":\"admin\"} | claim scopes",
        "a scope is a number        | \"read:sessions:a\" | \"admin\",1        | claim scopes",
        "a scope is null            | \"read:sessions:a\" | \"admin\",null     | claim scopes",
      })
  void a_token_with_a_wrong_claim_is_refused_with_the_reason(
      String name, String piece, String replacement, String reason) {
    assertInvalid(signed(payloadWith(piece, replacement), KEY), reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"alg\":\"none\"}",
        "{\"alg\":\"hs256\"}",
        "{\"alg\":\"RS256\"}",
        "{\"alg\":[\"HS256\"]}",
        "{\"alg\":null}",
        "{}",
        "{\"alg\":\"HS256\",\"crit\":[\"x\"],\"x\":1}",
        "{\"alg\":\"HS256\",\"crit\":null}",
      })
  void a_header_that_says_more_or_less_than_hs256_is_refused(String header) {
    assertInvalid(signed(header, payload(), KEY), "HS256");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "null", "[]", "1", "{", "\"\""})
  void a_payload_that_is_no_json_object_is_refused(String payload) {
    assertInvalid(signed(payload, KEY), "compact form");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void a_token_without_a_genuine_signature_is_refused(String name, String token, String reason) {
    assertInvalid(token, reason);
  }

  static Stream<Arguments> a_token_without_a_genuine_signature_is_refused() {
    String good = signed(payload(), KEY);
    String unsigned = good.substring(0, good.lastIndexOf('.') + 1);
    String foreign = "not signed with a secret key of this server";
    String hs512 = signed("{\"alg\":\"HS512\"}", payload(), Algorithm.HMAC512(KEY));
    return Stream.of(
        arguments("another environment's key", signed(payload(), "globex-key"), foreign),
        arguments("nobody's key", signed(payload(), "nobody"), foreign),
        arguments("zeroes", unsigned + TestTokens.encode(new byte[32]), foreign),
        arguments("too few bytes", unsigned + "AAAA", foreign),
        arguments("a padded one", good + "=", "compact form"),
        arguments("of another algorithm", hs512, "HS256"));
  }

  @Test
  void a_token_of_more_than_8_kib_is_refused_unread() {
    String genuine = signed(payloadWith(":a\"", ":" + "a".repeat(8_000) + "\""), KEY);
    assertInvalid(genuine, "longer than 8192");
    assertInvalid("a." + "b".repeat(1_000_000) + ".c", "longer than 8192");
  }

  @Test
  void an_unsigned_token_is_no_token_at_all_and_opens_nothing() {
    String unsigned = signed("{\"alg\":\"none\"}", payload(), Algorithm.none());
    assertThat(error(authenticator.authenticate("Bearer " + unsigned))).isEqualTo(UNKNOWN);
    assertThat(error(authenticator.authenticateToken(unsigned))).startsWith(INVALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1795166745", "1795166744", "0", "-1", "-9999999999999"})
  void from_its_exp_on_a_token_has_expired(String exp) {
    String token = signed(payloadWith("1795166805", exp), KEY);
    assertThat(error(authenticator.authenticate("Bearer " + token)))
        .startsWith("Public Access Token has expired.")
        .contains("auth.createPublicToken");
  }

  @Test
  void expiry_follows_the_injected_clock_also_for_a_token_seen_before() {
    String token = signed(payload(), KEY);
    assertThat(authenticator.authenticateToken(token)).isInstanceOf(Accepted.class);
    Authenticator aMinuteLater =
        new Authenticator(Tenants.ALL, Tenants.clockAfter(Duration.ofMinutes(1)));
    assertThat(error(aMinuteLater.authenticateToken(token)))
        .startsWith("Public Access Token has expired.");
  }

  @Test
  void a_forged_token_never_learns_that_it_has_expired() {
    String forged = signed(payloadWith("1795166805", "5"), "nobody");
    assertThat(error(authenticator.authenticateToken(forged))).startsWith(INVALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"acme-new", "acme-old", "globex-key", "", "a.b.c"})
  void a_token_in_the_url_is_never_a_secret_key(String value) {
    assertThat(error(authenticator.authenticateToken(value))).startsWith(INVALID);
  }

  @Test
  void a_token_reaches_its_own_environment_only() {
    String token = signed(HEADER, payloadWith("env_acme", "env_globex"), "globex-key");
    assertThat(credential(authenticator.authenticateToken(token)).environment()).isSameAs(GLOBEX);
  }

  private void assertInvalid(String token, String reason) {
    for (Authentication result :
        List.of(
            authenticator.authenticate("Bearer " + token),
            authenticator.authenticateToken(token))) {
      assertThat(error(result))
          .startsWith(INVALID)
          .contains(reason, "auth.createPublicToken")
          .doesNotContain(token);
    }
  }

  private static String error(Authentication result) {
    assertThat(result).isInstanceOf(Refused.class);
    return ((Refused) result).error();
  }

  private static Credential credential(Authentication result) {
    assertThat(result).isInstanceOf(Accepted.class);
    return ((Accepted) result).credential();
  }
}
