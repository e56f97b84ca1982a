package dev.parley.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import dev.parley.http.web.Browser;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
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
            "agents",
            "published-events",
            "models",
            "hand-offs",
            "allowed-origins",
            "widget-settings");
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
        .contains("version 13, up to date")
        .doesNotContain(TestServer.ACME_KEY, TestServer.GLOBEX_KEY)
        .doesNotContain(TestServer.database().password());
  }

  private static JsonNode check(String name) {
    for (JsonNode check : Wire.get(DOCTOR).asAcme().send().json().get("checks")) {
      if (check.get("name").asText().equals(name)) {
        return check;
      }
    }
    throw new AssertionError("no check " + name);
  }

  @Test
  void what_the_api_has_stored_is_looked_at() {
    String event = "doctor-" + UUID.randomUUID();
    String nobody = UUID.randomUUID().toString();
    String body =
        "{\"agentId\":\"%s\",\"organizationId\":\"doctor-org\",\"published\":true}"
            .formatted(nobody);
    assertThat(Wire.put("/api/admin/events/" + event).asAcme().body(body).send().status())
        .isIn(200, 201);
    JsonNode events = check("published-events");
    assertThat(events.get("status").asText()).isEqualTo("fail");
    assertThat(events.get("value").asText()).contains(event + " -> " + nobody);
    assertThat(Wire.request("DELETE", "/api/admin/events/" + event).asAcme().send().status())
        .isLessThan(300);
    assertThat(check("published-events").get("value").asText()).doesNotContain(event);
    assertThat(
            Wire.put("/api/admin/organizations/doctor-org/webchat")
                .asAcme()
                .body("{\"widgetDomain\":\"proxy\"}")
                .send()
                .status())
        .isEqualTo(200);
    assertThat(check("widget-settings").get("value").asText()).contains("doctor-org");
    Browser member = new Browser(TestServer.origin());
    member.signUp();
    String organization = member.whoAmI().at("/organizations/0/id").textValue();
    assertThat(member.post("/chat/realtime/ally/create-session/" + organization, "").status())
        .isEqualTo(201);
    assertThat(check("hand-offs").get("value").asText()).containsPattern("[1-9][0-9]* waiting now");
  }

  @Test
  void only_the_secret_key_opens_it() {
    assertThat(Wire.get(DOCTOR).send().status()).isEqualTo(401);
    assertThat(Wire.get(DOCTOR).as(Fixtures.token("admin")).send().status()).isEqualTo(401);
    assertThat(Wire.post(DOCTOR).asAcme().send().status()).isEqualTo(405);
  }
}
