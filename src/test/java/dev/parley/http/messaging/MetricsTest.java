package dev.parley.http.messaging;

import static dev.parley.http.messaging.Messaging.created;
import static dev.parley.http.messaging.Messaging.session;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.http.Wire;
import org.junit.jupiter.api.Test;

/** What {@code GET /metrics} tells of this face (eliza.md part 12, item 25). */
class MetricsTest {
  private static double metric(String line) {
    String text = Wire.get("/metrics").asAcme().send().body();
    return text.lines()
        .filter(one -> one.startsWith(line + " "))
        .mapToDouble(one -> Double.parseDouble(one.substring(line.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  @Test
  void item_25_sessions_messages_turns_and_errors_are_counted() {
    double created = metric("parley_sessions_opened_total{face=\"messaging\"}");
    double renewed = metric("parley_sessions_renewed_total{cause=\"message\"}");
    double answered = metric("parley_turns_seconds_count{outcome=\"answered\"}");
    double deleted = metric("parley_sessions_deleted_total{face=\"messaging\"}");
    String refusals =
        "parley_messaging_requests_seconds_count{code=\"VALIDATION_ERROR\",method=\"POST\","
            + "status=\"400\"}";
    double refused = metric(refusals);

    String id = created();
    Wire.post(session(id) + "/messages").body("{\"content\":\"x\",\"transport\":\"http\"}").send();
    Wire.post(session(id) + "/messages").body("{\"content\":7}").send();
    Wire.request("DELETE", session(id)).send();

    assertThat(metric("parley_sessions_opened_total{face=\"messaging\"}")).isGreaterThan(created);
    assertThat(metric("parley_sessions_renewed_total{cause=\"message\"}")).isGreaterThan(renewed);
    assertThat(metric("parley_turns_seconds_count{outcome=\"answered\"}")).isGreaterThan(answered);
    assertThat(metric("parley_sessions_deleted_total{face=\"messaging\"}")).isGreaterThan(deleted);
    assertThat(metric(refusals)).isGreaterThan(refused);
    assertThat(metric("parley_messages_total{role=\"agent\"}")).isPositive();
    assertThat(metric("parley_sessions_active")).isNotNegative();
  }

  @Test
  void only_the_secret_key_opens_the_metrics() {
    assertThat(Wire.get("/metrics").send().status()).isEqualTo(401);
  }
}
