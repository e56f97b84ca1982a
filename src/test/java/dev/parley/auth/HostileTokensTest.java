package dev.parley.auth;

import static dev.parley.auth.Tenants.CLOCK;
import static dev.parley.auth.TestTokens.payload;
import static dev.parley.auth.TestTokens.signed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.auth.Authentication.Accepted;
import dev.parley.auth.Authentication.Refused;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What strangers send is refused with one of the four texts, and never throws. */
class HostileTokensTest {
  private static final String KEY = "acme-new";
  private static final String GOOD = signed(payload(), KEY);

  private final Authenticator authenticator = new Authenticator(Tenants.ALL, CLOCK);
  private final StreamCredentials streams = new StreamCredentials(Tenants.ALL, CLOCK);

  @Property
  void any_text_is_refused(@ForAll String text) {
    assertRefusedEverywhere(text);
  }

  @Property
  void any_bytes_in_the_shape_of_a_token_are_refused(
      @ForAll byte[] header, @ForAll byte[] payload, @ForAll byte[] signature) {
    assertRefusedEverywhere(
        TestTokens.encode(header)
            + "."
            + TestTokens.encode(payload)
            + "."
            + TestTokens.encode(signature));
  }

  @Property(tries = 3_000)
  void a_good_token_with_one_character_changed_is_refused(
      @ForAll @IntRange(max = 10_000) int position, @ForAll("tokenCharacters") char character) {
    int index = position % GOOD.length();
    String changed = GOOD.substring(0, index) + character + GOOD.substring(index + 1);
    if (!changed.equals(GOOD)) {
      assertRefusedEverywhere(changed);
    }
  }

  @Property
  void a_good_token_cut_or_continued_is_refused(
      @ForAll @IntRange(max = 10_000) int position, @ForAll("tokenCharacters") char character) {
    assertRefusedEverywhere(GOOD.substring(0, position % GOOD.length()));
    // Blanks around a header's value are none of the token's.
    Assume.that(character != ' ');
    assertRefusedEverywhere(GOOD + character);
  }

  /** Of two members of one name the second counts, so the odd ones override the good ones. */
  @Property(tries = 3_000)
  void a_genuine_token_with_odd_claims_is_refused_or_expires(
      @ForAll("jsonMembers") List<String> odd) {
    String good = payload().substring(0, payload().length() - 1);
    String token = signed(good + "," + String.join(",", odd) + "}", KEY);
    if (authenticator.authenticateToken(token) instanceof Accepted accepted) {
      assertThat(((Credential.PublicToken) accepted.credential()).expiresAt()).isAfter(Tenants.NOW);
    }
    assertThat(streams.verify(token)).isEmpty();
  }

  @Property
  void any_odd_header_is_refused(@ForAll("jsonMembers") List<String> members) {
    assertRefusedEverywhere(signed("{" + String.join(",", members) + "}", payload(), KEY));
  }

  @Property(tries = 50)
  void deeply_nested_json_is_refused(
      @ForAll @IntRange(min = 1, max = 2_900) int depth, @ForAll boolean closed) {
    for (String open : List.of("[", "{\"a\":")) {
      String end = closed ? (open.equals("[") ? "]" : "}").repeat(depth) : "";
      String nested = open.repeat(depth) + "1" + end;
      assertRefusedEverywhere(signed("{\"alg\":" + nested + "}", payload(), KEY));
      for (String claim : List.of("sub", "aud", "exp", "scopes", "pub", "x")) {
        assertRefusedEverywhere(signed("{\"" + claim + "\":" + nested + "}", KEY));
      }
    }
  }

  /** Keeps the rest honest: were this refused, the properties above would say nothing. */
  @Example
  void the_good_token_is_accepted() {
    assertThat(authenticator.authenticateToken(GOOD)).isInstanceOf(Accepted.class);
  }

  private void assertRefusedEverywhere(String text) {
    List<Authentication> results =
        List.of(
            authenticator.authenticate(text),
            authenticator.authenticate("Bearer " + text),
            authenticator.authenticateToken(text));
    assertThat(results)
        .allSatisfy(
            result -> {
              assertThat(result).isInstanceOf(Refused.class);
              assertThat(((Refused) result).error())
                  .matches(
                      "Invalid or Missing API key|Invalid API key"
                          + "|Public Access Token (is invalid: |has expired\\.).*");
            });
    assertThat(streams.verify(text)).isEmpty();
  }

  @Provide
  Arbitrary<Character> tokenCharacters() {
    return Arbitraries.of(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ %\u0000é"
            .chars()
            .mapToObj(c -> (char) c)
            .toList());
  }

  /** Names that matter with values of every kind; never a good algorithm. */
  @Provide
  Arbitrary<List<String>> jsonMembers() {
    Arbitrary<String> name =
        Arbitraries.of(
            "sub iss aud exp nbf iat pub scopes alg crit typ kid stream gen jti".split(" "));
    Arbitrary<String> scalar =
        Arbitraries.of(
            ("null true false 1795166805 -1 1e999 1.5 99999999999999999999999 {} [] \"\" \"env_acme\""
                    + " \"HS384\" \"https://id.trigger.dev\" \"parley\" \"\\u0000\" \"\\ud800\"")
                .split(" "));
    Arbitrary<String> array =
        scalar.list().ofMaxSize(3).map(elements -> "[" + String.join(",", elements) + "]");
    return Combinators.combine(name, Arbitraries.oneOf(scalar, array))
        .as((n, value) -> "\"" + n + "\":" + value)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6);
  }
}
