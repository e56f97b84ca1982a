package dev.parley.http.messaging;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.agent.MessageRecord;
import dev.parley.http.shared.Json;
import dev.parley.session.IsoTime;
import java.time.Instant;
import java.util.List;

/** The shapes of messages on this face (eliza.md section 6). */
public final class MessageView {
  /** Of the one message server there is. */
  public static final String SERVER_ID = "00000000-0000-0000-0000-000000000000";

  private MessageView() {}

  /** A message of the history (section 6.3). */
  static ObjectNode ofHistory(MessagingSession.Parties parties, MessageRecord message) {
    ObjectNode view =
        Json.object()
            .put("id", message.id())
            .put("content", message.content())
            .put("authorId", message.authorId())
            .put("isAgent", message.isAgent())
            .put("createdAt", IsoTime.format(message.createdAt()));
    ObjectNode metadata = metadata(message);
    metadata.put("sessionId", parties.sessionId());
    view.set("metadata", metadata);
    return view;
  }

  /** With what the agent has said beside the text, and the attachments of both sides. */
  private static ObjectNode metadata(MessageRecord message) {
    ObjectNode metadata = message.metadata().deepCopy();
    for (String field : List.of("thought", "actions", "attachments", "inReplyTo", "stopped")) {
      if (message.data().hasNonNull(field)) {
        metadata.set(field, message.data().get(field));
      }
    }
    return metadata;
  }

  /** The user's message for whoever sent it: new names and old ones (section 6.1). */
  static ObjectNode ofUser(SentMessage sent) {
    MessageRecord message = sent.message();
    ObjectNode view = flat(message);
    view.put("channel_id", sent.parties().channelId())
        .put("message_server_id", SERVER_ID)
        .put("author_id", message.authorId())
        .put("created_at", message.createdAt().toEpochMilli())
        .put("source_type", "user");
    ObjectNode raw = view.putObject("raw_message").put("content", message.content());
    raw.set(
        "attachments",
        message.data().has("attachments")
            ? message.data().get("attachments")
            : Json.object().putArray("attachments"));
    return view;
  }

  private static ObjectNode flat(MessageRecord message) {
    ObjectNode view =
        Json.object()
            .put("id", message.id())
            .put("content", message.content())
            .put("authorId", message.authorId())
            .put("createdAt", IsoTime.format(message.createdAt()));
    view.set("metadata", metadata(message));
    return view;
  }

  /** What the agent has said (section 6.1). */
  static ObjectNode ofAgent(MessageRecord message) {
    ObjectNode view = Json.object().put("text", message.content());
    for (String field : List.of("thought", "actions", "attachments", "stopped")) {
      if (message.data().hasNonNull(field)) {
        view.set(field, message.data().get(field));
      }
    }
    return view.put("messageId", message.id());
  }

  /** The session as the message left it (section 6.1). */
  static ObjectNode status(SentMessage sent, Instant now) {
    return Json.object()
        .put("expiresAt", IsoTime.format(sent.lifetime().expiresAt()))
        .put("renewalCount", sent.lifetime().renewalCount())
        .put("wasRenewed", sent.renewed())
        .put("isNearExpiration", sent.lifetime().isNearExpiration(now));
  }

  /**
   * The union that old and new clients read (section 6.1, part 11 item 1).
   *
   * @param rest what else {@code data} holds
   */
  static ObjectNode sent(SentMessage sent, ObjectNode rest, Instant now) {
    ObjectNode whole = Json.object().put("success", true);
    whole.set("userMessage", ofUser(sent));
    whole.setAll(rest);
    whole.set("sessionStatus", status(sent, now));
    ObjectNode body = whole.deepCopy();
    body.setAll(flat(sent.message()));
    body.set("data", whole);
    return body;
  }
}
