package dev.parley.http.socketio;

import dev.parley.http.shared.FrameLine;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;

/** What a connection is told, by requests, by its WebSocket, by sockets and by its timers. */
sealed interface ConnectionCommand
    permits ConnectionCommand.Poll,
        ConnectionCommand.Posted,
        ConnectionCommand.Opened,
        ConnectionCommand.Received,
        ConnectionCommand.Writable,
        ConnectionCommand.Closed,
        ConnectionCommand.Decided,
        ConnectionCommand.Disconnect,
        ConnectionCommand.Signal {

  /**
   * A polling client waits.
   *
   * @param answer the body, or {@link dev.parley.http.shared.Refused}
   */
  record Poll(CompletableFuture<String> answer) implements ConnectionCommand {}

  /**
   * A polling client sends.
   *
   * @param taken when it may send more, or {@link dev.parley.http.shared.Refused}
   */
  record Posted(List<EnginePacket> packets, CompletableFuture<Done> taken)
      implements ConnectionCommand {}

  /** A WebSocket is there: the transport, or one that wants to become it. */
  record Opened(FrameLine channel) implements ConnectionCommand {}

  /** The channel brings the next packet only when it is asked for. */
  record Received(FrameLine channel, EnginePacket packet) implements ConnectionCommand {}

  /** What was written to the channel has left. */
  record Writable(FrameLine channel) implements ConnectionCommand {}

  record Closed(FrameLine channel) implements ConnectionCommand {}

  /**
   * What the connect hook said.
   *
   * @param failure instead of an admission
   */
  record Decided(Handshake handshake, @Nullable Admission admission, @Nullable Throwable failure)
      implements ConnectionCommand {}

  record Disconnect(Socket socket) implements ConnectionCommand {}

  /** What needs no more than its name. */
  enum Signal implements ConnectionCommand {
    /** Something is in the outbox. */
    UNSENT,
    /** The outbox is full. */
    UNREAD,
    /** The event hook is done with an event. */
    HANDLED,
    /** A request did what the protocol does not allow. */
    MISUSED,
    SHUT_DOWN,
    PING_DUE,
    PONG_OVERDUE,
    UPGRADE_OVERDUE,
    NUDGE_POLL,
    CONNECT_OVERDUE,
    LINGER_OVER
  }
}
