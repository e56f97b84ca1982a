package dev.parley.http.channels;

import dev.parley.auth.Resource;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Refused;
import dev.parley.http.shared.SessionKeys;
import dev.parley.session.Channel;
import dev.parley.session.Direction;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stream as a URL names it.
 *
 * @param key of the session, friendly or external
 */
record StreamUrl(String key, Channel channel) {
  /**
   * @param name of a side channel; null for the reserved pair
   * @param io {@code in} or {@code out}
   * @throws Refused with 400 when name or direction are none
   */
  static StreamUrl parse(String key, @Nullable String name, String io) {
    Direction direction =
        switch (io) {
          case "in" -> Direction.IN;
          case "out" -> Direction.OUT;
          default -> throw paramsError("io must be 'in' or 'out'");
        };
    if (name == null) {
      return new StreamUrl(key, direction == Direction.IN ? Channel.IN : Channel.OUT);
    }
    return new StreamUrl(
        key,
        Channel.side(name, direction)
            .orElseThrow(() -> paramsError("channel name must match [A-Za-z0-9._-]{1,128}")));
  }

  boolean isOut() {
    return channel.direction() == Direction.OUT;
  }

  /** The names a scope may use for this stream. */
  Collection<Resource> resources(SessionId id, @Nullable SessionInfo info) {
    return channel.isReservedPair()
        ? SessionKeys.of(key, id, info)
        : SessionKeys.ofChannel(key, id, info, channel.name(), channel.direction().wireName());
  }

  private static Refused paramsError(String detail) {
    return new Refused(Answers.detailed("Params Error", List.of(detail)));
  }
}
