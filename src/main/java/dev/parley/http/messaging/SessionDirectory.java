package dev.parley.http.messaging;

import dev.parley.entity.Inspection;
import dev.parley.entity.Sessions;
import dev.parley.session.Channel;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.SessionReply;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The sessions of this face by the id in a path, and what stands in the way of using one: 404 for
 * one that never was or is deleted, 410 for one that is over, for as long as it is remembered
 * (eliza.md section 7).
 */
public final class SessionDirectory {
  private final Sessions sessions;
  private final String environmentId;
  private final Clock clock;

  /**
   * @param environmentId the tenant of all sessions of this face
   */
  public SessionDirectory(Sessions sessions, String environmentId, Clock clock) {
    this.sessions = sessions;
    this.environmentId = environmentId;
    this.clock = clock;
  }

  String environmentId() {
    return environmentId;
  }

  /** The session that the id in a path names. A friendly id of the durable face names none here. */
  Optional<SessionId> parse(String sessionId) {
    return sessionId.startsWith(SessionId.PREFIX)
        ? Optional.empty()
        : SessionId.parse(environmentId, sessionId);
  }

  /** A session that lives. Fails with {@link MessagingRefused}: 404 or 410. */
  public CompletionStage<MessagingSession> living(String sessionId) {
    return inspect(sessionId).thenApply(inspection -> living(sessionId, inspection));
  }

  /**
   * The session that was inspected, if it lives.
   *
   * @throws MessagingRefused 404 or 410
   */
  public MessagingSession living(String sessionId, Inspection inspection) {
    MessagingSession session = remembered(sessionId, inspection);
    requireOpen(session);
    if (session.lifetime().isExpired(clock.instant())) {
      throw MessagingError.sessionExpired(sessionId, session.lifetime().expiresAt()).refused();
    }
    return session;
  }

  /** A session that is not deleted. Fails with {@link MessagingRefused}: 404. */
  CompletionStage<MessagingSession> remembered(String sessionId) {
    return inspect(sessionId).thenApply(inspection -> remembered(sessionId, inspection));
  }

  private static MessagingSession remembered(String sessionId, Inspection inspection) {
    return MessagingSession.of(inspection)
        .filter(session -> !SessionInfo.DELETED.equals(session.info().closedReason()))
        .orElseThrow(() -> MessagingError.sessionNotFound(sessionId).refused());
  }

  private CompletionStage<Inspection> inspect(String sessionId) {
    return sessions.inspect(existing(sessionId), Channel.IN);
  }

  /**
   * The session that the id in a path names.
   *
   * @throws MessagingRefused 404 when none can have that id
   */
  public SessionId existing(String sessionId) {
    return parse(sessionId).orElseThrow(() -> MessagingError.sessionNotFound(sessionId).refused());
  }

  /**
   * The session that a channel's id leads to, whether it exists or not (eliza.md section 9.2).
   *
   * @throws MessagingRefused 404 when none can have that channel
   */
  public SessionId ofChannel(String channelId) {
    return ChannelId.sessionOf(channelId)
        .flatMap(this::parse)
        .orElseThrow(() -> MessagingError.channelNotFound(channelId).refused());
  }

  /**
   * The session that was inspected, if it lives and has that channel.
   *
   * @throws MessagingRefused 404 or 410
   */
  public MessagingSession livingInChannel(String channelId, Inspection inspection) {
    String sessionId =
        MessagingSession.of(inspection)
            .map(MessagingSession::parties)
            .filter(parties -> parties.channelId().equalsIgnoreCase(channelId))
            .orElseThrow(() -> MessagingError.channelNotFound(channelId).refused())
            .sessionId();
    return living(sessionId, inspection);
  }

  /** 410 for one that was closed over another face, unless it had expired before. */
  static void requireOpen(MessagingSession session) {
    SessionInfo info = session.info();
    if (info.closedAt() != null && info.expiredAt() == null) {
      throw MessagingError.sessionClosed(
              session.parties().sessionId(),
              info.closedAt(),
              info.closedReason(),
              session.lifetime().expiresAt())
          .refused();
    }
  }

  /**
   * What a session has become by a command that is answered with {@link SessionReply.Alive}. Fails
   * with {@link MessagingRefused}: 404, 410, 422, 400 or 503.
   */
  CompletionStage<MessagingSession> change(String sessionId, SessionCommand command) {
    return sessions
        .ask(existing(sessionId), command)
        .thenCompose(reply -> changed(sessionId, reply));
  }

  private CompletionStage<MessagingSession> changed(String sessionId, SessionReply reply) {
    if (reply instanceof SessionReply.Alive alive) {
      return CompletableFuture.completedFuture(
          MessagingSession.of(alive.info(), alive.lifetime())
              .orElseThrow(() -> MessagingError.sessionNotFound(sessionId).refused()));
    }
    if (reply instanceof SessionReply.AtMaximum maximum) {
      throw MessagingError.atMaximum(sessionId, maximum.lifetime()).refused();
    }
    if (reply instanceof SessionReply.InvalidTimeout invalid) {
      throw MessagingError.invalidTimeout(invalid.reason()).refused();
    }
    if (reply instanceof SessionReply.NoSuchSession || reply instanceof SessionReply.NoTimeout) {
      throw MessagingError.sessionNotFound(sessionId).refused();
    }
    if (reply instanceof SessionReply.Closed || reply instanceof SessionReply.Expired) {
      // Write-once, so what it looks like now is why it was refused.
      return living(sessionId);
    }
    throw unavailable(reply).refused();
  }

  /** 503 for a session that can't be asked now, or whose answer got lost. */
  static MessagingError unavailable(SessionReply reply) {
    if (reply instanceof SessionReply.Overloaded overloaded) {
      return MessagingError.unavailable(
          "Too much is under way at the moment, nothing was done, try again",
          overloaded.retryAfter());
    }
    if (reply instanceof SessionReply.OutcomeUnknown unknown) {
      return MessagingError.unavailable(
          "The outcome is not known, it may or may not have been done, try again",
          unknown.retryAfter());
    }
    throw new IllegalStateException("no answer for " + reply.getClass().getName());
  }
}
