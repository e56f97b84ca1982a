package dev.parley.chaos;

import dev.parley.chaos.NodeClient.Answer;
import dev.parley.chaos.history.Operation;
import dev.parley.chaos.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Appends one record after the other, each under its part id until it is acknowledged, and now and
 * then repeats one that was. Ends by itself some appends after the first refusal.
 */
final class PartWriter extends Worker {
  private static final int TRIES_AFTER_REFUSAL = 2;
  private static final int REMEMBERED = 500;

  private final String stream;
  private final String path;
  private final List<String> acknowledged = new ArrayList<>();
  private int refusals;

  /**
   * @param channel {@code in} or {@code out}
   */
  PartWriter(Load load, String session, String channel) {
    super(load, "part:" + session + "/" + channel);
    this.stream = session + "/" + channel;
    this.path = "/realtime/v1/sessions/" + session + "/" + channel + "/append";
  }

  @Override
  public void run() {
    for (int i = 0; !isFinishing() && refusals <= TRIES_AFTER_REFUSAL; i++) {
      String partId = stream + ":" + i;
      if (untilAnswered(partId) == Outcome.OK) {
        acknowledged.add(partId);
      } else {
        refusals++;
      }
      if (random.nextInt(30) == 0 && !acknowledged.isEmpty()) {
        int newest = acknowledged.size();
        attempt(acknowledged.get(newest - 1 - random.nextInt(Math.min(newest, REMEMBERED))));
      }
      pauseBetween(40, 160);
    }
  }

  private Outcome untilAnswered(String partId) {
    Outcome outcome = attempt(partId);
    while (outcome == Outcome.UNKNOWN) {
      afterFailure();
      outcome = attempt(partId);
    }
    return outcome;
  }

  private Outcome attempt(String partId) {
    int node = node();
    String data = "text of " + partId;
    long start = load.recorder().now();
    Answer answer = load.http().post(node, path, data, Map.of("X-Part-Id", partId));
    long end = load.recorder().now();
    Outcome outcome = answer.outcome();
    @Nullable Long seq = outcome == Outcome.OK ? answer.json().get("seq").asLong() : null;
    load.recorder()
        .add(
            new Operation.Append(
                start, end, node, stream, partId, data, outcome, seq, answer.summary()));
    return outcome;
  }
}
