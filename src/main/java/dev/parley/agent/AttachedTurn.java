package dev.parley.agent;

import dev.parley.agent.AgentTurns.Workshop;
import dev.parley.entity.Answering;
import dev.parley.session.Activity;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.TurnOutcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.pattern.Patterns;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a turn that a worker outside answers. All that is done here is to offer it until
 * the worker has written {@code turn-complete}, or the agent's time is up.
 */
final class AttachedTurn implements Answering.Work {
  private static final Duration OFFER_EVERY = Duration.ofSeconds(5);
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(20);

  private final Workshop workshop;
  private final SessionId session;
  private final AgentDefinition agent;
  private final dev.parley.session.Turn turn;
  private final TurnEnds ends;
  private final long startNanos = System.nanoTime();
  private long signNanos = startNanos;
  private volatile @Nullable OpenTurn open;
  private volatile @Nullable String claimedBy;
  private volatile boolean over;

  AttachedTurn(
      Workshop workshop, SessionId session, AgentDefinition agent, dev.parley.session.Turn turn) {
    this.workshop = workshop;
    this.session = session;
    this.agent = agent;
    this.turn = turn;
    this.ends = new TurnEnds(workshop, session, turn);
  }

  void start() {
    ends.run(() -> ends.read(0, this::offer));
  }

  @Override
  public void stop() {
    over = true;
    withdraw();
    ends.end(TurnOutcome.STOPPED, null, null);
  }

  @Override
  public void abandon() {
    over = true;
    ends.abandon();
    withdraw();
  }

  private CompletionStage<Done> offer(Turn input) {
    ends.answering(input.message().id());
    OpenTurn offered =
        new OpenTurn(
            session.environmentId(),
            agent.id(),
            session.friendlyId(),
            input.externalId(),
            turn.seq(),
            turn.attempt());
    open = offered;
    return offerAgain(offered);
  }

  private CompletionStage<Done> offerAgain(OpenTurn offered) {
    if (over) {
      withdraw();
      return CompletableFuture.completedFuture(Done.getInstance());
    }
    if (System.nanoTime() - startNanos > agent.limits().time().toNanos()) {
      over = true;
      withdraw();
      return ends.end(
          TurnOutcome.FAILED,
          null,
          ends.error(
              "The agent has not answered within "
                  + AgentLimits.seconds(agent.limits().time())
                  + ".",
              ""));
    }
    giveSignOfLife();
    return workshop
        .workers()
        .offer(offered, claimedBy)
        .handle(
            (answer, failure) -> {
              if (answer instanceof Offered.Claimed claimed) {
                claimedBy = claimed.worker();
              } else if (failure == null) {
                claimedBy = null;
              }
              return Done.getInstance();
            })
        .thenCompose(
            done ->
                Patterns.after(
                    OFFER_EVERY, workshop.system().classicSystem(), () -> offerAgain(offered)));
  }

  private void giveSignOfLife() {
    if (System.nanoTime() - signNanos > SIGN_OF_LIFE.toNanos()) {
      signNanos = System.nanoTime();
      workshop.sessions().ask(session, new SessionCommand.Touch(Activity.AGENT));
    }
  }

  private void withdraw() {
    Optional.ofNullable(open).ifPresent(workshop.workers()::withdraw);
  }
}
