package dev.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedIdsTest {
  private final SignedIds ids = new SignedIds(List.of("new secret", "old secret"));

  @Test
  void an_id_is_random_and_comes_back_from_its_value() {
    String id = ids.newId();
    assertThat(id).hasSize(43).isNotEqualTo(ids.newId());
    assertThat(ids.verify(ids.sign(id))).contains(id);
  }

  /** The MAC was computed with OpenSSL: openssl dgst -sha256 -hmac 'new secret' -binary. */
  @Test
  void the_first_secret_signs_with_hmac_sha256() {
    String id = "A".repeat(43);
    assertThat(ids.sign(id)).isEqualTo(id + ".KqtJXyBm9ubUMw3E61Oj6ZXv7O6ASpNBWFb_BPyd-eA");
  }

  @Test
  void all_secrets_verify_so_that_they_can_be_exchanged() {
    String id = ids.newId();
    assertThat(ids.verify(new SignedIds(List.of("old secret")).sign(id))).contains(id);
    assertThat(ids.verify(new SignedIds(List.of("foreign")).sign(id))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "abc", "null", "%00", "a.b"})
  void what_is_no_value_is_nobodys(String value) {
    assertThat(ids.verify(value)).isEmpty();
  }

  @Test
  void a_changed_value_is_nobodys() {
    String value = ids.sign(ids.newId());
    for (int i = 0; i < value.length(); i++) {
      char other = value.charAt(i) == 'A' ? 'B' : 'A';
      String changed = value.substring(0, i) + other + value.substring(i + 1);
      // The last character of 43 holds two bits that mean nothing, but the text is compared.
      assertThat(ids.verify(changed)).as(changed).isEmpty();
    }
    assertThat(ids.verify(value.substring(0, 43))).isEmpty();
    assertThat(ids.verify(value + "A")).isEmpty();
    assertThat(ids.verify(value + "\n")).isEmpty();
  }

  @Test
  void the_name_of_a_session_does_not_tell_the_id() {
    String id = ids.newId();
    assertThat(SignedIds.nameOf(id)).matches("[0-9a-f]{64}").doesNotContain(id);
  }
}
