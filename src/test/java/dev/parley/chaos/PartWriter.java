package dev.parley.chaos;

import dev.parley.chaos.history.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * Appends one record after the other, each under its part id until it is acknowledged, and now and
 * then repeats one that was. Ends by itself some appends after the first refusal.
 */
final class PartWriter extends Worker {
  private static final int TRIES_AFTER_REFUSAL = 2;
  private static final int REMEMBERED = 500;

  private final String stream;
  private final StreamCalls calls;
  private final List<String> acknowledged = new ArrayList<>();
  private int refusals;

  /**
   * @param channel {@code in} or {@code out}
   */
  PartWriter(Load load, String session, String channel) {
    super(load, "part:" + session + "/" + channel);
    this.stream = session + "/" + channel;
    this.calls = new StreamCalls(load);
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
        calls.append(
            node(),
            stream,
            acknowledged.get(newest - 1 - random.nextInt(Math.min(newest, REMEMBERED))));
      }
      pauseBetween(40, 160);
    }
  }

  private Outcome untilAnswered(String partId) {
    Outcome outcome = calls.append(node(), stream, partId);
    while (outcome == Outcome.UNKNOWN) {
      afterFailure();
      outcome = calls.append(node(), stream, partId);
    }
    return outcome;
  }
}
