package dev.parley.agent;

import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** Whoever answers the messages of a session. */
@FunctionalInterface
public interface Agent {
  /**
   * The answer to a message, as it comes. Each run of the source is one try: any number of {@link
   * AgentOutput.TextDelta}, then exactly one {@link AgentOutput.Completed} or {@link
   * AgentOutput.Failed}, then the end. The source itself never fails. Cancelling it stops the work;
   * an HTTP request that is under way is broken off. The agent's time limit runs from the start of
   * the source; a consumer that is slow to pull uses it up.
   */
  Source<AgentOutput, NotUsed> answer(Turn turn);
}
