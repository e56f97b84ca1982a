package dev.parley.http.messaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Json;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * The three ways to answer whoever sent a message (eliza.md sections 6.1 and 6.2): at once, with
 * the agent's answer, or with the answer as it comes. The agent's work does not depend on them.
 */
final class AnswerTransports {
  private static final Duration SIGN_EVERY = Duration.ofSeconds(10);

  private static final ContentType EVENT_STREAM = ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM);

  private static final ByteString PING = ByteString.fromString(": ping\n\n");

  private final ActorSystem<?> system;
  private final Sessions sessions;
  private final MessagingErrorShape errors;
  private final Duration headersWithin;
  private final Clock clock;

  /**
   * @param headersWithin when the agent takes longer, the answer over http begins without it:
   *     clients and proxies give up a request that has no headers after 30 s, and then send the
   *     message again
   */
  AnswerTransports(ActorSystem<?> system, Sessions sessions, Duration headersWithin, Clock clock) {
    this.system = system;
    this.sessions = sessions;
    this.headersWithin = headersWithin;
    this.errors = new MessagingErrorShape(clock);
    this.clock = clock;
  }

  CompletionStage<HttpResponse> answer(NewMessage.Transport transport, SentMessage sent) {
    return switch (transport) {
      case WEBSOCKET ->
          CompletableFuture.completedFuture(Answers.json(201, body(sent, Json.object())));
      case HTTP -> whole(sent);
      case SSE -> CompletableFuture.completedFuture(events(sent));
    };
  }

  private JsonNode body(SentMessage sent, ObjectNode rest) {
    return MessageView.sent(sent, rest, clock.instant());
  }

  private CompletionStage<HttpResponse> whole(SentMessage sent) {
    CompletableFuture<Answer> answer =
        AnswerReader.read(sessions, sent).runWith(Sink.last(), system).toCompletableFuture();
    CompletableFuture<HttpResponse> late = new CompletableFuture<>();
    return answer
        .thenApply(last -> shown(sent, last))
        .applyToEither(
            late.completeOnTimeout(
                whitespaceThenBody(sent, answer), headersWithin.toMillis(), TimeUnit.MILLISECONDS),
            response -> response);
  }

  private HttpResponse shown(SentMessage sent, Answer last) {
    return last instanceof Answer.Whole whole
        ? Answers.json(201, answered(sent, whole))
        : errors.response(failed(sent, last));
  }

  private JsonNode answered(SentMessage sent, Answer.Whole whole) {
    ObjectNode rest = Json.object();
    rest.set(
        "agentResponse", whole.message() == null ? null : MessageView.ofAgent(whole.message()));
    return body(sent, rest);
  }

  private static MessagingError failed(SentMessage sent, Answer last) {
    String reason = last instanceof Answer.None none ? none.reason() : "There is no answer.";
    return MessagingError.notAnswered(sent.parties().sessionId(), sent.message().id(), reason);
  }

  /**
   * An answer that has begun before it is known. Its status can't tell of a failure any more, but
   * {@code "success":false} does, to people and to the published client (part 11, item 3).
   */
  private HttpResponse whitespaceThenBody(SentMessage sent, CompletableFuture<Answer> answer) {
    Source<ByteString, ?> bytes =
        Source.single(ByteString.fromString(" "))
            .concat(
                Source.completionStage(
                    answer.thenApply(
                        last ->
                            ByteString.fromString(
                                Json.text(
                                    last instanceof Answer.Whole whole
                                        ? answered(sent, whole)
                                        : failed(sent, last).unsuccessfulBody(clock.instant()))))))
            .keepAlive(SIGN_EVERY, () -> ByteString.fromString(" "));
    return HttpResponse.create()
        .withStatus(201)
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, bytes));
  }

  private HttpResponse events(SentMessage sent) {
    Source<ByteString, ?> events =
        Source.single(event("user_message", MessageView.ofUser(sent)))
            .concat(
                AnswerReader.read(sessions, sent)
                    .map(AnswerTransports::event)
                    .recover(
                        Throwable.class,
                        () ->
                            event(
                                "error",
                                Json.object().put("error", "The answer can't be read now"))));
    return HttpResponse.create()
        .addHeader(RawHeader.create("Cache-Control", "no-cache"))
        .withEntity(HttpEntities.create(EVENT_STREAM, events));
  }

  private static ByteString event(Answer answer) {
    if (answer instanceof Answer.Piece piece) {
      return event(
          "chunk",
          Json.object()
              .put("messageId", piece.messageId())
              .put("chunk", piece.text())
              .put("index", piece.index()));
    }
    if (answer instanceof Answer.Whole whole) {
      return event(
          "done",
          whole.message() == null
              ? Json.object().put("text", "")
              : MessageView.ofAgent(whole.message()));
    }
    return answer instanceof Answer.None none
        ? event("error", Json.object().put("error", none.reason()))
        : PING;
  }

  private static ByteString event(String name, JsonNode data) {
    return ByteString.fromString("event: " + name + "\ndata: " + Json.text(data) + "\n\n");
  }
}
