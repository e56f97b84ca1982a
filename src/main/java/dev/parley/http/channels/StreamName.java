package dev.parley.http.channels;

import dev.parley.session.Channel;
import dev.parley.session.SessionId;

/**
 * The name of a stream on the S2 data plane: friendly id, then the side channel if it is one, then
 * the direction, with dots between. All of {@code [A-Za-z0-9._-]}, so that it survives any URL
 * (s2.md section 1).
 */
final class StreamName {
  private StreamName() {}

  static String of(SessionId session, Channel channel) {
    String name = channel.isReservedPair() ? "" : channel.name() + ".";
    return session.friendlyId() + "." + name + channel.direction().wireName();
  }
}
