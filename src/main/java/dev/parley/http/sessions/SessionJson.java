package dev.parley.http.sessions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.shared.Json;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;

/** The shape of a session on the wire (trigger.md section 3.1). */
final class SessionJson {
  private SessionJson() {}

  /** All of it, as create and retrieve show it. */
  static ObjectNode full(SessionId id, SessionInfo info) {
    ObjectNode item = listed(id, info);
    item.set("triggerConfig", Json.parseStored(info.triggerConfig()));
    return item;
  }

  /** As it stands in a list: without the trigger configuration. */
  static ObjectNode listed(SessionId id, SessionInfo info) {
    ObjectNode item =
        Json.object()
            .put("id", id.friendlyId())
            .put("externalId", info.externalId())
            .put("type", info.type())
            .put("taskIdentifier", info.taskIdentifier())
            .put("currentRunId", info.currentRunId());
    info.tags().forEach(item.putArray("tags")::add);
    if (info.metadata() == null) {
      item.putNull("metadata");
    } else {
      item.set("metadata", Json.parseStored(info.metadata()));
    }
    return item.put("closedAt", Json.date(info.closedAt()))
        .put("closedReason", info.closedReason())
        .put("expiresAt", Json.date(info.expiresAt()))
        .put("createdAt", Json.date(info.createdAt()))
        .put("updatedAt", Json.date(info.updatedAt()));
  }
}
