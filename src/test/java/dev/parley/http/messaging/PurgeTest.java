package dev.parley.http.messaging;

import static dev.parley.http.messaging.Messaging.created;
import static dev.parley.http.messaging.Messaging.error;
import static dev.parley.http.messaging.Messaging.session;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.StoredText;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code DELETE /api/messaging/sessions/:id?purge=true} (eliza.md part 12, items 2 and 23). */
class PurgeTest {
  private static Wire purge(String sessionId) {
    return Wire.request("DELETE", session(sessionId) + "?purge=true");
  }

  @ParameterizedTest
  @EnumSource
  void a_purge_proves_that_nothing_is_left_and_then_there_is_nothing(Wire.Version version) {
    String id = created(",\"metadata\":{\"secret\":\"x\"}");
    Answer answer = purge(id).asAcme().over(version).send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    JsonNode proof = answer.json();
    assertThat(proof.get("purged").booleanValue()).isTrue();
    assertThat(proof.get("sessionId").asText()).isEqualTo(id);
    assertThat(proof.get("remaining").asLong(-1)).isZero();
    assertThat(proof.get("removed").get("indexRows").longValue()).isLessThanOrEqualTo(1);
    assertThat(proof.has("success")).as("else the published client loses the rest").isFalse();
    error(purge(id).asAcme().send(), 404, "SESSION_NOT_FOUND");
    error(Wire.get(session(id)).send(), 404, "SESSION_NOT_FOUND");
    assertThat(Wire.get(Fixtures.session(id)).asAcme().send().status()).isEqualTo(404);
  }

  @Test
  void what_was_said_is_left_nowhere() {
    String marker = Fixtures.fresh("said");
    String id = created(",\"metadata\":{\"m\":\"%s\"}".formatted(marker));
    for (int i = 0; i < 3; i++) {
      Answer sent =
          Wire.post(session(id) + "/messages")
              .body("{\"content\":\"%s\",\"transport\":\"http\"}".formatted(marker))
              .send();
      assertThat(sent.json().at("/agentResponse/text").textValue()).isEqualTo(marker);
    }
    String friendlyId = Wire.get(Fixtures.session(id)).asAcme().send().json().get("id").textValue();
    StoredText stored = new StoredText(TestServer.database());
    assertThat(stored.find(marker)).isNotEmpty();
    assertThat(stored.find(friendlyId)).anyMatch(found -> found.startsWith("event_tag.tag"));
    assertThat(purge(id).asAcme().send().status()).isEqualTo(200);
    assertThat(stored.find(marker)).isEmpty();
    assertThat(stored.find(id)).isEmpty();
    assertThat(stored.find(friendlyId))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("event_journal.persistence_id ");
    assertThat(stored.find(friendlyId)).contains("session_purge.friendly_id 1");
    error(Wire.get(session(id) + "/messages").send(), 404, "SESSION_NOT_FOUND");
    error(
        Wire.post(session(id) + "/messages").body("{\"content\":\"x\"}").send(),
        404,
        "SESSION_NOT_FOUND");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_deleted_or_closed_session_is_purged_too(boolean deleted) {
    String id = created();
    if (deleted) {
      Messaging.ok(Wire.request("DELETE", session(id)));
    } else {
      Fixtures.close(id, "{}");
    }
    assertThat(Wire.get(Fixtures.session(id)).asAcme().send().status()).isEqualTo(200);
    assertThat(purge(id).asAcme().send().status()).isEqualTo(200);
    assertThat(Wire.get(Fixtures.session(id)).asAcme().send().status()).isEqualTo(404);
  }

  @Test
  void nobody_purges_without_the_secret_key() {
    String id = created();
    for (Wire request :
        new Wire[] {
          purge(id),
          purge(id).header("X-API-KEY", TestServer.ACME_KEY),
          purge(id).as(Fixtures.token("admin")),
          purge(id).as("wrong"),
          purge(id).as(TestServer.GLOBEX_KEY),
          purge(id).asAcme().asAcme()
        }) {
      JsonNode error = error(request.send(), 403, "FORBIDDEN");
      assertThat(error.get("message").textValue()).contains("secret key");
    }
    assertThat(Messaging.get(id)).isNotNull();
  }

  @Test
  void a_session_of_the_durable_face_alone_is_none_here() {
    String key = Fixtures.created("durable");
    error(purge(key).asAcme().send(), 404, "SESSION_NOT_FOUND");
    error(purge("session_" + "0".repeat(32)).asAcme().send(), 404, "SESSION_NOT_FOUND");
    assertThat(Wire.get(Fixtures.session(key)).asAcme().send().status()).isEqualTo(200);
  }
}
