package dev.parley.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import dev.parley.http.Wire.Version;
import dev.parley.http.admin.ProjectionFixture;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /health} of a server that develops and has no ClickHouse. */
class HealthRoutesTest {
  @BeforeAll
  static void assumeSumsInPostgres() {
    ProjectionFixture.assumeSumsInPostgres();
  }

  @Test
  void everybody_may_ask_and_is_told_how_the_projections_are() {
    Answer answer = Wire.get("/health").send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    JsonNode body = answer.json();
    assertThat(body.get("status").textValue()).isEqualTo("ok");
    assertThat(Instant.parse(body.get("timestamp").textValue())).isBefore(Instant.now());
    assertThat(body.get("env").textValue()).isEqualTo("development");
    assertThat(body.get("uptime").isIntegralNumber()).isTrue();
    JsonNode session = body.get("session");
    assertThat(session.get("store").textValue()).isEqualTo("journal");
    assertThat(session.get("cookieTtlMs").longValue())
        .isPositive()
        .isEqualTo(session.get("storeTtlMs").longValue());
    JsonNode index = body.get("projections").get("session-index");
    assertThat(index.get("lagSeconds").isNumber()).isTrue();
    assertThat(index.get("paused").booleanValue()).isFalse();
    assertThat(index.get("parked").isIntegralNumber()).isTrue();
    assertThat(body.get("projections").has("session-activity")).isTrue();
    assertThat(body.has("clickhouse")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health/live", "/health/ready"})
  void those_who_run_nodes_are_told_whether_it_lives_and_is_ready(String path) {
    Answer answer = Wire.get(path).send();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("status").textValue()).isEqualTo("ok");
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void a_head_has_the_status_and_no_body(Version version) {
    Answer answer = Wire.request("HEAD", "/health").over(version).send();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void other_methods_are_refused() {
    Answer answer = Wire.post("/health").send();
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).isEqualTo("GET, HEAD");
  }
}
