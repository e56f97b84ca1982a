package dev.parley.http.ws;

import dev.parley.auth.RuntimeTokens;
import dev.parley.auth.RuntimeTokens.Grant;
import dev.parley.entity.Inspection;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.Json;
import dev.parley.session.Channel;
import dev.parley.session.Envelope;
import dev.parley.session.PartId;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.session.Text;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** What the requests of a client that ask a session come to. */
final class RequestHandling {
  private final Sessions sessions;
  private final Reach reach;
  private final RuntimeTokens tokens;
  private final Logins logins;

  RequestHandling(Sessions sessions, RuntimeTokens tokens, Logins logins) {
    this.sessions = sessions;
    this.reach = new Reach(sessions);
    this.tokens = tokens;
    this.logins = logins;
  }

  /** What a request has come to. */
  sealed interface Outcome {}

  /**
   * A stream can be followed.
   *
   * @param session as the client names it
   * @param from the first record that will be read
   * @param lifecycle the session's lifecycle channel, from whose tail on that is followed
   */
  record Found(
      String session, SessionId id, Channel channel, long from, long tail, Inspection lifecycle)
      implements Outcome {}

  /** A record is durable. */
  record Appended(long seq) implements Outcome {}

  /** A fresh token is good. */
  record Authenticated(Grant grant) implements Outcome {}

  /**
   * Takes a fresh token of the same kind and person, whose login goes on. Throws, or fails with,
   * {@link RequestRefused}.
   */
  CompletionStage<Outcome> authenticate(Grant grant, String token) {
    if (!(tokens.verifySocket(token) instanceof RuntimeTokens.SocketVerdict.Opens opens)
        || !opens.grant().isForTheSameAs(grant)) {
      throw notFresh();
    }
    return logins
        .goesOn(opens.grant())
        .thenApply(
            goesOn -> {
              if (!goesOn) {
                throw notFresh();
              }
              return new Authenticated(opens.grant());
            });
  }

  private static RequestRefused notFresh() {
    return new RequestRefused(
        "unauthorized",
        "A fresh token of the same kind and for the same person is needed; the old one goes on");
  }

  /** Throws, or fails with, {@link RequestRefused}. */
  CompletionStage<Outcome> subscribe(Grant grant, ClientRequest.Subscribe request) {
    return reach
        .session(grant, request.session(), request.channel())
        .thenCombine(
            // What happens after it is not missed.
            reach.session(grant, request.session(), Channel.LIFECYCLE),
            (stream, lifecycle) -> {
              Inspection seen = stream.inspection();
              long tail = seen.tail().seq();
              long wanted = request.from() == null ? tail : Math.min(request.from(), tail);
              return new Found(
                  request.session(),
                  stream.id(),
                  request.channel(),
                  Math.max(wanted, seen.trimPoint()),
                  tail,
                  lifecycle.inspection());
            });
  }

  /**
   * Appends as a client of the durable face does: what is no message becomes one on the way.
   * Throws, or fails with, {@link RequestRefused}.
   */
  CompletionStage<Outcome> append(Grant grant, ClientRequest.Append request) {
    String text =
        request.data().isTextual() ? request.data().textValue() : Json.text(request.data());
    Text.problem(text.replace("\0", ""))
        .ifPresent(
            problem -> {
              throw new RequestRefused("invalid", "data " + problem);
            });
    String recordId = request.partId() == null ? UUID.randomUUID().toString() : request.partId();
    RecordContent record =
        RecordContent.of(Envelope.ofText(text.getBytes(StandardCharsets.UTF_8), recordId));
    if (record.meteredSize() > SessionCommand.Append.MAX_METERED_SIZE) {
      throw new RequestRefused(
          "too_large",
          "The record would have %d bytes, at most %d are taken"
              .formatted(record.meteredSize(), SessionCommand.Append.MAX_METERED_SIZE));
    }
    return reach
        .session(grant, request.session(), Channel.IN)
        .thenCompose(
            reached ->
                sessions.ask(
                    reached.id(),
                    reached.inspection().generation(),
                    SessionCommand.Append.single(
                        Channel.IN,
                        record,
                        request.partId() == null ? null : PartId.of(request.partId()))))
        .thenApply(RequestHandling::appended);
  }

  private static Outcome appended(SessionReply reply) {
    if (reply instanceof SessionReply.Appended appended) {
      return new Appended(appended.start().seq());
    }
    if (reply instanceof SessionReply.Closed) {
      throw new RequestRefused("session_closed", "The session is closed");
    }
    if (reply instanceof SessionReply.Expired) {
      throw new RequestRefused("session_expired", "The session has expired");
    }
    if (reply instanceof SessionReply.NoSuchSession || reply instanceof SessionReply.Superseded) {
      throw new RequestRefused("session_purged", "The session has been purged");
    }
    if (reply instanceof SessionReply.InvalidAppend invalid) {
      throw new RequestRefused("invalid", invalid.problem());
    }
    if (reply instanceof SessionReply.Overloaded) {
      throw new RequestRefused(
          "unavailable", "Too much is under way at the moment, nothing was done, try again");
    }
    if (reply instanceof SessionReply.OutcomeUnknown) {
      throw new RequestRefused(
          "unavailable", "It may or may not have been done, try again with the same partId");
    }
    throw new IllegalStateException("no answer for " + reply.getClass().getName());
  }
}
