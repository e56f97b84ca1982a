package dev.parley.http.ws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.shared.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;

/** Reads what a client sends, frame by frame, each within a bound (across.md section 5). */
final class IncomingFrames {
  private static final int MAX_BYTES = 1_048_576;

  /** A whole frame must have arrived within this time. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final ActorSystem<?> system;

  IncomingFrames(ActorSystem<?> system) {
    this.system = system;
  }

  /** One frame at a time; the next is read when this one has been taken. */
  Flow<Message, Incoming, NotUsed> flow() {
    return Flow.of(Message.class).mapAsync(1, this::read);
  }

  /** Never fails, as that would take the whole WebSocket along. */
  private CompletionStage<Incoming> read(Message message) {
    if (!message.isText()) {
      drop(message);
      return CompletableFuture.completedFuture(new Incoming.Unusable(Farewell.BINARY));
    }
    TextMessage text = message.asTextMessage();
    return text.isStrict()
        ? CompletableFuture.completedFuture(parse(text.getStrictText()))
        : gather(text);
  }

  private void drop(Message message) {
    if (!message.isStrict()) {
      message.asBinaryMessage().getStreamedData().runWith(Sink.ignore(), system);
    }
  }

  /** What is too large is told at once, and its rest is read and dropped. */
  private CompletionStage<Incoming> gather(TextMessage text) {
    CompletableFuture<Incoming> result = new CompletableFuture<>();
    StringBuilder gathered = new StringBuilder();
    text.getStreamedText()
        .completionTimeout(LIMIT)
        .runForeach(
            piece -> {
              // Never more characters than bytes.
              if (gathered.length() + piece.length() <= MAX_BYTES) {
                gathered.append(piece);
              } else {
                result.complete(new Incoming.Unusable(Farewell.TOO_LARGE));
              }
            },
            system)
        .whenComplete(
            (done, failure) ->
                result.complete(
                    failure == null
                        ? parse(gathered.toString())
                        : new Incoming.Unusable(farewell(failure))));
    return result;
  }

  private static Farewell farewell(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return cause instanceof TimeoutException ? Farewell.TOO_SLOW : Farewell.NO_TEXT;
  }

  private static Incoming parse(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_BYTES) {
      return new Incoming.Unusable(Farewell.TOO_LARGE);
    }
    return Json.parse(bytes)
        .filter(ObjectNode.class::isInstance)
        .<Incoming>map(body -> new Incoming.Request((ObjectNode) body))
        .orElseGet(() -> new Incoming.Unusable(Farewell.NO_OBJECT));
  }
}
