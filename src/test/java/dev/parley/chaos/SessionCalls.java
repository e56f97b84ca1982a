package dev.parley.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.chaos.NodeClient.Answer;
import dev.parley.chaos.Worker.Load;
import dev.parley.chaos.history.Operation;
import dev.parley.chaos.history.Operation.Ending;
import dev.parley.chaos.history.Operation.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests about sessions as a whole, written down. */
final class SessionCalls {
  private final Load load;

  SessionCalls(Load load) {
    this.load = load;
  }

  /**
   * One attempt to create a session.
   *
   * @param expiresAt null for never
   * @return whether it exists now
   */
  boolean create(int node, String session, @Nullable Instant expiresAt) {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "chaos")
            .put("taskIdentifier", "nobody")
            .put("externalId", session);
    body.putObject("triggerConfig").putObject("basePayload");
    if (expiresAt != null) {
      body.put("expiresAt", expiresAt.toString());
    }
    long start = load.recorder().now();
    Answer answer = load.http().post(node, "/api/v1/sessions", body.toString(), Map.of());
    if (answer.isOk()) {
      load.recorder()
          .add(
              new Operation.Created(
                  start,
                  load.recorder().now(),
                  node,
                  session,
                  expiresAt == null ? null : expiresAt.toEpochMilli()));
    }
    return answer.isOk();
  }

  /** One attempt to close a session; whether it was acknowledged. */
  boolean close(int node, String session, String reason) {
    long start = load.recorder().now();
    String body = JsonNodeFactory.instance.objectNode().put("reason", reason).toString();
    Answer answer =
        load.http().post(node, "/api/v1/sessions/" + session + "/close", body, Map.of());
    load.recorder()
        .add(
            new Operation.Close(
                start,
                load.recorder().now(),
                node,
                session,
                answer.outcome(),
                answer.isOk() ? ending(answer.json()) : null));
    return answer.isOk();
  }

  /** Looks at a session; whether it was shown. */
  boolean look(int node, String session) {
    long start = load.recorder().now();
    Answer answer = load.http().get(node, "/api/v1/sessions/" + session);
    if (answer.isOk()) {
      load.recorder()
          .add(
              new Operation.Look(
                  start, load.recorder().now(), node, session, ending(answer.json())));
    }
    return answer.isOk();
  }

  /** Reads the whole lifecycle channel; whether it was shown. */
  boolean lifecycle(int node, String session) {
    long start = load.recorder().now();
    Answer answer =
        load.http()
            .get(node, "/realtime/v1/sessions/" + session + "/channels/lifecycle/out/records");
    if (answer.isOk()) {
      List<Entry> entries = new ArrayList<>();
      for (JsonNode record : answer.json().get("records")) {
        JsonNode data = record.get("data");
        Instant at = Instant.parse(data.get("at").asText());
        entries.add(new Entry(data.get("type").asText(), at.toEpochMilli()));
      }
      load.recorder()
          .add(new Operation.Lifecycle(start, load.recorder().now(), node, session, entries));
    }
    return answer.isOk();
  }

  private static @Nullable Ending ending(JsonNode session) {
    return session.hasNonNull("closedAt")
        ? new Ending(session.get("closedAt").asText(), session.path("closedReason").asText(null))
        : null;
  }
}
