package dev.parley.http.messaging;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.pathEndOrSingleSlash;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.agent.MessageRecord;
import dev.parley.entity.Conversations;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Json;
import dev.parley.session.SessionId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatcher1;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code …/messages} and {@code …/stop} of a session (eliza.md section 6). */
final class MessageRoutes {
  private static final PathMatcher1<String> SESSION =
      segment("api").slash("messaging").slash("sessions").slash(segment());

  private final MessagingEndpoints endpoints;
  private final Sessions sessions;
  private final SessionDirectory directory;
  private final MessageSending sending;
  private final Conversations conversations;
  private final AnswerTransports transports;

  MessageRoutes(
      MessagingEndpoints endpoints,
      Sessions sessions,
      SessionDirectory directory,
      MessageSending sending,
      Conversations conversations,
      AnswerTransports transports) {
    this.endpoints = endpoints;
    this.sessions = sessions;
    this.directory = directory;
    this.sending = sending;
    this.conversations = conversations;
    this.transports = transports;
  }

  Route routes() {
    return pathPrefix(
        SESSION,
        id ->
            concat(
                pathPrefix(
                    segment("messages"),
                    () ->
                        pathEndOrSingleSlash(
                            () ->
                                endpoints.route(
                                    id,
                                    Set.of("POST", "GET"),
                                    Map.of(
                                        "POST", call -> send(call, id),
                                        "GET", call -> history(call, id))))),
                pathPrefix(
                    segment("stop"),
                    () ->
                        pathEndOrSingleSlash(
                            () ->
                                endpoints.route(
                                    id, Set.of("POST"), Map.of("POST", call -> stop(id)))))));
  }

  private CompletionStage<HttpResponse> send(MessagingCall call, String sessionId) {
    return call.json()
        .thenCompose(
            body -> {
              NewMessage message = NewMessage.read(body, idempotencyKey(call));
              return sending
                  .send(sessionId, message)
                  .thenCompose(sent -> transports.answer(message.transport(), sent));
            });
  }

  private static Optional<String> idempotencyKey(MessagingCall call) {
    return call.request()
        .getHeader("Idempotency-Key")
        .map(HttpHeader::value)
        .filter(key -> !key.isBlank());
  }

  private CompletionStage<HttpResponse> history(MessagingCall call, String sessionId) {
    return directory
        .living(sessionId)
        .thenCompose(
            session -> {
              HistoryRequest request = HistoryRequest.read(call);
              SessionId id = SessionId.ofExternal(directory.environmentId(), sessionId);
              return conversations
                  .read(
                      id,
                      new Conversations.Range(
                          request.after(), request.before(), request.isForward(), request.limit()))
                  .thenApply(page -> Answers.json(200, document(session.parties(), page)));
            });
  }

  private static JsonNode document(MessagingSession.Parties parties, Conversations.Page page) {
    ObjectNode body = Json.object();
    List<MessageRecord> messages =
        page.messages().stream()
            .map(said -> MessageRecord.of(said.record()))
            .flatMap(Optional::stream)
            .toList();
    var array = body.putArray("messages");
    messages.forEach(message -> array.add(MessageView.ofHistory(parties, message)));
    body.put("hasMore", page.more());
    if (!messages.isEmpty()) {
      body.putObject("cursors")
          .put("before", messages.get(messages.size() - 1).createdAt().toEpochMilli())
          .put("after", messages.get(0).createdAt().toEpochMilli());
    }
    return body;
  }

  /** Ends the answer under way with what was said so far; what waits behind it comes next. */
  private CompletionStage<HttpResponse> stop(String sessionId) {
    return directory
        .living(sessionId)
        .thenCompose(
            session ->
                sessions
                    .stopTurn(SessionId.ofExternal(directory.environmentId(), sessionId))
                    .thenApply(
                        over ->
                            Answers.json(
                                200,
                                Json.object().put("sessionId", sessionId).put("stopped", true))));
  }
}
