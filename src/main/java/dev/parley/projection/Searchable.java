package dev.parley.projection;

import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What of a session's row is kept once more in another form, so that it can be found by it. */
final class Searchable {
  private static final String USER_TAG = "user:";

  private Searchable() {}

  /** The form in which texts are compared: without case. */
  static String folded(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** The ids of a session, one on a line. */
  static String ids(SessionId id, SessionInfo info) {
    return info.externalId() == null
        ? id.friendlyId()
        : folded(info.externalId()) + "\n" + id.friendlyId();
  }

  /** The tags of a session, one on a line. */
  static String tags(List<String> tags) {
    return folded(String.join("\n", tags));
  }

  /** Who answers; null when nobody does. */
  static @Nullable String agentId(SessionEvent.Created created) {
    SessionInfo info = created.info();
    return created.agentId() == null && info.type().equals(SessionInfo.MESSAGING)
        ? info.taskIdentifier()
        : created.agentId();
  }

  /** Whose conversation it is (across.md section 1); null for sessions of other types. */
  static @Nullable String userId(SessionInfo info) {
    return info.type().equals(SessionInfo.MESSAGING)
        ? info.tags().stream()
            .filter(tag -> tag.startsWith(USER_TAG))
            .map(tag -> tag.substring(USER_TAG.length()))
            .findFirst()
            .orElse(null)
        : null;
  }
}
