package dev.parley.http.messaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.agent.MessageRecord;
import dev.parley.entity.ReadEvent;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.Json;
import dev.parley.session.Channel;
import dev.parley.session.Message;
import dev.parley.session.SequencedRecord;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * Takes messages of users, whatever they came by (eliza.md sections 6.1 and 8): the checks in their
 * order, then message, renewal and count in one commit.
 */
public final class MessageSending {
  private static final Duration AGENT_RETRY = Duration.ofSeconds(5);

  private final ActorSystem<?> system;
  private final Sessions sessions;
  private final SessionDirectory directory;
  private final AgentDirectory agents;

  MessageSending(
      ActorSystem<?> system, Sessions sessions, SessionDirectory directory, AgentDirectory agents) {
    this.system = system;
    this.sessions = sessions;
    this.directory = directory;
    this.agents = agents;
  }

  /** Stores the message. Fails with {@link MessagingRefused}; nothing is stored then. */
  CompletionStage<SentMessage> send(String sessionId, NewMessage message) {
    return directory.living(sessionId).thenCompose(session -> checked(session, message));
  }

  /**
   * Likewise by the channel of the session, as sockets do (section 9.3).
   *
   * @param body of a request that sends a message, without transport
   */
  public CompletionStage<SentMessage> sendInto(String channelId, JsonNode body) {
    NewMessage message = NewMessage.read(body, Optional.empty());
    return sessions
        .inspect(directory.ofChannel(channelId), Channel.IN)
        .thenCompose(seen -> checked(directory.livingInChannel(channelId, seen), message));
  }

  private CompletionStage<SentMessage> checked(MessagingSession session, NewMessage message) {
    message.check();
    return requireAgent(session.parties().agentId())
        .thenCompose(available -> send(session, message));
  }

  /** 503 before anything is stored (section 8). */
  private CompletionStage<Boolean> requireAgent(String agentId) {
    return agents
        .isAvailable(agentId.toLowerCase(Locale.ROOT))
        .thenApply(
            available -> {
              if (!available) {
                throw MessagingError.agentNotAvailable(agentId, AGENT_RETRY).refused();
              }
              return true;
            });
  }

  private CompletionStage<SentMessage> send(MessagingSession session, NewMessage wanted) {
    MessagingSession.Parties parties = session.parties();
    SessionId id = SessionId.ofExternal(directory.environmentId(), parties.sessionId());
    String messageId = UUID.randomUUID().toString();
    ObjectNode more = Json.object();
    more.set("metadata", stored(session, wanted.metadata()));
    if (!wanted.attachments().isEmpty()) {
      more.set("attachments", wanted.attachments());
    }
    String fields = Json.text(more);
    Message message =
        new Message(
            messageId,
            Message.Role.USER,
            wanted.content(),
            parties.userId(),
            null,
            fields.substring(1, fields.length() - 1),
            messageId);
    return sessions
        .ask(id, new SessionCommand.Send(message, wanted.partId()))
        .thenCompose(
            reply ->
                reply instanceof SessionReply.Sent sent
                    ? sent(id, parties, message, more, sent)
                    : refused(parties.sessionId(), reply));
  }

  /**
   * The session's metadata, the message's on top of it, and on top of all what the server says:
   * nobody can pass a message off as that of another session (section 6.1).
   */
  private static ObjectNode stored(MessagingSession session, ObjectNode ofMessage) {
    ObjectNode stored = Json.object();
    if (session.info().metadata() != null
        && Json.parseStored(session.info().metadata()) instanceof ObjectNode ofSession) {
      stored.setAll(ofSession);
    }
    stored.setAll(ofMessage);
    MessagingSession.Parties parties = session.parties();
    stored
        .put("sessionId", parties.sessionId())
        .put("agentId", parties.agentId())
        .put("userId", parties.userId());
    stored.set("timeoutConfig", SessionView.timeoutConfig(session.lifetime().policy()));
    return stored;
  }

  private CompletionStage<SentMessage> sent(
      SessionId id,
      MessagingSession.Parties parties,
      Message message,
      ObjectNode more,
      SessionReply.Sent sent) {
    if (sent.repeated()) {
      return first(id, parties, sent);
    }
    ObjectNode data =
        Json.object()
            .put("id", message.id())
            .put("role", message.role().text())
            .put("content", message.content())
            .put("authorId", message.authorId());
    data.setAll(more);
    Instant createdAt = Instant.ofEpochMilli(sent.record().timestamp());
    return CompletableFuture.completedFuture(
        new SentMessage(
            id,
            parties,
            new MessageRecord(sent.record().seq(), createdAt, data),
            sent.lifetime(),
            sent.renewed(),
            sent.outSeq(),
            false));
  }

  /** What an earlier request has stored. Its answer may stand there already. */
  private CompletionStage<SentMessage> first(
      SessionId id, MessagingSession.Parties parties, SessionReply.Sent sent) {
    return record(id, sent.record().seq())
        .thenCompose(
            found -> {
              MessageRecord message =
                  found
                      .flatMap(MessageRecord::of)
                      .orElseThrow(() -> MessagingError.messageGone(parties.sessionId()).refused());
              return sessions
                  .locate(id, Channel.OUT, message.createdAt().toEpochMilli())
                  .thenApply(
                      from ->
                          new SentMessage(
                              id, parties, message, sent.lifetime(), sent.renewed(), from, true));
            });
  }

  private CompletionStage<Optional<SequencedRecord>> record(SessionId id, long seq) {
    return sessions
        .inspect(id, Channel.IN)
        .thenCompose(
            inspection ->
                sessions
                    .drain(id, Channel.IN, seq, inspection)
                    .runWith(Sink.head(), system)
                    .thenApply(
                        event ->
                            event instanceof ReadEvent.Batch batch
                                ? batch.records().records().stream()
                                    .findFirst()
                                    .filter(record -> record.seq() == seq)
                                : Optional.empty()));
  }

  private CompletionStage<SentMessage> refused(String sessionId, SessionReply reply) {
    if (reply instanceof SessionReply.Closed || reply instanceof SessionReply.Expired) {
      // Write-once, so what it looks like now is why it was refused.
      return directory
          .living(sessionId)
          .thenCompose(
              living ->
                  CompletableFuture.failedFuture(
                      new TimeoutException("the session was over and is not")));
    }
    if (reply instanceof SessionReply.NoSuchSession || reply instanceof SessionReply.NoTimeout) {
      throw MessagingError.sessionNotFound(sessionId).refused();
    }
    if (reply instanceof SessionReply.InvalidAppend invalid) {
      throw MessagingError.invalidContent(invalid.problem()).refused();
    }
    throw SessionDirectory.unavailable(reply).refused();
  }
}
