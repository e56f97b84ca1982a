package dev.parley.agent;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message that an agent is to answer, and what it may need to know for it (eliza.md part 8).
 *
 * @param sessionId the session's own id
 * @param externalId the id its creator gave it; of a messaging session this is the messaging id
 * @param channelId of a messaging session; else null
 * @param userId who wrote; null when the session has no user
 * @param history the messages before this one, oldest first
 */
public record Turn(
    String sessionId,
    @Nullable String externalId,
    @Nullable String channelId,
    @Nullable String userId,
    Message message,
    List<Entry> history) {
  public Turn {
    history = List.copyOf(history);
  }

  /** The newest entries of the history, oldest first. */
  List<Entry> lastEntries(int count) {
    return history.subList(Math.max(0, history.size() - count), history.size());
  }

  /**
   * The message.
   *
   * @param id the same in every try of the turn, so that the other side can tell a repetition
   * @param metadata JSON object as text: session and message merged (eliza.md section 6.1)
   */
  public record Message(String id, String content, List<Attachment> attachments, String metadata) {
    public Message {
      attachments = List.copyOf(attachments);
    }
  }

  /** A message of the history. */
  public record Entry(Role role, String content, Instant createdAt) {}

  /** Who wrote a message. */
  public enum Role {
    USER,
    AGENT
  }
}
