package dev.parley.agent;

import java.util.ArrayList;
import java.util.List;

/** Collects the outputs of an answer and lets nothing follow its end. */
final class AnswerInProgress {
  private final AnswerText text = new AnswerText();
  private List<AgentOutput> outputs = new ArrayList<>();
  private boolean ended;

  boolean hasEnded() {
    return ended;
  }

  /** The outputs since the last call. */
  List<AgentOutput> take() {
    List<AgentOutput> taken = outputs;
    outputs = new ArrayList<>();
    return taken;
  }

  void delta(String piece) {
    if (ended) {
      return;
    }
    try {
      say(text.add(piece));
    } catch (TooLongException e) {
      tooLong(e);
    }
  }

  /** Ends with what was said. */
  void complete() {
    if (ended) {
      return;
    }
    try {
      say(text.end());
      end(AgentOutput.Completed.of(text.whole()));
    } catch (TooLongException e) {
      tooLong(e);
    }
  }

  void end(AgentOutput output) {
    if (!ended) {
      outputs.add(output);
      ended = true;
    }
  }

  void fail(String reason, boolean retryable) {
    end(new AgentOutput.Failed(reason, retryable));
  }

  void tooLong(TooLongException e) {
    fail("The agent has sent " + e.getMessage() + ".", false);
  }

  private void say(String sayable) {
    if (!sayable.isEmpty()) {
      outputs.add(new AgentOutput.TextDelta(sayable));
    }
  }
}
