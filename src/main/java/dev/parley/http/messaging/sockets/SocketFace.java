package dev.parley.http.messaging.sockets;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.entity.Sessions;
import dev.parley.http.messaging.AgentDirectory;
import dev.parley.http.messaging.ApiKey;
import dev.parley.http.messaging.MessagingFace;
import dev.parley.http.messaging.UuidShape;
import dev.parley.http.shared.Exchanges;
import dev.parley.http.socketio.Admission;
import dev.parley.http.socketio.Handshake;
import dev.parley.http.socketio.SocketIoServer;
import dev.parley.http.socketio.SocketIoSettings;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** Socket.IO for messaging sessions, and who may have a socket (eliza.md section 9.1). */
public final class SocketFace {
  private final ApiKey key;
  private final Clock clock;
  private final SocketIoServer server;
  private final SessionRooms rooms;
  private final SocketMessages messages;

  /**
   * @param key the one of the HTTP face
   * @param face whose sessions they are
   */
  public SocketFace(
      ActorSystem<?> system,
      Exchanges exchanges,
      SocketIoSettings settings,
      ApiKey key,
      Sessions sessions,
      MessagingFace face,
      Clock clock) {
    this.key = key;
    this.clock = clock;
    this.server = new SocketIoServer(system, exchanges, settings, this::admit);
    MessageEvents.AgentNames names =
        agentId ->
            face.agents()
                .find(agentId.toLowerCase(Locale.ROOT))
                .map(AgentDirectory.AgentView::name);
    this.rooms =
        new SessionRooms(
            new Feed.Surroundings(system, sessions, names, server.rooms()),
            face.directory(),
            clock);
    this.messages = new SocketMessages(face.sending(), names);
  }

  public Route routes() {
    return server.route();
  }

  private CompletionStage<Admission> admit(Handshake handshake) {
    return CompletableFuture.completedFuture(decide(handshake));
  }

  private Admission decide(Handshake handshake) {
    if (!key.isOpen() && !givenKey(handshake).map(key::admits).orElse(false)) {
      return new Admission.Refused("Invalid or missing API Key");
    }
    JsonNode entityId = handshake.auth().path("entityId");
    if (entityId.isMissingNode() || entityId.isNull()) {
      return accepted(null);
    }
    return UuidShape.matches(entityId.asText())
        ? accepted(entityId.asText())
        : new Admission.Refused("Valid entityId required");
  }

  private Admission accepted(@Nullable String entityId) {
    return new Admission.Accepted(new SessionSocket(rooms, messages, clock, entityId));
  }

  /** The first place that has one counts. */
  private static Optional<String> givenKey(Handshake handshake) {
    JsonNode auth = handshake.auth().path("apiKey");
    if (auth.isTextual()) {
      return Optional.of(auth.textValue());
    }
    List<String> headers = handshake.headers("x-api-key");
    return headers.isEmpty()
        ? handshake.query("apiKey")
        : Optional.of(headers.get(0)).filter(only -> headers.size() == 1);
  }
}
