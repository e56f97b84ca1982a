package dev.parley.http.ws;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** Everything the actor of a socket receives. Nothing of it leaves the node. */
sealed interface SocketMessage {
  /** Its WebSocket is there. */
  record Opened(SocketLine line) implements SocketMessage {}

  /** A frame came. */
  record Received(Incoming frame) implements SocketMessage {}

  /**
   * A request was handled.
   *
   * @param failure null when that went as it should
   */
  record Handled(
      @Nullable JsonNode ref,
      RequestHandling.@Nullable Outcome outcome,
      @Nullable Throwable failure)
      implements SocketMessage {}

  /**
   * A stream has something to tell.
   *
   * @param ack to be told when there is room for more
   */
  record Told(Feed feed, FeedEvent event, ActorRef<Signal> ack) implements SocketMessage {}

  /**
   * A stream has something to tell first.
   *
   * @param ack to be told when there is room for it
   */
  record Begun(ActorRef<Signal> ack) implements SocketMessage {}

  /**
   * The login behind the socket was looked at.
   *
   * @param sessionKey names it
   * @param goesOn false when it has certainly ended
   */
  record LookedAtLogin(String sessionKey, boolean goesOn) implements SocketMessage {}

  /** Word of something. */
  enum Signal implements SocketMessage {
    /** The line can take frames. */
    WRITABLE,
    /** The WebSocket has ended. */
    GONE,
    /** The token may have expired. */
    LOOK_AT_TOKEN,
    /** The login behind it may have ended. */
    LOOK_AT_LOGIN,
    /** The node is about to leave. */
    LEAVE,
    /** The WebSocket did not come. */
    NEVER_OPENED,
    /** The client has read nothing for long. */
    UNREAD,
    /** The WebSocket did not end after it was closed. */
    NEVER_CLOSED,
    /** A stream has ended, which nobody has to do anything about. */
    FEED_OVER,
    /** To a stream: go on. */
    MORE
  }
}
