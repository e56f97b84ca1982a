package dev.parley.entity;

import dev.parley.entity.PendingAppends.Pending;
import dev.parley.entity.SessionMessage.Ask;
import dev.parley.entity.SessionMessage.CallbackDone;
import dev.parley.entity.SessionMessage.CoolDown;
import dev.parley.entity.SessionMessage.Due;
import dev.parley.entity.SessionMessage.Flush;
import dev.parley.entity.SessionMessage.Inspect;
import dev.parley.entity.SessionMessage.Locate;
import dev.parley.entity.SessionMessage.Read;
import dev.parley.entity.SessionMessage.ReadsDue;
import dev.parley.entity.SessionMessage.Reclaimed;
import dev.parley.entity.SessionMessage.ResumeTurn;
import dev.parley.entity.SessionMessage.Stop;
import dev.parley.entity.SessionMessage.StopTurn;
import dev.parley.entity.SessionMessage.Watch;
import dev.parley.entity.SessionMessage.WatchRenewals;
import dev.parley.journal.EventTags;
import dev.parley.journal.RepeatedFailure;
import dev.parley.session.Decision;
import dev.parley.session.GroupDecision;
import dev.parley.session.Session;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.tracing.Tracing;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.persistence.typed.JournalPersistFailed;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.apache.pekko.persistence.typed.SnapshotFailed;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.slf4j.LoggerFactory;

/**
 * Runs one session: asks the core what follows from a command, makes it durable, and only then
 * answers and shows it to readers.
 *
 * <p>Appends are grouped. One persist runs at a time, and what arrives meanwhile is stashed; it
 * comes back before the {@link Flush} that the first of them sends, so that all of them share one
 * event.
 */
public final class SessionEntity
    extends EventSourcedBehaviorWithEnforcedReplies<SessionMessage, SessionEvent, Session> {
  /** The name of the entity type; the first part of every persistence id. */
  public static final String TYPE = "Session";

  /** For all sessions of the node: when the database is away, every one of them fails. */
  private static final RepeatedFailure JOURNAL_FAILED =
      new RepeatedFailure(
          LoggerFactory.getLogger(SessionEntity.class), "The journal fails a session, it restarts");

  private final SessionId id;
  private final EntitySettings settings;
  private final Clock clock;
  private final Tenure tenure;
  private final ActorContext<SessionMessage> context;
  private final PendingAppends pending;
  private final SessionReaders readers;
  private final DueTimer dueTimer;
  private final TurnAtWork turnAtWork;
  private final CommitListener listener;
  private final OwedCallbacks callbacks;
  private final OpenWaiters waiters;
  private final Committing committing;

  private final Snapshots snapshots;

  private SessionEntity(
      SessionId id,
      EntitySettings settings,
      Clock clock,
      Tenure tenure,
      Space space,
      AwakeSessions awake,
      Answering answering,
      CommitListener listener,
      Deliveries deliveries,
      ActorContext<SessionMessage> context,
      TimerScheduler<SessionMessage> timers) {
    super(
        persistenceId(id),
        SupervisorStrategy.restartWithBackoff(settings.minBackoff(), settings.maxBackoff(), 0.2)
            .withLoggingEnabled(false));
    this.id = id;
    this.settings = settings;
    this.clock = clock;
    this.callbacks = new OwedCallbacks(deliveries);
    this.tenure = tenure;
    this.context = context;
    this.pending = new PendingAppends(settings.pendingMaxCount(), settings.pendingMaxBytes());
    this.readers = new SessionReaders(timers, tenure, settings);
    this.dueTimer = new DueTimer(id, awake, timers);
    this.snapshots = new Snapshots(id, settings, space, context.getSelf());
    this.turnAtWork = new TurnAtWork(answering);
    this.listener = listener;
    this.waiters = new OpenWaiters(awake.waiters());
    this.committing =
        new Committing(listener, new CommitTrace(Tracing.of(context.getSystem()), id));
  }

  /**
   * @param tenure whether what it remembers is certainly all there is
   * @param space told whenever a snapshot has been completed
   * @param awake told when something falls due
   * @param answering works on the turns of the session's agent
   * @param listener hears of every event
   * @param deliveries given the callbacks that are due
   */
  public static Behavior<SessionMessage> create(
      SessionId id,
      EntitySettings settings,
      Clock clock,
      Tenure tenure,
      Space space,
      AwakeSessions awake,
      Answering answering,
      CommitListener listener,
      Deliveries deliveries) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new SessionEntity(
                        id,
                        settings,
                        clock,
                        tenure,
                        space,
                        awake,
                        answering,
                        listener,
                        deliveries,
                        context,
                        timers)));
  }

  /** The name under which the session's events stand in the journal. */
  public static PersistenceId persistenceId(SessionId id) {
    return PersistenceId.of(TYPE, id.entityId());
  }

  @Override
  public Session emptyState() {
    return Session.empty(id).keptFor(settings.retention());
  }

  @Override
  public EventHandler<Session, SessionEvent> eventHandler() {
    return Session::apply;
  }

  @Override
  public CommandHandlerWithReply<SessionMessage, SessionEvent, Session> commandHandler() {
    return newCommandHandlerWithReplyBuilder()
        .forAnyState()
        .onCommand(Ask.class, this::onAsk)
        .onCommand(Flush.class, (session, flush) -> onFlush(session))
        .onCommand(Read.class, (session, read) -> only(() -> readers.read(session, read)))
        .onCommand(Watch.class, (session, watch) -> only(() -> readers.watch(session, watch)))
        .onCommand(
            WatchRenewals.class, (session, watch) -> only(() -> readers.watch(session, watch)))
        .onCommand(ReadsDue.class, (session, due) -> only(() -> readers.due(session)))
        .onCommand(CoolDown.class, coolDown -> only(readers::coolDown))
        .onCommand(Inspect.class, (session, ask) -> only(() -> readers.inspect(session, ask)))
        .onCommand(Locate.class, (session, ask) -> only(() -> readers.locate(session, ask)))
        .onCommand(StopTurn.class, stop -> only(() -> turnAtWork.stop(stop.replyTo())))
        .onCommand(ResumeTurn.class, (session, resume) -> onResumeTurn(session))
        .onCommand(
            Reclaimed.class, (session, done) -> only(() -> snapshots.reclaimed(session, done)))
        .onCommand(Due.class, (session, due) -> onDue(session))
        .onCommand(CallbackDone.class, this::onCallbackDone)
        .onCommand(Stop.class, (session, stop) -> onStop(session))
        .build();
  }

  private ReplyEffect<SessionEvent, Session> onAsk(Session session, Ask ask) {
    if (!ask.isFor(session)) {
      return Effect().reply(ask.replyTo(), new SessionReply.Superseded());
    }
    if (ask.command() instanceof SessionCommand.Appending appending) {
      boolean first = pending.isEmpty();
      if (!pending.offer(Pending.of(appending, ask.replyTo(), ask.trace()))) {
        return Effect().reply(ask.replyTo(), Committing.overloaded());
      }
      if (first) {
        context.getSelf().tell(Flush.INSTANCE);
      }
      return Effect().noReply();
    }
    Decision decision = session.decide(ask.command(), clock.instant());
    if (decision.events().isEmpty()) {
      callbacks.send(session, clock.instant());
    }
    return commit(decision.events(), List.of(ask.replyTo()), List.of(decision.reply()));
  }

  private ReplyEffect<SessionEvent, Session> onFlush(Session session) {
    List<Pending> group = pending.takeGroup(settings.groupMaxRecords(), settings.groupMaxBytes());
    if (!pending.isEmpty()) {
      context.getSelf().tell(Flush.INSTANCE);
    }
    GroupDecision decision =
        session.decideGroup(group.stream().map(Pending::appending).toList(), clock.instant());
    if (!decision.events().isEmpty()) {
      committing.trace(group);
    }
    return commit(
        decision.events(), group.stream().map(Pending::replyTo).toList(), decision.replies());
  }

  /** Makes the events durable, if there are any, then answers. */
  private ReplyEffect<SessionEvent, Session> commit(
      List<? extends SessionEvent> events,
      List<ActorRef<SessionReply>> replyTo,
      List<SessionReply> replies) {
    if (events.isEmpty()) {
      // What the journal does not confirm is said only while nobody else can have written.
      Committing.answer(replyTo, tenure.holds() ? replies : Committing.overloaded(replies.size()));
      return Effect().noReply();
    }
    committing.begin(replyTo);
    return Effect()
        .persist(List.<SessionEvent>copyOf(events))
        .thenRun(
            (Session session) -> {
              SpanContext trace = committing.durable();
              forgetPurged(session, events);
              Committing.answer(replyTo, replies);
              listener.committed(session, events);
              readers.show(session, events, trace);
              awaitDue(session);
              if (events.stream().anyMatch(SessionEvent.Restored.class::isInstance)) {
                goOnWithTurn(session);
              } else {
                turnAtWork.follow(session);
              }
            })
        .thenNoReply();
  }

  /** Before anything of what came after a purge is shown: nothing may be left of what was there. */
  private void forgetPurged(Session session, List<? extends SessionEvent> events) {
    if (events.stream().anyMatch(SessionEvent.Purged.class::isInstance)) {
      pending.takeAll().forEach(append -> append.replyTo().tell(new SessionReply.NoSuchSession()));
      readers.purged();
      snapshots.purged(session);
    }
  }

  /** A message that changes nothing. */
  private ReplyEffect<SessionEvent, Session> only(Runnable action) {
    action.run();
    return Effect().noReply();
  }

  private ReplyEffect<SessionEvent, Session> onResumeTurn(Session session) {
    if (!turnAtWork.isMissing(session)) {
      return Effect().noReply();
    }
    Decision decision = session.decide(new SessionCommand.ResumeTurn(), clock.instant());
    return commit(decision.events(), List.of(), List.of());
  }

  /** The time that was waited for has come, or the timer could not reach that far. */
  private ReplyEffect<SessionEvent, Session> onDue(Session session) {
    Decision decision = session.decide(new SessionCommand.Wake(), clock.instant());
    if (decision.events().isEmpty()) {
      awaitDue(session);
    }
    return commit(decision.events(), List.of(), List.of());
  }

  private ReplyEffect<SessionEvent, Session> onCallbackDone(Session session, CallbackDone done) {
    Decision decision = session.decide(callbacks.tried(done), clock.instant());
    if (!done.settled()
        && decision.reply() instanceof SessionReply.WaitpointIs is
        && is.waitpoint().callback().nextTry() == null) {
      int tries = is.waitpoint().callback().tries();
      context.getLog().warn("Gave up the callback of {}: {} tries failed", done.id(), tries);
    }
    if (decision.events().isEmpty()) {
      callbacks.send(session, clock.instant());
    }
    return commit(decision.events(), List.of(), List.of());
  }

  /** Sees to it that this session looks up when something falls due, as long as it is awake. */
  private void awaitDue(Session session) {
    callbacks.send(session, clock.instant());
    waiters.are(session.waitpoints().pending());
    dueTimer.await(session.nextDue(clock.instant()), clock.instant());
  }

  private ReplyEffect<SessionEvent, Session> onStop(Session session) {
    refusePending();
    turnAtWork.end();
    readers.leave(session);
    return Effect().stop().thenNoReply();
  }

  private void refusePending() {
    pending.takeAll().forEach(append -> append.replyTo().tell(Committing.overloaded()));
  }

  @Override
  public SignalHandler<Session> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .onSignal(
            RecoveryFailed.class, (session, failed) -> JOURNAL_FAILED.warn(failed.getFailure()))
        .onSignal(
            JournalPersistFailed.class,
            (session, failed) -> JOURNAL_FAILED.warn(failed.getFailure()))
        .onSignal(SnapshotCompleted.class, (session, done) -> snapshots.completed(session))
        .onSignal(
            SnapshotFailed.class,
            (session, failed) -> snapshots.failed(session, failed.getFailure()))
        .onSignal(PreRestart.instance(), session -> onFailure())
        .onSignal(PostStop.instance(), session -> onStopped())
        .build();
  }

  private void onRecovered(Session session) {
    readers.recovered(session);
    awaitDue(session);
    goOnWithTurn(session);
    snapshots.recovered(session);
  }

  /** A turn that was begun elsewhere goes on by another attempt. */
  private void goOnWithTurn(Session session) {
    turnAtWork.recovered(session);
    if (turnAtWork.isMissing(session)) {
      context.getSelf().tell(ResumeTurn.INSTANCE);
    }
  }

  private void onStopped() {
    dueTimer.stop();
    waiters.are(0);
    onFailure();
  }

  /**
   * The journal refused or did not answer: another owner may have written, or the write may have
   * been done. Nobody is told yes, what waited is told no, and nothing remembered is shown again.
   */
  private void onFailure() {
    committing.failed();
    refusePending();
    turnAtWork.end();
    readers.forget();
    callbacks.reset();
    dueTimer.forget();
    snapshots.forget();
  }

  @Override
  public Set<String> tagsFor(SessionEvent event) {
    return EventTags.of(id, event);
  }

  @Override
  public boolean shouldSnapshot(Session session, SessionEvent event, long sequenceNr) {
    return snapshots.isDue(session, event);
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.disabled();
  }

  @Override
  public SnapshotAdapter<Session> snapshotAdapter() {
    return snapshots;
  }
}
