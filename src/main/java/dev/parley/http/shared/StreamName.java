package dev.parley.http.shared;

import dev.parley.session.Channel;
import dev.parley.session.Direction;
import dev.parley.session.SessionId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A stream as the S2 data plane names it: friendly id, then the side channel if it is one, then the
 * direction, with dots between. All of {@code [A-Za-z0-9._-]}, so that it survives any URL (s2.md
 * section 1).
 */
public record StreamName(SessionId session, Channel channel) {
  /** The one basin there is. */
  public static final String BASIN = "parley-sessions";

  /**
   * The stream of that name; empty when there can be none.
   *
   * @param environmentId the tenant, which the name does not tell
   */
  public static Optional<StreamName> parse(String environmentId, String name) {
    int afterSession = name.indexOf('.');
    int beforeDirection = name.lastIndexOf('.');
    Direction direction = direction(name.substring(beforeDirection + 1));
    if (afterSession < 0 || direction == null || !name.startsWith(SessionId.PREFIX)) {
      return Optional.empty();
    }
    Optional<Channel> channel =
        afterSession == beforeDirection
            ? Optional.of(direction == Direction.IN ? Channel.IN : Channel.OUT)
            : Channel.side(name.substring(afterSession + 1, beforeDirection), direction);
    return SessionId.parse(environmentId, name.substring(0, afterSession))
        .flatMap(session -> channel.map(found -> new StreamName(session, found)));
  }

  private static @Nullable Direction direction(String io) {
    return switch (io) {
      case "in" -> Direction.IN;
      case "out" -> Direction.OUT;
      default -> null;
    };
  }

  /** The name as clients use it, at most 170 characters. */
  public String text() {
    String name = channel.isReservedPair() ? "" : channel.name() + ".";
    return session.friendlyId() + "." + name + channel.direction().wireName();
  }
}
