package dev.parley.auth;

import static dev.parley.auth.Tenants.ACME;
import static dev.parley.auth.Tenants.ALL;
import static dev.parley.auth.Tenants.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentsTest {
  @ParameterizedTest
  @CsvSource({"acme-new, env_acme", "acme-old, env_acme", "globex-key, env_globex"})
  void every_key_opens_its_own_environment(String key, String id) {
    assertThat(ALL.bySecretKey(key)).map(Environment::id).contains(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "acme-ne", "acme-newx", "ACME-NEW", "env_acme", " acme-new"})
  void no_other_text_opens_one(String key) {
    assertThat(ALL.bySecretKey(key)).isEmpty();
  }

  @Test
  void finds_an_environment_by_its_exact_id() {
    assertThat(ALL.byId("env_acme")).containsSame(ACME);
    assertThat(ALL.byId("env_globex")).containsSame(GLOBEX);
    assertThat(ALL.byId("ENV_ACME")).isEmpty();
  }

  @Test
  void refuses_one_key_for_two_environments_without_showing_it() {
    Environment thief = new Environment("thief", List.of("own", "globex-key"));
    assertThatThrownBy(() -> new Environments(List.of(GLOBEX, thief)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("thief")
        .hasMessageNotContaining("globex-key");
  }

  @Test
  void refuses_one_id_for_two_environments() {
    Environment twin = new Environment("env_globex", List.of("other"));
    assertThatThrownBy(() -> new Environments(List.of(GLOBEX, twin)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("env_globex");
  }
}
