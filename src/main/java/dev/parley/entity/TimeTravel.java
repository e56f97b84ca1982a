package dev.parley.entity;

import dev.parley.journal.DueIndex;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;

/**
 * Puts the test clock forward, from one thing that falls due to the next, so that each is decided
 * at its own time and in its order (across.md section 11). For a cluster of one.
 */
public final class TimeTravel {
  private final TestClock clock;
  private final Sessions sessions;
  private final AwakeSessions awake;
  private final DueIndex index;
  private final Executor executor;

  /** Journeys take turns. */
  private CompletionStage<Instant> last = CompletableFuture.completedFuture(Instant.MIN);

  TimeTravel(
      TestClock clock, Sessions sessions, AwakeSessions awake, DueIndex index, Executor executor) {
    this.clock = clock;
    this.sessions = sessions;
    this.awake = awake;
    this.index = index;
    this.executor = executor;
  }

  /**
   * The time afterwards, when everything that fell due on the way has been decided. Fails with
   * {@link TimeoutException} when a session does not answer.
   */
  public synchronized CompletionStage<Instant> advance(Duration by) {
    last =
        last.handleAsync((now, failure) -> clock.instant().plus(by), executor)
            .thenCompose(this::step);
    return last;
  }

  private CompletionStage<Instant> step(Instant target) {
    Optional<Map.Entry<SessionId, Instant>> awakeFirst = awake.earliest(target);
    return index
        .earliest(target)
        .thenComposeAsync(
            asleepFirst -> {
              boolean asleep =
                  asleepFirst.isPresent()
                      && (awakeFirst.isEmpty()
                          || asleepFirst.get().dueAt().isBefore(awakeFirst.get().getValue()));
              if (asleep) {
                return wake(asleepFirst.get()).thenCompose(done -> step(target));
              }
              if (awakeFirst.isPresent()) {
                return wake(awakeFirst.get().getKey(), awakeFirst.get().getValue())
                    .thenCompose(done -> step(target));
              }
              clock.advanceTo(target);
              return CompletableFuture.completedFuture(clock.instant());
            },
            executor);
  }

  private CompletionStage<Boolean> wake(DueIndex.Entry entry) {
    return wake(entry.session(), entry.dueAt())
        .thenCompose(reply -> index.settle(entry, reply.nextDue()));
  }

  private CompletionStage<SessionReply.Awake> wake(SessionId session, Instant dueAt) {
    clock.advanceTo(dueAt);
    return sessions
        .ask(session, new SessionCommand.Wake())
        .thenCompose(
            reply -> {
              if (reply instanceof SessionReply.Awake woken) {
                awake.set(session, woken.nextDue());
                return CompletableFuture.completedFuture(woken);
              }
              return CompletableFuture.failedFuture(
                  new TimeoutException(session.friendlyId() + " does not answer"));
            });
  }
}
