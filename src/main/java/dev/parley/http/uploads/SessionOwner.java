package dev.parley.http.uploads;

import dev.parley.entity.Inspection;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Refused;
import dev.parley.session.Channel;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.SessionStatus;
import dev.parley.storage.FileOwner;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Sessions as what files belong to. */
final class SessionOwner {
  private final Sessions sessions;
  private final Clock clock;

  SessionOwner(Sessions sessions, Clock clock) {
    this.sessions = sessions;
    this.clock = clock;
  }

  /** What must hold of a session. */
  interface Condition {
    /** May throw {@link Refused}. */
    boolean of(SessionInfo info);
  }

  /**
   * The session as the owner of new files. Fails with {@link Refused}: 404 when it does not exist
   * or the condition does not hold, else as for an append 409 when it is closed and 400 when it is
   * expired.
   */
  CompletionStage<FileOwner> of(SessionId id, Condition condition) {
    return sessions
        .inspect(id, Channel.IN)
        .thenApply(
            inspection -> {
              SessionInfo info = inspection.info();
              if (info == null || !condition.of(info)) {
                throw new Refused(unknown());
              }
              SessionStatus status = info.status(clock.instant());
              if (status == SessionStatus.CLOSED) {
                throw new Refused(Answers.error(409, "Cannot upload to a closed session"));
              }
              if (status == SessionStatus.EXPIRED) {
                throw new Refused(Answers.error(400, "Cannot upload to an expired session"));
              }
              return new FileOwner.OfSession(id, inspection.generation());
            });
  }

  /** Whether the session is still the one the file was uploaded to, and the condition holds. */
  CompletionStage<Boolean> holds(FileOwner.OfSession owner, Condition condition) {
    return sessions
        .inspect(owner.session(), Channel.IN)
        .thenApply(inspection -> isOf(owner, inspection) && condition.of(inspection.info()));
  }

  private static boolean isOf(FileOwner.OfSession owner, Inspection inspection) {
    return inspection.info() != null && inspection.generation() == owner.generation();
  }

  static HttpResponse unknown() {
    return Answers.notFound("Session not found");
  }
}
