package dev.parley.entity;

import dev.parley.journal.RecordJournal;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.session.StreamAppend;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.stream.javadsl.Source;

/** What is needed to copy sessions and to put copies in their places. */
public final class SessionCopies {
  /** What is refused for the moment is asked again so often, which takes some twenty seconds. */
  private static final int ATTEMPTS = 20;

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ActorSystem<?> system;
  private final Sessions sessions;
  private final RecordJournal journal;

  public SessionCopies(ActorSystem<?> system, Sessions sessions, RecordJournal journal) {
    this.system = system;
    this.sessions = sessions;
    this.journal = journal;
  }

  /**
   * Asks until there is an answer that will stay. Fails with {@link TimeoutException} when there is
   * none. To be used for what may be asked twice alone.
   */
  public CompletionStage<SessionReply> ask(SessionId session, SessionCommand command) {
    return ask(session, command, ATTEMPTS);
  }

  private CompletionStage<SessionReply> ask(SessionId session, SessionCommand command, int left) {
    return sessions
        .ask(session, command)
        .thenCompose(
            reply -> {
              boolean later =
                  reply instanceof SessionReply.Overloaded
                      || reply instanceof SessionReply.OutcomeUnknown;
              if (!later) {
                return CompletableFuture.completedFuture(reply);
              }
              return left > 1
                  ? Patterns.after(
                      PAUSE, system.classicSystem(), () -> ask(session, command, left - 1))
                  : CompletableFuture.failedFuture(
                      new TimeoutException("session " + session.friendlyId() + " does not answer"));
            });
  }

  /** The state as it can be moved. Fails with {@link TimeoutException} when nobody answers. */
  public CompletionStage<SessionReply.Portrayed> portray(SessionId session) {
    return ask(session, new SessionCommand.Portray()).thenApply(SessionReply.Portrayed.class::cast);
  }

  /**
   * The records of all streams as they were committed, up to the portrait; those that were trimmed
   * since may be missing, and later ones do not come.
   */
  public Source<StreamAppend, NotUsed> records(SessionId session, SessionReply.Portrayed portrait) {
    String id = SessionEntity.persistenceId(session).id();
    return Source.unfoldAsync(
            RecordJournal.Place.at(portrait.generation() + 1),
            place ->
                place.version() > portrait.version()
                    ? CompletableFuture.completedFuture(
                        Optional.<Pair<RecordJournal.Place, RecordJournal.Page>>empty())
                    : journal
                        .read(id, place, portrait.version())
                        .thenApply(page -> Optional.of(Pair.create(page.next(), page))))
        .mapConcat(RecordJournal.Page::appends);
  }
}
