package dev.parley.http.ws;

import dev.parley.session.Channel;
import dev.parley.session.SessionId;

/** A stream that a client follows, and how far it has been sent. Used by one actor. */
final class Subscription {
  private final String session;
  private final SessionId id;
  private final Channel channel;
  private long next;

  /**
   * @param session as the client names it
   * @param from the first record that is sent
   */
  Subscription(String session, SessionId id, Channel channel, long from) {
    this.session = session;
    this.id = id;
    this.channel = channel;
    this.next = from;
  }

  String session() {
    return session;
  }

  SessionId id() {
    return id;
  }

  Channel channel() {
    return channel;
  }

  void sentTo(long end) {
    next = end;
  }

  /** The last number that was sent; -1 for none at all. */
  String delivered() {
    String name = channel.isReservedPair() ? "" : channel.name() + ".";
    return session + "/" + name + channel.direction().wireName() + "=" + (next - 1);
  }
}
