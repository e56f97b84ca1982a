package dev.parley.chaos;

import dev.parley.chaos.NodeClient.Answer;
import dev.parley.chaos.Worker.Load;
import dev.parley.chaos.history.Operation.Append;
import dev.parley.chaos.history.Operation.Item;
import dev.parley.chaos.history.Operation.Read;
import dev.parley.chaos.history.Outcome;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests about streams, {@code <session>/<in or out>}, written down. */
final class StreamCalls {
  private final Load load;

  StreamCalls(Load load) {
    this.load = load;
  }

  /** One attempt to append the record of a part id. */
  Outcome append(int node, String stream, String partId) {
    String data = "text of " + partId;
    long start = load.recorder().now();
    Answer answer =
        load.http()
            .post(
                node,
                "/realtime/v1/sessions/" + stream + "/append",
                data,
                Map.of("X-Part-Id", partId));
    long end = load.recorder().now();
    Outcome outcome = answer.outcome();
    @Nullable Long seq = outcome == Outcome.OK ? answer.json().get("seq").asLong() : null;
    load.recorder()
        .add(new Append(start, end, node, stream, partId, data, outcome, seq, answer.summary()));
    return outcome;
  }

  /**
   * Reads a stream from a number on.
   *
   * @param last whether everything has been written
   * @return null when there was no answer, and nothing is written down then
   */
  @Nullable Read read(int node, String stream, long from, boolean last) {
    String after = from == 0 ? "" : "?afterEventId=" + (from - 1);
    long start = load.recorder().now();
    Answer answer = load.http().get(node, "/realtime/v1/sessions/" + stream + "/records" + after);
    long end = load.recorder().now();
    if (!answer.isOk()) {
      return null;
    }
    List<Item> items = ShownRecords.ofRecords(answer.json());
    Read read = new Read(start, end, node, stream, from, items, last);
    load.recorder().add(read);
    return read;
  }
}
