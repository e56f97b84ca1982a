package dev.parley.http.messaging.sockets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.messaging.MessagingRefused;
import dev.parley.http.messaging.MessagingSession;
import dev.parley.http.messaging.MessagingSession.Parties;
import dev.parley.http.messaging.SentMessage;
import dev.parley.http.shared.Json;
import dev.parley.http.socketio.DisconnectReason;
import dev.parley.http.socketio.Socket;
import dev.parley.http.socketio.SocketEvent;
import dev.parley.http.socketio.SocketListener;
import dev.parley.session.IsoTime;
import dev.parley.session.SessionId;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What one client asks for, and what it is told (eliza.md sections 9.2 to 9.4). Its events are
 * handled one after the other; those with names that nobody knows are ignored.
 */
final class SessionSocket implements SocketListener {
  private static final String JOIN = "1";
  private static final String SEND = "2";

  /** Each room may cost a feed. */
  private static final int MAX_ROOMS = 1_000;

  private final SessionRooms rooms;
  private final SocketMessages messages;
  private final Clock clock;
  private final @Nullable String entityId;

  /** The rooms it is in. */
  private final Map<SessionId, Parties> joined = new HashMap<>();

  SessionSocket(
      SessionRooms rooms, SocketMessages messages, Clock clock, @Nullable String entityId) {
    this.rooms = rooms;
    this.messages = messages;
    this.clock = clock;
    this.entityId = entityId;
  }

  @Override
  public void onConnected(Socket socket) {
    socket.emit(
        "authenticated",
        Json.object().put("entityId", entityId).put("timestamp", IsoTime.format(clock.instant())));
    socket.emit(
        "connection_established",
        Json.object().put("message", "Connected to Parley").put("socketId", socket.id()));
  }

  @Override
  public CompletionStage<?> onEvent(Socket socket, SocketEvent event) {
    JsonNode payload =
        event.arguments().isEmpty() ? MissingNode.getInstance() : event.arguments().get(0);
    boolean wrapped = event.name().equals("message");
    return new Request(socket, event)
        .handle(
            wrapped ? payload.path("type").asText() : event.name(),
            wrapped ? payload.path("payload") : payload);
  }

  @Override
  public void onDisconnect(Socket socket, DisconnectReason reason) {
    joined.keySet().forEach(id -> rooms.leave(socket, id));
    joined.clear();
  }

  /** A way into a room, by one kind of id. */
  private interface Door {
    CompletionStage<SessionRooms.Entered> enter(Socket socket, String named);
  }

  /** One event of the client. Who gave a callback gets there what is emitted otherwise. */
  private final class Request {
    private final Socket socket;
    private final SocketEvent event;

    private Request(Socket socket, SocketEvent event) {
      this.socket = socket;
      this.event = event;
    }

    private CompletionStage<?> handle(String name, JsonNode payload) {
      try {
        return switch (name) {
          case JOIN ->
              join("channelId", channel(payload), payload, rooms::joinChannel)
                  .handle(this::answered);
          case SEND -> send(payload).handle(this::answered);
          case "join" ->
              join("roomId", payload.path("roomId").asText(), payload, rooms::joinSession)
                  .handle(this::answered);
          case "leave" -> leave(payload);
          default -> SocketListener.handled();
        };
      } catch (MessagingRefused refused) {
        refuse(refused.reason());
        return SocketListener.handled();
      }
    }

    private CompletionStage<?> join(String field, String named, JsonNode payload, Door door) {
      if (named.isEmpty()) {
        return refuse(field + " is required for joining.");
      }
      return joined.size() < MAX_ROOMS
          ? door.enter(socket, named).thenAccept(entered -> entered(entered, payload))
          : refuse("At most %d rooms for one socket; leave some.".formatted(MAX_ROOMS));
    }

    private CompletionStage<?> send(JsonNode payload) {
      String channelId = channel(payload);
      if (channelId.isEmpty() || !payload.path("message").isTextual()) {
        return refuse("channelId and message are required for sending.");
      }
      return messages.send(channelId, payload).thenAccept(this::sent);
    }

    /** Who is in the room gets the own message with all others. */
    private void sent(SentMessage sent) {
      RoomEvent acknowledgement = messages.acknowledgement(sent);
      acknowledgement.sendTo(socket);
      event.acknowledge(acknowledgement.payload());
      if (!joined.containsKey(sent.id())) {
        messages.copy(sent).sendTo(socket);
      }
    }

    private void entered(SessionRooms.Entered entered, JsonNode payload) {
      MessagingSession session = entered.session();
      joined.put(entered.id(), session.parties());
      String channelId = session.parties().channelId();
      ObjectNode welcome =
          Json.object()
              .put(
                  "message",
                  "Socket %s successfully joined channel %s.".formatted(socket.id(), channelId))
              .put("channelId", channelId)
              .put("roomId", channelId);
      if (payload.path("agentId").isTextual()) {
        welcome.set("agentId", payload.get("agentId"));
      }
      socket.emit("channel_joined", welcome);
      socket.emit("room_joined", welcome);
      event.acknowledge(welcome);
      entered.warning().ifPresent(warning -> warning.sendTo(socket));
    }

    /** By the id of the session or its channel; who is not in it has left it already. */
    private CompletionStage<?> leave(JsonNode payload) {
      String named = channel(payload);
      joined
          .entrySet()
          .removeIf(
              each -> {
                Parties parties = each.getValue();
                boolean meant =
                    parties.sessionId().equals(named)
                        || parties.channelId().equalsIgnoreCase(named);
                if (meant) {
                  rooms.leave(socket, each.getKey());
                }
                return meant;
              });
      event.acknowledge();
      return SocketListener.handled();
    }

    private static String channel(JsonNode payload) {
      return payload.hasNonNull("channelId")
          ? payload.path("channelId").asText()
          : payload.path("roomId").asText();
    }

    /** What nobody foresaw goes on to where it is logged. */
    private @Nullable Object answered(@Nullable Object done, @Nullable Throwable failure) {
      Throwable cause =
          failure instanceof CompletionException && failure.getCause() != null
              ? failure.getCause()
              : failure;
      if (cause instanceof MessagingRefused refused) {
        refuse(refused.reason());
      } else if (cause instanceof TimeoutException) {
        refuse("The session does not answer at the moment, try again");
      } else if (cause != null) {
        refuse("Internal Server Error");
        throw new CompletionException(cause);
      }
      return done;
    }

    private CompletionStage<?> refuse(String reason) {
      ObjectNode error = Json.object().put("error", reason);
      socket.emit("messageError", error);
      event.acknowledge(error);
      return SocketListener.handled();
    }
  }
}
