package dev.parley.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message of a conversation before it has its time (across.md section 1). Its record is an
 * envelope whose data is the message; only the session knows when it is created.
 *
 * @param id a UUID as text
 * @param content any text, also such that is no well-formed Unicode: it comes back as it was
 * @param authorId the user or the agent
 * @param inReplyTo the id of the message that an agent answers; null for a user's
 * @param more further fields as JSON text without braces, such as {@code "metadata":{}}; may be
 *     empty
 * @param recordId the id of the envelope
 */
public record Message(
    String id,
    Role role,
    String content,
    String authorId,
    @Nullable String inReplyTo,
    String more,
    String recordId) {
  /** Who speaks. */
  public enum Role {
    USER("user"),
    AGENT("agent");

    private final String text;

    Role(String text) {
      this.text = text;
    }

    /** As it stands in a record. */
    public String text() {
      return text;
    }
  }

  /** The record of the message, of the same length whenever it is created. */
  RecordContent content(Instant createdAt) {
    JsonBuffer out = new JsonBuffer(content.length() + more.length() + 320);
    out.raw("{\"data\":{\"type\":\"message\",\"id\":").quoted(id);
    out.raw(",\"role\":\"").raw(role.text()).raw("\",\"content\":").quoted(content);
    if (inReplyTo != null) {
      out.raw(",\"inReplyTo\":").quoted(inReplyTo);
    }
    out.raw(",\"authorId\":").quoted(authorId);
    out.raw(",\"createdAt\":\"").raw(IsoTime.format(createdAt)).raw("\"");
    if (!more.isEmpty()) {
      out.raw(",").raw(more);
    }
    return RecordContent.of(Bytes.wrap(out.raw("},\"id\":").quoted(recordId).raw("}").toBytes()));
  }
}
