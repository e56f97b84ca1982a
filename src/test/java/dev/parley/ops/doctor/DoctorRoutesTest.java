package dev.parley.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code GET /api/admin/doctor} (across.md section 6). */
class DoctorRoutesTest {
  private static final String DOCTOR = "/api/admin/doctor";

  @Test
  void a_running_server_is_examined() {
    Answer answer = Wire.get(DOCTOR).asAcme().send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    List<String> names = new ArrayList<>();
    for (JsonNode check : answer.json().get("checks")) {
      names.add(check.get("name").asText());
      assertThat(check.get("status").asText()).isIn("ok", "warn", "fail");
      assertThat(check.get("value").asText()).isNotBlank().doesNotContain("\n");
      assertThat(check.has("remedy")).isEqualTo(!check.get("status").asText().equals("ok"));
    }
    assertThat(names)
        .containsExactly(
            "configuration",
            "secret-keys",
            "database",
            "database-durability",
            "schema",
            "clock",
            "cluster",
            "clickhouse",
            "disk",
            "open-files",
            "public-url",
            "cookie-ttl",
            "cookie-domain",
            "widget-domain",
            "sentry",
            "telegram",
            "agents");
  }

  @Test
  void what_is_in_order_is_told_so_and_no_secret_is_shown() {
    JsonNode checks = Wire.get(DOCTOR).asAcme().send().json().get("checks");
    for (JsonNode check : checks) {
      String name = check.get("name").asText();
      if (List.of("database", "database-durability", "schema", "cluster").contains(name)) {
        assertThat(check.get("status").asText()).as(check.toString()).isEqualTo("ok");
      }
    }
    assertThat(checks.toString())
        .contains("version 12, up to date")
        .doesNotContain(TestServer.ACME_KEY, TestServer.GLOBEX_KEY)
        .doesNotContain(TestServer.database().password());
  }

  @Test
  void only_the_secret_key_opens_it() {
    assertThat(Wire.get(DOCTOR).send().status()).isEqualTo(401);
    assertThat(Wire.get(DOCTOR).as(Fixtures.token("admin")).send().status()).isEqualTo(401);
    assertThat(Wire.post(DOCTOR).asAcme().send().status()).isEqualTo(405);
  }
}
