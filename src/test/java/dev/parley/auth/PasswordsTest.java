package dev.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {
  private static final Passwords PASSWORDS = new Passwords();
  private static final String PASSWORD = "correct horse battery";

  @Test
  void a_password_matches_its_hash_and_no_other() {
    String hash = PASSWORDS.hash(PASSWORD);
    assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").doesNotContain(PASSWORD);
    assertThat(PASSWORDS.hash(PASSWORD)).isNotEqualTo(hash);
    assertThat(PASSWORDS.matches(PASSWORD, hash)).isTrue();
    assertThat(PASSWORDS.matches(PASSWORD + " ", hash)).isFalse();
    assertThat(PASSWORDS.matches("", hash)).isFalse();
  }

  /** Made by the reference implementation of Argon2 (its own test, test.c). */
  @Test
  void a_hash_of_another_implementation_and_cost_is_judged() {
    String reference =
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    assertThat(PASSWORDS.matches("password", reference)).isTrue();
    assertThat(PASSWORDS.matches("Password", reference)).isFalse();
  }

  @Test
  void composed_and_decomposed_characters_are_the_same_password() {
    assertThat(PASSWORDS.matches("e\u0301te\u0301 a\u0300 Paris", PASSWORDS.hash("été à Paris")))
        .isTrue();
  }

  @Test
  void without_an_account_nothing_matches() {
    assertThat(PASSWORDS.matches(PASSWORD, null)).isFalse();
  }

  /** The least of several, since other work of the machine only ever adds. */
  @Test
  void without_an_account_it_takes_as_long() {
    String hash = PASSWORDS.hash(PASSWORD);
    long known = least(hash);
    long unknown = least(null);
    assertThat((double) unknown / known).isBetween(0.5, 2.0);
  }

  private static long least(String hash) {
    return IntStream.range(0, 7)
        .mapToLong(
            i -> {
              long start = System.nanoTime();
              PASSWORDS.matches("wrong password", hash);
              return System.nanoTime() - start;
            })
        .min()
        .getAsLong();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "$2a$10$abc", "$argon2i$v=19$m=256,t=2,p=1$c29t$nf65EOgL"})
  void what_is_no_hash_is_not_taken_for_one(String stored) {
    assertThatThrownBy(() -> PASSWORDS.matches(PASSWORD, stored))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_flood_is_turned_away_at_once_and_the_rest_is_done() throws Exception {
    try (PasswordWork work = new PasswordWork(PASSWORDS, 1)) {
      int turnedAway = 0;
      Optional<CompletionStage<String>> first = work.hash(PASSWORD);
      for (int i = 0; i < 200; i++) {
        turnedAway += work.hash(PASSWORD).isEmpty() ? 1 : 0;
      }
      assertThat(turnedAway).isBetween(1, 200 - 64);
      assertThat(first.orElseThrow().toCompletableFuture().get(60, TimeUnit.SECONDS))
          .startsWith("$argon2id$");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a@b.c, a@b.c",
    "' A.B+c@Example.COM ', a.b+c@example.com",
    "É@example.com, é@example.com",
  })
  void addresses_that_mean_the_same_have_one_account(String written, String normalized) {
    EmailAddress address = EmailAddress.parse(written).orElseThrow();
    assertThat(address.text()).isEqualTo(normalized);
    assertThat(address.userId())
        .isEqualTo(EmailAddress.parse(normalized).orElseThrow().userId())
        .matches("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
        .isNotEqualTo(EmailAddress.parse("x" + normalized).orElseThrow().userId());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "@", "a@", "@b", "a@b@c", "a b@c.d", "a@b c", "a\0@b.c"})
  void what_is_no_address_is_none(String text) {
    assertThat(EmailAddress.parse(text)).isEmpty();
    assertThat(EmailAddress.parse("a@" + "b".repeat(253))).isEmpty();
  }

  @Test
  void a_realtime_key_opens_as_a_bearer_only_and_only_when_there_is_one() {
    RealtimeKey key = new RealtimeKey("0123456789abcdef");
    assertThat(key.isIn("Bearer 0123456789abcdef")).isTrue();
    assertThat(key.isIn("bearer  0123456789abcdef")).isTrue();
    assertThat(key.isIn("Bearer 0123456789abcdeg")).isFalse();
    assertThat(key.isIn("0123456789abcdef")).isFalse();
    assertThat(new RealtimeKey("").isIn("Bearer ")).isFalse();
    assertThat(key.toString()).doesNotContain("0123");
  }
}
