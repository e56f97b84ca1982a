package dev.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {
  private static final String LONGEST_ID = "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @ValueSource(strings = {"a", "env_1-X", "0123456789abcdef0123456789abcdef0123456789abcdef"})
  void accepts_an_id_of_letters_digits_underscore_and_hyphen(String id) {
    assertThat(new Environment(id, List.of("k")).id()).isEqualTo(id);
    assertThat(new Environment(LONGEST_ID, List.of("k")).id()).hasSize(64);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:b", "ä", "a\n", "a/b"})
  void refuses_an_id_of_other_characters(String id) {
    assertThatThrownBy(() -> new Environment(id, List.of("k")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 64 characters");
    assertThatThrownBy(() -> new Environment(LONGEST_ID + "x", List.of("k")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** printf parley-callback | openssl dgst -sha256 -hmac 'acme key' */
  @Test
  void the_secret_of_callbacks_follows_from_the_first_key() {
    assertThat(new Environment("e", List.of("acme key", "old key")).callbackSecret())
        .isEqualTo("e347e2633d182d45f7642deb9a64c7f23bae0f4c486f635718e3bd6714156992");
  }

  @Test
  void refuses_to_be_without_a_key() {
    assertThatThrownBy(() -> new Environment("e", List.of()))
        .hasMessageContaining("at least one secret key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "top-secret\n", " top-secret"})
  void names_the_position_of_an_unusable_key_and_not_the_key(String key) {
    assertThatThrownBy(() -> new Environment("e", List.of("good", key)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("number 2")
        .hasMessageNotContaining("top-secret");
  }

  @Test
  void its_text_never_shows_a_key_also_not_inside_a_credential() {
    Environment environment = new Environment("e", List.of("first-key", "second-key"));
    String text =
        environment + " " + new Authentication.Accepted(new Credential.SecretKey(environment));
    assertThat(text).contains("e", "2 secret key").doesNotContain("first-key", "second-key");
  }
}
