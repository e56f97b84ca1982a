package dev.parley.session;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ids of waitpoints: {@code waitpoint_}, the 32 digits of the session that keeps it, 32 random
 * ones. So an id leads to its session without a look-up.
 */
public final class WaitpointId {
  private static final Pattern FORM = Pattern.compile("waitpoint_([0-9a-f]{32})[0-9a-f]{32}");

  private WaitpointId() {}

  public static String mint(SessionId session) {
    return "waitpoint_"
        + session.friendlyId().substring(SessionId.PREFIX.length())
        + UUID.randomUUID().toString().replace("-", "");
  }

  /** The session that keeps the waitpoint; empty when no waitpoint can have that id. */
  public static Optional<SessionId> session(String environmentId, String waitpointId) {
    Matcher matcher = FORM.matcher(waitpointId);
    return matcher.matches()
        ? SessionId.parse(environmentId, SessionId.PREFIX + matcher.group(1))
        : Optional.empty();
  }
}
