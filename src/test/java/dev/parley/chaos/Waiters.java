package dev.parley.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.parley.chaos.NodeClient.Answer;
import dev.parley.chaos.history.Operation;
import dev.parley.chaos.history.Outcome;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the next record of its own session, which comes before the deadline, near it, or not at
 * all; and so on.
 */
final class Waiters extends Worker {
  private final String session;
  private final String stream;
  private final List<String> waitpoints = new CopyOnWriteArrayList<>();
  private String run = "";
  private long lastSeq = -1;

  /**
   * @param session exists and is written by nobody else
   */
  Waiters(Load load, String session) {
    super(load, "waits:" + session);
    this.session = session;
    this.stream = session + "/in";
  }

  /** Those that were registered. */
  List<String> waitpoints() {
    return waitpoints;
  }

  @Override
  public void run() {
    run =
        until(() -> load.http().get(node(), "/api/v1/sessions/" + session))
            .get("currentRunId")
            .asText();
    for (int i = 0; !isFinishing(); i++) {
      Instant deadline =
          Instant.now().plusMillis(1_000 + random.nextInt(3_000)).truncatedTo(ChronoUnit.MILLIS);
      String waitpoint = register(i, deadline);
      if (random.nextInt(3) > 0) {
        pauseBetween(1, 4_000);
        append("record " + i + " of " + stream);
      }
      while (Instant.now().isBefore(deadline)) {
        look(load, anyNode(), waitpoint);
        pauseBetween(100, 400);
      }
      pauseBetween(200, 1_500);
      look(load, anyNode(), waitpoint);
    }
  }

  private String register(int number, Instant deadline) {
    long after = lastSeq;
    String body =
        JsonNodeFactory.instance
            .objectNode()
            .put("session", session)
            .put("io", "in")
            .put("idempotencyKey", session + ":" + number)
            .put("lastSeqNum", after)
            .put("timeout", deadline.toString())
            .toString();
    long start = load.recorder().now();
    String path = "/api/v1/runs/" + run + "/session-streams/wait";
    String waitpoint =
        until(() -> load.http().post(node(), path, body, Map.of())).get("waitpointId").asText();
    load.recorder()
        .add(
            new Operation.Wait(
                start,
                load.recorder().now(),
                -1,
                waitpoint,
                stream,
                after,
                deadline.toEpochMilli()));
    waitpoints.add(waitpoint);
    return waitpoint;
  }

  private void append(String data) {
    String path = "/realtime/v1/sessions/" + stream + "/append";
    Outcome outcome = Outcome.UNKNOWN;
    while (outcome != Outcome.OK) {
      int node = node();
      long start = load.recorder().now();
      Answer answer = load.http().post(node, path, data, Map.of("X-Part-Id", data));
      long end = load.recorder().now();
      outcome = answer.outcome();
      @Nullable Long seq = outcome == Outcome.OK ? answer.json().get("seq").asLong() : null;
      load.recorder()
          .add(
              new Operation.Append(
                  start, end, node, stream, data, data, outcome, seq, answer.summary()));
      if (seq == null) {
        afterFailure();
      } else {
        lastSeq = seq;
      }
    }
  }

  /** Looks at a waitpoint; whether it was shown. */
  static boolean look(Load load, int node, String waitpoint) {
    long start = load.recorder().now();
    Answer answer = load.http().get(node, "/api/v1/waitpoints/tokens/" + waitpoint);
    if (answer.isOk()) {
      JsonNode shown = answer.json();
      boolean error = shown.path("outputIsError").asBoolean();
      load.recorder()
          .add(
              new Operation.WaitLook(
                  start,
                  load.recorder().now(),
                  node,
                  waitpoint,
                  shown.get("status").asText(),
                  error ? null : shown.path("output").asText(null),
                  shown.hasNonNull("completedAt")
                      ? Instant.parse(shown.get("completedAt").asText()).toEpochMilli()
                      : null));
    }
    return answer.isOk();
  }

  private interface Request {
    Answer send();
  }

  private JsonNode until(Request request) {
    Answer answer = request.send();
    while (!answer.isOk()) {
      if (answer.outcome() == Outcome.REFUSED) {
        throw new IllegalStateException("refused: " + answer);
      }
      afterFailure();
      answer = request.send();
    }
    return answer.json();
  }
}
