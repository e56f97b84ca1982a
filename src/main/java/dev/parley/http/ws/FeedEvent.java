package dev.parley.http.ws;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.entity.RecordBatch;

/** What a stream tells a socket. */
sealed interface FeedEvent {
  /** Records of the channel that was subscribed to. */
  record Records(RecordBatch batch) implements FeedEvent {}

  /** Something in the life of the session (across.md section 2). */
  record Lifecycle(JsonNode event) implements FeedEvent {}

  /** The session has been purged; nothing follows. */
  record Purged() implements FeedEvent {}
}
