package dev.parley.http.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import dev.parley.session.RunId;
import java.time.Instant;

/** Requests for waitpoints that many tests begin with. */
final class Waits {
  static final String TOKENS = "/api/v1/waitpoints/tokens";

  /** A run of the first tenant. */
  static final String RUN = RunId.mint(TestServer.ACME);

  private Waits() {}

  /** {@code /api/v1/runs/:run/session-streams/wait}. */
  static String waitPath(String run) {
    return "/api/v1/runs/" + Wire.segment(run) + "/session-streams/wait";
  }

  /** {@code /engine/v1/runs/:run/waitpoints/tokens/:id/wait}. */
  static String enginePath(String run, String id) {
    return "/engine/v1/runs/" + Wire.segment(run) + "/waitpoints/tokens/" + id + "/wait";
  }

  /** {@code /api/v1/waitpoints/tokens/:id}. */
  static String path(String id) {
    return TOKENS + "/" + Wire.segment(id);
  }

  /**
   * @param more fields, each with a comma before it
   */
  static String body(String session, String io, String more) {
    return "{\"session\":\"" + session + "\",\"io\":\"" + io + "\"" + more + "}";
  }

  /** Asks for a waitpoint of a session of the first tenant. */
  static Answer ask(String session, String io, String more) {
    return Wire.post(waitPath(RUN)).asAcme().body(body(session, io, more)).send();
  }

  /** Registers a waitpoint that was not there before, and says its id. */
  static String registered(String session, String io, String more) {
    return isNew(ask(session, io, more)).get("waitpointId").asText();
  }

  static String registered(String session, String io) {
    return registered(session, io, "");
  }

  /** Makes a token without a session. */
  static JsonNode newToken(String body) {
    return isNew(Wire.post(TOKENS).asAcme().body(body).send());
  }

  private static JsonNode isNew(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json().get("isCached")).as(answer.body()).isNotNull();
    assertThat(answer.json().get("isCached").booleanValue()).isFalse();
    return answer.json();
  }

  /** The waitpoint as it is. */
  static JsonNode now(String id) {
    return ok(Wire.get(path(id)));
  }

  /** The waitpoint as soon as it has ended. */
  static JsonNode ended(String id) {
    JsonNode waitpoint = ok(Wire.get(path(id) + "?wait=15"));
    assertThat(waitpoint.get("status").asText()).as("%s", waitpoint).isNotEqualTo("WAITING");
    return waitpoint;
  }

  static String status(String id) {
    return now(id).get("status").asText();
  }

  static Answer complete(String id, String body) {
    return Wire.post(path(id) + "/complete").asAcme().body(body).send();
  }

  static Instant time(JsonNode waitpoint, String key) {
    return Instant.parse(waitpoint.get(key).asText());
  }

  private static JsonNode ok(Wire request) {
    Answer answer = request.asAcme().send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }
}
