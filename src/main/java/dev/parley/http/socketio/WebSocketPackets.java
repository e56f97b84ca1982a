package dev.parley.http.socketio;

import dev.parley.http.shared.FrameStage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ws.BinaryMessage;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
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
        .via(Flow.fromGraph(new FrameStage<>(new ConnectionOwner(connection))));
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

  /** Never fails, as that would take the whole WebSocket along. */
  private CompletionStage<EnginePacket> gather(Source<ByteString, ?> pieces, boolean isText) {
    Gathering gathering = new Gathering();
    return pieces
        .map(Optional::of)
        .concat(Source.single(Optional.empty()))
        .takeWithin(settings.pingTimeout())
        .takeWhile(gathering::add)
        .runWith(Sink.ignore(), system)
        .handle((done, failure) -> gathering.packet(isText));
  }

  private final class Gathering {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean whole;

    /**
     * @param piece empty for the end
     * @return whether more may come
     */
    private boolean add(Optional<ByteString> piece) {
      whole = piece.isEmpty();
      int size = piece.map(ByteString::size).orElse(0);
      if (whole || bytes.size() + (long) size > settings.maxPayload()) {
        return false;
      }
      bytes.writeBytes(piece.get().toArrayUnsafe());
      return true;
    }

    private EnginePacket packet(boolean isText) {
      if (!whole) {
        return UNREADABLE;
      }
      return isText
          ? EnginePacket.decode(bytes.toString(StandardCharsets.UTF_8))
          : new EnginePacket.Binary(bytes.toByteArray());
    }
  }
}
