package dev.parley.http.messaging.sockets;

import dev.parley.entity.Inspection;
import dev.parley.entity.Sessions;
import dev.parley.http.messaging.MessagingRefused;
import dev.parley.http.messaging.MessagingSession;
import dev.parley.http.messaging.SessionDirectory;
import dev.parley.http.socketio.Socket;
import dev.parley.session.Channel;
import dev.parley.session.SessionId;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The rooms of this node. A session and its channel are one room, by whichever of the two ids
 * somebody comes in; while somebody is in it, it has one feed. Thread-safe.
 */
final class SessionRooms {
  /** A room with somebody in it. */
  private record Room(Feed feed, Set<Socket> members) {}

  private final Feed.Surroundings around;
  private final Sessions sessions;
  private final SessionDirectory directory;
  private final Clock clock;
  private final Map<SessionId, Room> rooms = new HashMap<>();

  SessionRooms(Feed.Surroundings around, SessionDirectory directory, Clock clock) {
    this.around = around;
    this.sessions = around.sessions();
    this.directory = directory;
    this.clock = clock;
  }

  /**
   * What somebody finds who comes in.
   *
   * @param warning that was given before
   */
  record Entered(SessionId id, MessagingSession session, Optional<RoomEvent> warning) {}

  /**
   * Takes the socket into the room of a session. Completes when all that happens there reaches it.
   * Throws, or fails with, {@link MessagingRefused}: there is no such session, or it is over.
   */
  CompletionStage<Entered> joinSession(Socket socket, String sessionId) {
    return join(socket, directory.existing(sessionId), seen -> directory.living(sessionId, seen));
  }

  /** Likewise by the channel of the session. */
  CompletionStage<Entered> joinChannel(Socket socket, String channelId) {
    return join(
        socket, directory.ofChannel(channelId), seen -> directory.livingInChannel(channelId, seen));
  }

  private CompletionStage<Entered> join(
      Socket socket, SessionId id, Function<Inspection, MessagingSession> check) {
    return sessions
        .inspect(id, Channel.LIFECYCLE)
        .thenCompose(
            seen -> {
              MessagingSession session = check.apply(seen);
              Optional<RoomEvent> warning =
                  new LifecycleEvents(session.parties().sessionId())
                      .missedWarning(session.lifetime(), clock.instant());
              return enter(socket, id, session, seen)
                  .begun()
                  .thenApply(begun -> new Entered(id, session, warning));
            });
  }

  private synchronized Feed enter(
      Socket socket, SessionId id, MessagingSession session, Inspection seen) {
    socket.join(Feed.room(id));
    Room room =
        rooms.computeIfAbsent(
            id, absent -> new Room(new Feed(around, id, session, seen), new HashSet<>()));
    room.members().add(socket);
    return room.feed();
  }

  /** Takes the socket out of the room, and ends the feed with the last one. */
  synchronized void leave(Socket socket, SessionId id) {
    socket.leave(Feed.room(id));
    Room room = rooms.get(id);
    if (room != null && room.members().remove(socket) && room.members().isEmpty()) {
      rooms.remove(id);
      room.feed().stop();
    }
  }
}
