package dev.parley.auth;

import static dev.parley.auth.Tenants.ACME;
import static dev.parley.auth.Tenants.CLOCK;
import static dev.parley.auth.Tenants.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.auth.Authentication.Accepted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PublicTokensTest {
  private static final Instant EXPIRY = NOW.plusSeconds(60);

  private final PublicTokens tokens = new PublicTokens(CLOCK);

  @Test
  void writes_the_header_and_the_claims_of_the_contract() {
    String token = tokens.mint(ACME, List.of("read:sessions:chat-1", "admin"), EXPIRY, false, null);
    assertThat(TestTokens.part(token, 0)).isEqualTo("{\"alg\":\"HS256\"}");
    assertThat(TestTokens.part(token, 1))
        .isEqualTo(
            "{\"sub\":\"env_acme\",\"pub\":true,\"scopes\":[\"read:sessions:chat-1\",\"admin\"],"
                + "\"iss\":\"https://id.trigger.dev\",\"aud\":\"https://api.trigger.dev\","
                + "\"iat\":1795166745,\"exp\":1795166805}");
  }

  @Test
  void signs_with_the_bytes_of_the_first_key() {
    String token = tokens.mint(ACME, List.of("read:sessions:a"), EXPIRY, false, null);
    assertThat(token).isEqualTo(TestTokens.signed(TestTokens.payload(), "acme-new"));
  }

  @Test
  void adds_one_time_use_and_realtime_only_when_asked() {
    Map<String, Object> realtime = Map.of("skipColumns", List.of("payload", "output"));
    String token = tokens.mint(ACME, List.of("admin"), EXPIRY, true, realtime);
    assertThat(TestTokens.part(token, 1))
        .endsWith(",\"otu\":true,\"realtime\":{\"skipColumns\":[\"payload\",\"output\"]}}");
  }

  @Test
  void a_session_token_reads_and_writes_its_session_for_an_hour() {
    String token = tokens.sessionToken(ACME, "chat:1/ü");
    Accepted expected =
        new Accepted(
            new Credential.PublicToken(
                ACME,
                Scopes.parse(List.of("read:sessions:chat:1/ü", "write:sessions:chat:1/ü")),
                NOW.plus(Duration.ofHours(1))));
    assertThat(authenticatorAfter(Duration.ZERO).authenticateToken(token)).isEqualTo(expected);
    assertThat(authenticatorAfter(Duration.ofSeconds(3_599)).authenticateToken(token))
        .isEqualTo(expected);
    assertThat(authenticatorAfter(Duration.ofHours(1)).authenticateToken(token).toString())
        .contains("Public Access Token has expired.");
  }

  @Test
  void refuses_to_mint_what_would_not_be_accepted_again() {
    List<String> fits = List.of("read:sessions:" + "a".repeat(5_700));
    String longest = tokens.mint(ACME, fits, EXPIRY, false, null);
    assertThat(authenticatorAfter(Duration.ZERO).authenticateToken(longest))
        .isInstanceOf(Accepted.class);
    List<String> tooMuch = List.of("read:sessions:" + "a".repeat(6_000));
    assertThatThrownBy(() -> tokens.mint(ACME, tooMuch, EXPIRY, false, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("8192")
        .hasMessageContaining("fewer scopes");
  }

  private static Authenticator authenticatorAfter(Duration passed) {
    return new Authenticator(Tenants.ALL, Tenants.clockAfter(passed));
  }
}
