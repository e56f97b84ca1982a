package dev.parley.auth;

import static dev.parley.auth.Tenants.ACME;
import static dev.parley.auth.Tenants.ALL;
import static dev.parley.auth.Tenants.CLOCK;
import static dev.parley.auth.Tenants.GLOBEX;
import static dev.parley.auth.TestTokens.signed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.auth.Authentication.Refused;
import dev.parley.auth.StreamCredentials.Grant;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamCredentialsTest {
  private static final String GOOD =
      "{\"sub\":\"env_acme\",\"aud\":\"parley:s2\",\"stream\":\"s\",\"gen\":1,\"exp\":1795166805}";

  private final StreamCredentials streams = new StreamCredentials(ALL, CLOCK);

  @ParameterizedTest
  @CsvSource({"s1-out, 0", "s1-out, 9223372036854775807", "a/b%2F:ü, -1", "'', 3"})
  void a_minted_token_opens_its_stream(String stream, long generation) {
    assertThat(streams.verify(streams.mint(ACME, stream, generation)))
        .contains(new Grant(ACME, stream, generation));
    assertThat(streams.verify(streams.mint(GLOBEX, stream, generation)))
        .contains(new Grant(GLOBEX, stream, generation));
  }

  @Test
  void it_lives_for_24_hours() {
    String token = streams.mint(ACME, "s", 1);
    assertThat(after(Duration.ofSeconds(86_399)).verify(token)).isPresent();
    assertThat(after(Duration.ofHours(24)).verify(token)).isEmpty();
  }

  @Test
  void it_outlives_the_rotation_of_its_key_until_the_key_is_dropped() {
    String token = streams.mint(ACME, "s", 1);
    Environment rotated = new Environment("env_acme", List.of("newest", "acme-new"));
    Environment dropped = new Environment("env_acme", List.of("newest"));
    assertThat(streamsOf(rotated).verify(token)).contains(new Grant(rotated, "s", 1));
    assertThat(streamsOf(dropped).verify(token)).isEmpty();
  }

  @Test
  void a_handwritten_token_of_this_form_is_accepted() {
    assertThat(streams.verify(signed(GOOD, "acme-new"))).contains(new Grant(ACME, "s", 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "\"parley:s2\" | \"parley\"",
        "\"aud\"       | \"x\"",
        "\"s\"         | 5",
        "\"stream\"    | \"x\"",
        ":1,           | :\"1\",",
        "\"gen\"       | \"x\"",
        "\"exp\"       | \"x\"",
        "1795166805    | 1795166745",
        "env_acme      | env_globex",
      })
  void a_token_with_a_wrong_or_missing_claim_opens_nothing(String piece, String replacement) {
    assertThat(GOOD).contains(piece);
    assertThat(streams.verify(signed(GOOD.replace(piece, replacement), "acme-new"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "acme-new", "a.b.c", "e30.e30.AAAA"})
  void what_is_no_token_opens_nothing(String text) {
    assertThat(streams.verify(text)).isEmpty();
  }

  @Test
  void a_public_token_opens_no_stream_and_a_stream_token_no_route() {
    String publicToken = new PublicTokens(CLOCK).sessionToken(ACME, "s");
    String streamToken = streams.mint(ACME, "s", 1);
    Authenticator authenticator = new Authenticator(ALL, CLOCK);

    assertThat(authenticator.authenticateToken(publicToken)).isNotInstanceOf(Refused.class);
    assertThat(streams.verify(publicToken)).isEmpty();
    assertThat(streams.verify(streamToken)).isPresent();
    assertThat(authenticator.authenticateToken(streamToken)).isInstanceOf(Refused.class);
    assertThat(authenticator.authenticate("Bearer " + streamToken)).isInstanceOf(Refused.class);
  }

  /** Each kind is told by its audience alone, whatever else a token claims. */
  @Test
  void a_token_with_all_claims_of_both_kinds_is_of_the_kind_of_its_audience() {
    String both = TestTokens.payloadWith("{", "{\"stream\":\"s\",\"gen\":1,");
    assertThat(streams.verify(signed(both, "acme-new"))).isEmpty();
    String stream = both.replace("https://api.trigger.dev", "parley:s2");
    assertThat(streams.verify(signed(stream, "acme-new"))).isPresent();
    assertThat(new Authenticator(ALL, CLOCK).authenticateToken(signed(stream, "acme-new")))
        .isInstanceOf(Refused.class);
  }

  private static StreamCredentials after(Duration passed) {
    return new StreamCredentials(ALL, Tenants.clockAfter(passed));
  }

  private static StreamCredentials streamsOf(Environment environment) {
    return new StreamCredentials(new Environments(List.of(environment)), CLOCK);
  }
}
