package dev.parley.http.messaging;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.shared.Json;
import dev.parley.session.IsoTime;
import dev.parley.session.Lifetime;
import dev.parley.session.SessionInfo;
import dev.parley.session.TimeoutPolicy;
import java.time.Instant;

/** The shape of a session on this face (eliza.md section 5). */
final class SessionView {
  private static final double MAX_EXACT = 9_007_199_254_740_992.0;

  private SessionView() {}

  /** {@code SessionInfo} of the contract, at this instant. */
  static ObjectNode full(MessagingSession session, Instant now) {
    Lifetime lifetime = session.lifetime();
    return created(session)
        .put("lastActivity", IsoTime.format(lifetime.lastActivity()))
        .put("renewalCount", lifetime.renewalCount())
        .put("timeRemaining", lifetime.timeRemaining(now).toMillis())
        .put("isNearExpiration", lifetime.isNearExpiration(now));
  }

  /** As it is answered to its creator. */
  static ObjectNode created(MessagingSession session) {
    MessagingSession.Parties parties = session.parties();
    SessionInfo info = session.info();
    ObjectNode view =
        Json.object()
            .put("sessionId", parties.sessionId())
            .put("channelId", parties.channelId())
            .put("agentId", parties.agentId())
            .put("userId", parties.userId())
            .put("createdAt", IsoTime.format(info.createdAt()));
    view.set(
        "metadata", info.metadata() == null ? Json.object() : Json.parseStored(info.metadata()));
    view.put("expiresAt", IsoTime.format(session.lifetime().expiresAt()));
    view.set("timeoutConfig", timeoutConfig(session.lifetime().policy()));
    return view;
  }

  /** All four fields (section 3). */
  static ObjectNode timeoutConfig(TimeoutPolicy policy) {
    ObjectNode config = Json.object();
    putMinutes(config, "timeoutMinutes", policy.timeoutMinutes());
    config.put("autoRenew", policy.autoRenew());
    putMinutes(config, "maxDurationMinutes", policy.maxDurationMinutes());
    putMinutes(config, "warningThresholdMinutes", policy.warningThresholdMinutes());
    return config;
  }

  /** Whole minutes without a fraction, as JavaScript writes them. */
  static void putMinutes(ObjectNode node, String field, double minutes) {
    if (minutes == Math.rint(minutes) && minutes <= MAX_EXACT) {
      node.put(field, (long) minutes);
    } else {
      node.put(field, minutes);
    }
  }
}
