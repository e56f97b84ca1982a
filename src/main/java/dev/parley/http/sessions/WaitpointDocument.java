package dev.parley.http.sessions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.Json;
import dev.parley.session.SessionId;
import dev.parley.session.Waitpoint;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * A waitpoint as it is shown to those who ask for it and those it calls back (trigger.md section
 * 5.3); what is not there is left out.
 */
final class WaitpointDocument {
  private final WaitOutputs outputs;

  WaitpointDocument(ActorSystem<?> system, Sessions sessions) {
    this.outputs = new WaitOutputs(system, sessions);
  }

  /** Where a waitpoint is completed. */
  static String url(String origin, String id) {
    return origin + "/api/v1/waitpoints/tokens/" + id + "/complete";
  }

  /**
   * The document. Fails when the output can't be read now.
   *
   * @param origin of this server for the one who reads it, without a slash at the end
   */
  CompletionStage<ObjectNode> of(String origin, SessionId session, Waitpoint waitpoint) {
    Waitpoint.Outcome outcome = waitpoint.outcome();
    ObjectNode json = head(origin, waitpoint);
    if (outcome == null) {
      return CompletableFuture.completedFuture(json);
    }
    json.put("completedAt", Json.date(outcome.at()));
    if (outcome.timedOut()) {
      ObjectNode error =
          Json.object()
              .put("message", "Waitpoint timed out at " + Json.date(waitpoint.timeoutAt()));
      return CompletableFuture.completedFuture(
          output(json, Json.text(error)).put("outputIsError", true));
    }
    return outputs
        .of(session, outcome)
        .thenApply(output -> output.map(text -> output(json, text)).orElse(json));
  }

  private static ObjectNode head(String origin, Waitpoint waitpoint) {
    Waitpoint.Outcome outcome = waitpoint.outcome();
    ObjectNode json =
        Json.object().put("id", waitpoint.id()).put("url", url(origin, waitpoint.id()));
    json.put(
        "status", outcome == null ? "WAITING" : outcome.timedOut() ? "TIMED_OUT" : "COMPLETED");
    waitpoint.tags().forEach(json.putArray("tags")::add);
    json.put("createdAt", Json.date(waitpoint.createdAt()));
    if (waitpoint.timeoutAt() != null) {
      json.put("timeoutAt", Json.date(waitpoint.timeoutAt()));
    }
    if (waitpoint.idempotencyKey() != null) {
      json.put("idempotencyKey", waitpoint.idempotencyKey());
      json.put("idempotencyKeyExpiresAt", Json.date(waitpoint.idempotencyKeyExpiresAt()));
    }
    return json;
  }

  private static ObjectNode output(ObjectNode json, String text) {
    return json.put("output", text).put("outputType", "application/json");
  }
}
