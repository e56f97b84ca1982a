package dev.parley.http.messaging;

import dev.parley.agent.MessageRecord;
import org.jspecify.annotations.Nullable;

/** What comes of the answer to one message. */
sealed interface Answer {
  /** Nothing yet; a sign that somebody still waits. */
  record Waiting() implements Answer {}

  /**
   * A piece of the text.
   *
   * @param messageId of the answer it is a piece of; another one than before when the agent had to
   *     begin again
   */
  record Piece(String messageId, int index, String text) implements Answer {}

  /**
   * The whole.
   *
   * @param message null when the agent has nothing to say
   */
  record Whole(@Nullable MessageRecord message) implements Answer {}

  /** There will be none. */
  record None(String reason) implements Answer {}

  /** Whether nothing follows. */
  default boolean isEnd() {
    return this instanceof Whole || this instanceof None;
  }
}
