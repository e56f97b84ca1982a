package dev.parley.http.socketio;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ws.BinaryMessage;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** What clients send over a WebSocket, message by message, each of a bounded size. */
final class WebSocketPackets {
  private static final EnginePacket UNREADABLE =
      new EnginePacket.Malformed("too large, broken off or too slow");

  private final ActorSystem<?> system;
  private final SocketIoSettings settings;

  WebSocketPackets(ActorSystem<?> system, SocketIoSettings settings) {
    this.system = system;
    this.settings = settings;
  }

  /** What a WebSocket of the connection is handled with. */
  Flow<Message, Message, NotUsed> flow(ActorRef<ConnectionCommand> connection) {
    return Flow.of(Message.class)
        .mapAsync(1, this::packet)
        .via(Flow.fromGraph(new WebSocketStage(connection)));
  }

  private CompletionStage<EnginePacket> packet(Message message) {
    if (message.isText()) {
      TextMessage text = message.asTextMessage();
      return text.isStrict()
          ? CompletableFuture.completedFuture(text(text.getStrictText()))
          : gather(text.getStreamedText().map(ByteString::fromString), true);
    }
    BinaryMessage binary = message.asBinaryMessage();
    return binary.isStrict()
        ? CompletableFuture.completedFuture(binary(binary.getStrictData().toArray()))
        : gather(binary.getStreamedData(), false);
  }

  private EnginePacket text(String text) {
    return Encoded.utf8Length(text) > settings.maxPayload()
        ? UNREADABLE
        : EnginePacket.decode(text);
  }

  private EnginePacket binary(byte[] bytes) {
    return bytes.length > settings.maxPayload() ? UNREADABLE : new EnginePacket.Binary(bytes);
  }

  private CompletionStage<EnginePacket> gather(Source<ByteString, ?> pieces, boolean isText) {
    return pieces
        .completionTimeout(settings.pingTimeout())
        .limitWeighted(settings.maxPayload(), piece -> (long) piece.size())
        .runFold(
            new ByteArrayOutputStream(),
            (all, piece) -> {
              all.writeBytes(piece.toArrayUnsafe());
              return all;
            },
            system)
        .handle(
            (all, failure) -> {
              if (failure != null) {
                return UNREADABLE;
              }
              return isText
                  ? EnginePacket.decode(all.toString(StandardCharsets.UTF_8))
                  : new EnginePacket.Binary(all.toByteArray());
            });
  }
}
