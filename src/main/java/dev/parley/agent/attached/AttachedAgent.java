package dev.parley.agent.attached;

import dev.parley.agent.AttachedWorkers;
import dev.parley.agent.attached.AttachedMessage.Attach;
import dev.parley.agent.attached.AttachedMessage.Leave;
import dev.parley.agent.attached.AttachedMessage.Living;
import dev.parley.agent.attached.AttachedMessage.Look;
import dev.parley.agent.attached.AttachedMessage.Next;
import dev.parley.agent.attached.AttachedMessage.Offer;
import dev.parley.agent.attached.AttachedMessage.Stop;
import dev.parley.agent.attached.AttachedMessage.Waited;
import dev.parley.agent.attached.AttachedMessage.Withdraw;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The workers and open turns of one agent in one environment. Nothing of it is stored: workers
 * attach again when they are not known, turns are offered again.
 */
final class AttachedAgent extends AbstractBehavior<AttachedMessage> {
  /** How late the end of a lease may be noticed when nothing else happens. */
  static final Duration LOOK_EVERY = Duration.ofMillis(250);

  private static final long MAX_LOOKS =
      AttachedWorkers.FORGOTTEN_AFTER.toMillis() / LOOK_EVERY.toMillis();

  /** Not the first: who asks whether a worker lives often does so again. */
  private static final int IDLE_LOOKS = 40;

  private final TimerScheduler<AttachedMessage> timers;
  private final Clock clock;
  private final Consumer<ActorRef<AttachedMessage>> whenIdle;
  private final TurnBoard board = new TurnBoard();

  private int idleLooks;

  /** In the order in which they came. */
  private final Set<Next> polls = new LinkedHashSet<>();

  private AttachedAgent(
      ActorContext<AttachedMessage> context,
      TimerScheduler<AttachedMessage> timers,
      Clock clock,
      Consumer<ActorRef<AttachedMessage>> whenIdle) {
    super(context);
    this.timers = timers;
    this.clock = clock;
    this.whenIdle = whenIdle;
    timers.startTimerWithFixedDelay(Look.INSTANCE, LOOK_EVERY);
  }

  /**
   * @param whenIdle to be called when there is nothing left to be remembered
   */
  static Behavior<AttachedMessage> create(
      Clock clock, Consumer<ActorRef<AttachedMessage>> whenIdle) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new AttachedAgent(context, timers, clock, whenIdle)));
  }

  @Override
  public Receive<AttachedMessage> createReceive() {
    return newReceiveBuilder()
        .onMessage(Attach.class, this::onAttach)
        .onMessage(Leave.class, this::onLeave)
        .onMessage(Next.class, this::onNext)
        .onMessage(Living.class, this::onLiving)
        .onMessage(Offer.class, this::onOffer)
        .onMessage(Withdraw.class, this::onWithdraw)
        .onMessage(Waited.class, this::onWaited)
        .onMessage(Look.class, look -> onLook())
        .onMessage(Stop.class, stop -> onStop())
        .build();
  }

  /** Hands out what waits to those who wait. */
  private Behavior<AttachedMessage> serve() {
    for (Iterator<Next> all = polls.iterator(); all.hasNext() && board.hasWaiting(); ) {
      Next poll = all.next();
      Optional<HandedTurn> turn = board.next(poll.worker());
      if (turn.isPresent()) {
        all.remove();
        timers.cancel(poll);
        poll.replyTo().tell(new WorkerReply.Handed(turn.get()));
      }
    }
    return this;
  }

  private Behavior<AttachedMessage> onAttach(Attach attach) {
    attach
        .replyTo()
        .tell(
            board
                .attach(attach.worker(), attach.lease(), clock.instant())
                .<WorkerReply>map(
                    until -> new WorkerReply.Attached(until, board.heldBy(attach.worker())))
                .orElseGet(WorkerReply.Full::new));
    return this;
  }

  private Behavior<AttachedMessage> onLeave(Leave leave) {
    board.leave(leave.worker());
    for (Iterator<Next> all = polls.iterator(); all.hasNext(); ) {
      Next poll = all.next();
      if (poll.worker().equals(leave.worker())) {
        all.remove();
        timers.cancel(poll);
        poll.replyTo().tell(new WorkerReply.NotAttached());
      }
    }
    leave.replyTo().tell(new WorkerReply.Left());
    return serve();
  }

  private Behavior<AttachedMessage> onNext(Next next) {
    if (!board.renew(next.worker(), clock.instant())) {
      next.replyTo().tell(new WorkerReply.NotAttached());
      return this;
    }
    polls.add(next);
    serve();
    if (polls.contains(next)) {
      if (next.maxWait().isZero()) {
        onWaited(new Waited(next));
      } else {
        timers.startSingleTimer(next, new Waited(next), next.maxWait());
      }
    }
    return this;
  }

  private Behavior<AttachedMessage> onWaited(Waited waited) {
    if (polls.remove(waited.next())) {
      board.renew(waited.next().worker(), clock.instant());
      waited.next().replyTo().tell(new WorkerReply.Nothing());
    }
    return this;
  }

  private Behavior<AttachedMessage> onLiving(Living living) {
    living.replyTo().tell(board.isAnybodyThere(clock.instant()));
    return this;
  }

  private Behavior<AttachedMessage> onOffer(Offer offer) {
    board.offer(offer.turn(), offer.claimedBy(), clock.instant());
    serve();
    offer.replyTo().tell(board.how(offer.turn()));
    return this;
  }

  private Behavior<AttachedMessage> onWithdraw(Withdraw withdraw) {
    board.withdraw(withdraw.turn());
    return this;
  }

  private Behavior<AttachedMessage> onLook() {
    Instant now = clock.instant();
    // Who waits for an answer is there.
    polls.forEach(poll -> board.renew(poll.worker(), now));
    board.look(now, MAX_LOOKS);
    serve();
    idleLooks = board.isEmpty() && polls.isEmpty() ? idleLooks + 1 : 0;
    if (idleLooks >= IDLE_LOOKS) {
      whenIdle.accept(getContext().getSelf());
    }
    return this;
  }

  private Behavior<AttachedMessage> onStop() {
    polls.forEach(poll -> poll.replyTo().tell(new WorkerReply.Nothing()));
    return Behaviors.stopped();
  }
}
