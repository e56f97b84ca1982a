package dev.parley.chaos;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.chaos.NodeClient.Answer;
import dev.parley.chaos.history.Operation;
import dev.parley.chaos.history.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Appends through the S2 data plane, where nothing tells a repetition from another record: what has
 * no answer may be there once or not, and is never sent again.
 */
final class StreamWriter extends Worker {
  private final String stream;
  private final StreamAccess.Known known;

  StreamWriter(Load load, String stream, StreamAccess.Known known) {
    super(load, "stream:" + stream);
    this.stream = stream;
    this.known = known;
  }

  @Override
  public void run() {
    int i = 0;
    while (!isFinishing()) {
      int node = node();
      StreamAccess access = known.of(stream, node);
      if (access == null || !append(access, node, "raw text " + i++ + " of " + stream)) {
        afterFailure();
      }
      pauseBetween(40, 160);
    }
  }

  private boolean append(StreamAccess access, int node, String data) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putArray("records").addObject().put("body", data);
    long start = load.recorder().now();
    Answer answer = load.http().post(node, access.path(), body.toString(), access.headers());
    long end = load.recorder().now();
    Outcome outcome = answer.outcome();
    @Nullable Long seq =
        outcome == Outcome.OK ? answer.json().get("start").get("seq_num").asLong() : null;
    load.recorder()
        .add(
            new Operation.Append(
                start, end, node, stream, null, data, outcome, seq, answer.summary()));
    return outcome == Outcome.OK;
  }
}
