package dev.parley.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent says in a turn. All texts are well-formed Unicode without NUL, so they can be
 * stored; the echo's are as those of the message it repeats.
 */
public sealed interface AgentOutput {
  /**
   * What a whole answer may take as JSON, in bytes of UTF-8, so that its record fits into 1 MiB
   * with what is written around it.
   */
  int MAX_ANSWER_BYTES = 1_000_000;

  /** Whether nothing follows. */
  default boolean isEnd() {
    return !(this instanceof TextDelta);
  }

  /**
   * A piece of the text, in order.
   *
   * @param text never empty
   */
  record TextDelta(String text) implements AgentOutput {}

  /**
   * The answer (across.md section 1, the {@code message} record).
   *
   * @param text the whole text, also after deltas; empty when the agent has nothing to say
   */
  record Completed(
      String text, @Nullable String thought, List<String> actions, List<Attachment> attachments)
      implements AgentOutput {
    public Completed {
      actions = List.copyOf(actions);
      attachments = List.copyOf(attachments);
    }

    /** An answer that is text and nothing else. */
    public static Completed of(String text) {
      return new Completed(text, null, List.of(), List.of());
    }
  }

  /**
   * There is no answer; deltas that were given are not one.
   *
   * @param reason a sentence for whoever asked: without secrets, addresses and texts of the other
   *     side
   * @param retryable whether the same turn may succeed later
   */
  record Failed(String reason, boolean retryable) implements AgentOutput {}
}
