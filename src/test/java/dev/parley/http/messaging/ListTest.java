package dev.parley.http.messaging;

import static dev.parley.http.messaging.Messaging.AGENT;
import static dev.parley.http.messaging.Messaging.ISO;
import static dev.parley.http.messaging.Messaging.SESSIONS;
import static dev.parley.http.messaging.Messaging.created;
import static dev.parley.http.messaging.Messaging.error;
import static dev.parley.http.messaging.Messaging.ok;
import static dev.parley.http.messaging.Messaging.session;
import static dev.parley.http.messaging.Messaging.user;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.Eventually;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** eliza.md sections 5.2 and 5.3, and part 12, item 22: all sessions at once. */
class ListTest {
  @Test
  void a_session_is_listed_as_soon_as_it_is_created() {
    for (int i = 0; i < 5; i++) {
      String id = created();
      JsonNode body = ok(Wire.get(SESSIONS));
      assertThat(ids(body)).contains(id).doesNotHaveDuplicates();
      assertThat(body.has("success")).isFalse();
      assertThat(body.has("nextCursor")).isFalse();
    }
  }

  @Test
  void an_entry_is_what_get_shows() {
    String id = created(",\"metadata\":{\"x\":\"ü\"}");
    JsonNode listed = null;
    for (JsonNode entry : ok(Wire.get(SESSIONS)).get("sessions")) {
      if (entry.get("sessionId").textValue().equals(id)) {
        listed = entry;
      }
    }
    JsonNode shown = Messaging.get(id);
    assertThat(listed).isNotNull();
    assertThat(listed.size()).isEqualTo(shown.size());
    for (String field : new String[] {"channelId", "metadata", "timeoutConfig", "expiresAt"}) {
      assertThat(listed.get(field)).isEqualTo(shown.get(field));
    }
  }

  @Test
  void totals_add_up() {
    created();
    JsonNode body = ok(Wire.get(SESSIONS));
    int active = body.get("sessions").size();
    assertThat(body.get("total").intValue()).isEqualTo(active);
    JsonNode stats = body.get("stats");
    assertThat(stats.get("activeSessions").intValue()).isEqualTo(active);
    assertThat(stats.get("totalSessions").intValue())
        .isEqualTo(active + stats.get("expiredSessions").intValue());
  }

  @Test
  void only_living_messaging_sessions_are_listed() {
    String durable = Fixtures.created("listed");
    String deleted = created();
    String closed = created();
    Wire.request("DELETE", session(deleted)).send();
    Fixtures.close(closed, "{}");
    assertThat(ids(ok(Wire.get(SESSIONS)))).doesNotContain(durable, deleted, closed);
  }

  @Test
  void item_22_pages_hold_every_session_of_a_user_once() {
    String user = user();
    List<String> newestFirst = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      newestFirst.add(0, create(user));
    }
    assertThat(walk(user, 3)).containsExactlyInAnyOrderElementsOf(newestFirst);
    // Also when the index has caught up with what this node remembers.
    String indexed = Fixtures.SESSIONS + "?filter%5Btags%5D=user:" + user;
    assertThat(
            Eventually.within(
                Duration.ofSeconds(10),
                () -> Wire.get(indexed).asAcme().send().json().get("data").size() == 7))
        .isTrue();
    assertThat(walk(user, 2)).containsExactlyInAnyOrderElementsOf(newestFirst);
    assertThat(walk(user, 7)).containsExactlyInAnyOrderElementsOf(newestFirst);
  }

  private static List<String> walk(String user, int limit) {
    List<String> all = new ArrayList<>();
    String cursor = "";
    while (cursor != null) {
      JsonNode page =
          ok(Wire.get(SESSIONS + "?userId=" + user + "&limit=" + limit + "&cursor=" + cursor));
      List<String> ids = ids(page);
      assertThat(ids.size()).isLessThanOrEqualTo(limit);
      all.addAll(ids);
      assertThat(page.has("nextCursor")).isTrue();
      cursor = page.get("nextCursor").textValue();
    }
    assertThat(all).doesNotHaveDuplicates();
    return all;
  }

  @Test
  void filters_do_not_mind_the_case_of_an_id() {
    String user = user();
    String id = create(user);
    for (String query :
        new String[] {
          "userId=" + user,
          "userId=" + user.toUpperCase(Locale.ROOT),
          "userId=" + user + "&agentId=" + AGENT.toUpperCase(Locale.ROOT),
          "userId=" + user + "&nothing=known"
        }) {
      assertThat(ids(ok(Wire.get(SESSIONS + "?" + query)))).containsExactly(id);
    }
    assertThat(ids(ok(Wire.get(SESSIONS + "?userId=" + user + "&agentId=" + user)))).isEmpty();
    assertThat(ids(ok(Wire.get(SESSIONS + "?userId=%00")))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2x, 2", "0, 1", "-4, 1", "1.9, 1", "abc, 3", "1000, 3"})
  void a_limit_is_never_an_error(String limit, int shown) {
    String user = user();
    Collections.nCopies(3, user).forEach(ListTest::create);
    assertThat(ids(ok(Wire.get(SESSIONS + "?userId=" + user + "&limit=" + limit)))).hasSize(shown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "AAAA", "0"})
  void a_cursor_that_was_never_given_out_is_refused(String cursor) {
    JsonNode error =
        error(Wire.get(SESSIONS + "?cursor=" + cursor).send(), 400, "VALIDATION_ERROR");
    assertThat(error.get("message").textValue())
        .startsWith("Invalid pagination parameter 'cursor': ");
    assertThat(error.get("details").get("value").textValue()).isEqualTo(cursor);
  }

  @ParameterizedTest
  @ValueSource(strings = {"?limit=%zz", "?%", "?=&=&", "?limit=&cursor="})
  void a_strange_query_is_no_reason_to_fail(String query) {
    int status = Wire.get(SESSIONS + query).send().status();
    assertThat(status).isIn(200, 400);
  }

  @Test
  void health_counts_what_lives_and_what_is_near_its_end() {
    JsonNode before = ok(Wire.get(SESSIONS + "/health"));
    String id = created(",\"timeoutConfig\":{\"warningThresholdMinutes\":60}");
    JsonNode after = ok(Wire.get(SESSIONS + "/health"));
    assertThat(after.get("status").textValue()).isEqualTo("healthy");
    assertThat(after.get("timestamp").textValue()).matches(ISO);
    assertThat(after.get("uptime").isFloatingPointNumber()).isTrue();
    assertThat(after.get("activeSessions").intValue())
        .isEqualTo(before.get("activeSessions").intValue() + 1);
    assertThat(after.get("expiringSoon").intValue())
        .isEqualTo(before.get("expiringSoon").intValue() + 1);
    assertThat(after.has("invalidSessions")).isFalse();
    assertThat(after.has("success")).isFalse();
    // Warned and renewed it is still near.
    Messaging.heartbeat(id);
    assertThat(ok(Wire.get(SESSIONS + "/health")).get("expiringSoon"))
        .isEqualTo(after.get("expiringSoon"));
  }

  private static String create(String user) {
    return Wire.post(SESSIONS)
        .body(Messaging.createBody(user, ""))
        .send()
        .json()
        .get("sessionId")
        .textValue();
  }

  private static List<String> ids(JsonNode body) {
    List<String> ids = new ArrayList<>();
    body.get("sessions").forEach(entry -> ids.add(entry.get("sessionId").textValue()));
    return ids;
  }
}
