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
import dev.parley.journal.Reclaim;
import dev.parley.journal.SnapshotCodec;
import dev.parley.journal.StoredSnapshot;
import dev.parley.session.Channel;
import dev.parley.session.ChannelState;
import dev.parley.session.Decision;
import dev.parley.session.GroupDecision;
import dev.parley.session.Session;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.session.StreamAppend;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.apache.pekko.persistence.typed.SnapshotFailed;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.jspecify.annotations.Nullable;

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

  /** Gives back in the background what a snapshot has made useless. */
  public interface Space {
    /**
     * @param whenDone to be called, on any thread, when all of it is given back; never if it is not
     */
    void reclaim(Reclaim reclaim, Runnable whenDone);
  }

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** What Pekko's scheduler can wait for is some months. */
  private static final Duration LONGEST_TIMER = Duration.ofDays(100);

  private final SessionId id;
  private final EntitySettings settings;
  private final Clock clock;
  private final Space space;
  private final AwakeSessions awake;
  private final ActorContext<SessionMessage> context;
  private final TimerScheduler<SessionMessage> timers;
  private final PendingAppends pending;
  private final HotTail hotTail;
  private final WaitingReads waitingReads = new WaitingReads();
  private final Watchers watchers = new Watchers();
  private final RecentRenewals renewals = new RecentRenewals();
  private final TurnAtWork turnAtWork;
  private final CommitListener listener;
  private final OwedCallbacks callbacks;

  /** Whom the commit under way will answer. */
  private List<ActorRef<SessionReply>> committing = List.of();

  private final SnapshotPace snapshotPace;
  private final TrimmedSpace trimmedSpace;
  private final PurgedMemory purgedMemory;

  /** For when the timer is set. */
  private @Nullable Instant awaited;

  /** What may be left over from before the session fell asleep. */
  private @Nullable Reclaim leftOver;

  private SessionEntity(
      SessionId id,
      EntitySettings settings,
      Clock clock,
      Space space,
      AwakeSessions awake,
      Answering answering,
      CommitListener listener,
      Deliveries deliveries,
      ActorContext<SessionMessage> context,
      TimerScheduler<SessionMessage> timers) {
    super(
        persistenceId(id),
        SupervisorStrategy.restartWithBackoff(settings.minBackoff(), settings.maxBackoff(), 0.2));
    this.id = id;
    this.settings = settings;
    this.clock = clock;
    this.space = space;
    this.awake = awake;
    this.callbacks = new OwedCallbacks(deliveries);
    this.context = context;
    this.timers = timers;
    this.pending = new PendingAppends(settings.pendingMaxCount(), settings.pendingMaxBytes());
    this.hotTail = new HotTail(settings.hotTailMaxBytes());
    this.snapshotPace =
        new SnapshotPace(
            settings.snapshotEveryEvents(),
            settings.snapshotEveryBytes(),
            settings.snapshotEveryTrimmedBytes());
    this.trimmedSpace = new TrimmedSpace(persistenceId(id).id());
    this.purgedMemory =
        new PurgedMemory(pending, hotTail, waitingReads, snapshotPace, trimmedSpace);
    this.turnAtWork = new TurnAtWork(answering);
    this.listener = listener;
  }

  /**
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
        .onCommand(Read.class, this::onRead)
        .onCommand(Inspect.class, this::onInspect)
        .onCommand(Locate.class, this::onLocate)
        .onCommand(Watch.class, this::onWatch)
        .onCommand(WatchRenewals.class, this::onWatchRenewals)
        .onCommand(StopTurn.class, (session, stop) -> onStopTurn(stop))
        .onCommand(ResumeTurn.class, (session, resume) -> onResumeTurn(session))
        .onCommand(ReadsDue.class, (session, due) -> onReadsDue(session))
        .onCommand(CoolDown.class, coolDown -> onCoolDown())
        .onCommand(Reclaimed.class, this::onReclaimed)
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
      if (!pending.offer(Pending.of(appending, ask.replyTo()))) {
        return Effect().reply(ask.replyTo(), new SessionReply.Overloaded(RETRY_AFTER));
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
    return commit(
        decision.events(), group.stream().map(Pending::replyTo).toList(), decision.replies());
  }

  /** Makes the events durable, if there are any, then answers. */
  private ReplyEffect<SessionEvent, Session> commit(
      List<? extends SessionEvent> events,
      List<ActorRef<SessionReply>> replyTo,
      List<SessionReply> replies) {
    if (events.isEmpty()) {
      answer(replyTo, replies);
      return Effect().noReply();
    }
    committing = replyTo;
    return Effect()
        .persist(List.<SessionEvent>copyOf(events))
        .thenRun(
            (Session session) -> {
              committing = List.of();
              purgedMemory.forget(session, events);
              answer(replyTo, replies);
              events.forEach(event -> listener.committed(session, event));
              show(session, events);
              renewals.note(events);
              renewals.answer(session, System.nanoTime());
              if (!watchers.isEmpty()) {
                watchers.answer(session, System.nanoTime());
              }
              awaitDue(session);
              turnAtWork.follow(session);
            })
        .thenNoReply();
  }

  private static void answer(List<ActorRef<SessionReply>> replyTo, List<SessionReply> replies) {
    for (int i = 0; i < replyTo.size(); i++) {
      replyTo.get(i).tell(replies.get(i));
    }
  }

  /** Gives durable records to the readers that wait for them. */
  private void show(Session session, List<? extends SessionEvent> events) {
    for (SessionEvent event : events) {
      if (event instanceof SessionEvent.RecordsAppended appended) {
        for (StreamAppend append : appended.appends()) {
          hotTail.add(append);
        }
        for (StreamAppend append : appended.appends()) {
          waitingReads.drain(append.channel(), read -> answerRead(session, read));
        }
        if (!timers.isTimerActive(CoolDown.INSTANCE)) {
          timers.startSingleTimer(CoolDown.INSTANCE, settings.hotTailCoolDown());
        }
      }
    }
  }

  private ReplyEffect<SessionEvent, Session> onRead(Session session, Read read) {
    answerRead(session, read);
    return Effect().noReply();
  }

  private void answerRead(Session session, Read read) {
    if (read.generation() != session.retention().generation()) {
      read.replyTo().tell(new ReadReply.Gone());
      return;
    }
    ChannelState channel = session.channel(read.channel());
    long from = Math.max(read.fromSeq(), channel.trimPoint());
    if (from < channel.nextSeq()) {
      Optional<RecordBatch> batch = hotTail.read(read.channel(), channel, from, read.maxBytes());
      read.replyTo()
          .tell(
              batch.isPresent()
                  ? new ReadReply.Records(batch.get())
                  : new ReadReply.InJournal(
                      from,
                      channel.tail(),
                      channel.index().versionAtOrBefore(from),
                      session.version()));
    } else if (read.maxWait().isZero() || read.fromSeq() < from) {
      // In the second case all that was asked for has been trimmed, and the reader moves up.
      read.replyTo().tell(new ReadReply.AtTail(channel.tail()));
    } else {
      waitingReads.add(read, System.nanoTime());
      scheduleReadsDue(read.maxWait());
    }
  }

  private ReplyEffect<SessionEvent, Session> onStopTurn(StopTurn stop) {
    turnAtWork.stop(stop.replyTo());
    return Effect().noReply();
  }

  private ReplyEffect<SessionEvent, Session> onResumeTurn(Session session) {
    if (!turnAtWork.isMissing(session)) {
      return Effect().noReply();
    }
    Decision decision = session.decide(new SessionCommand.ResumeTurn(), clock.instant());
    return commit(decision.events(), List.of(), List.of());
  }

  private ReplyEffect<SessionEvent, Session> onWatch(Session session, Watch watch) {
    watchers.add(watch, session, System.nanoTime());
    scheduleWatchesDue();
    return Effect().noReply();
  }

  private ReplyEffect<SessionEvent, Session> onWatchRenewals(Session session, WatchRenewals watch) {
    renewals.add(watch, session, System.nanoTime());
    scheduleWatchesDue();
    return Effect().noReply();
  }

  private ReplyEffect<SessionEvent, Session> onReadsDue(Session session) {
    watchers.answer(session, System.nanoTime());
    renewals.answer(session, System.nanoTime());
    waitingReads.drainDue(
        System.nanoTime(),
        read -> read.replyTo().tell(new ReadReply.AtTail(session.channel(read.channel()).tail())));
    if (!waitingReads.isEmpty()) {
      scheduleReadsDue(RETRY_AFTER);
    }
    scheduleWatchesDue();
    return Effect().noReply();
  }

  /** With a timer of their own: that of the reads may be set for much later. */
  private void scheduleWatchesDue() {
    if ((!watchers.isEmpty() || renewals.isAwaited()) && !timers.isTimerActive(watchers)) {
      timers.startSingleTimer(watchers, ReadsDue.INSTANCE, RETRY_AFTER);
    }
  }

  private void scheduleReadsDue(Duration in) {
    if (!timers.isTimerActive(ReadsDue.INSTANCE)) {
      timers.startSingleTimer(ReadsDue.INSTANCE, in);
    }
  }

  private ReplyEffect<SessionEvent, Session> onInspect(Session session, Inspect inspect) {
    Channel wanted = inspect.channel();
    ChannelState channel = session.channel(wanted);
    return Effect()
        .reply(
            inspect.replyTo(),
            new Inspection(
                session.info(),
                session.clockwork(),
                channel.trimPoint(),
                channel.tail(),
                channel.settled(),
                session.retention().generation()));
  }

  private ReplyEffect<SessionEvent, Session> onLocate(Session session, Locate locate) {
    ChannelState channel = session.channel(locate.channel());
    long seq = channel.index().seqBefore(locate.timestamp());
    return Effect().reply(locate.replyTo(), Math.max(seq, channel.trimPoint()));
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
    Instant next = session.nextDue(clock.instant());
    if (Objects.equals(next, awaited) && (next == null || timers.isTimerActive(Due.INSTANCE))) {
      return;
    }
    awaited = next;
    awake.set(id, next);
    if (next == null) {
      timers.cancel(Due.INSTANCE);
      return;
    }
    Duration left = Duration.between(clock.instant(), next);
    timers.startSingleTimer(
        Due.INSTANCE, left.compareTo(LONGEST_TIMER) < 0 ? left.plusMillis(1) : LONGEST_TIMER);
  }

  private ReplyEffect<SessionEvent, Session> onCoolDown() {
    hotTail.clear();
    return Effect().noReply();
  }

  private ReplyEffect<SessionEvent, Session> onStop(Session session) {
    refusePending();
    turnAtWork.end();
    watchers.answerAll(session);
    renewals.answerAll(session);
    return Effect().stop().thenNoReply();
  }

  private void refusePending() {
    pending
        .takeAll()
        .forEach(append -> append.replyTo().tell(new SessionReply.Overloaded(RETRY_AFTER)));
  }

  @Override
  public SignalHandler<Session> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .onSignal(SnapshotCompleted.class, (session, completed) -> onSnapshot(session))
        .onSignal(SnapshotFailed.class, (session, failed) -> snapshotPace.taken(session))
        .onSignal(PreRestart.instance(), session -> onFailure())
        .onSignal(PostStop.instance(), session -> onStopped())
        .build();
  }

  /** Nothing is committed while a snapshot is being written, so this is the state it holds. */
  private void onSnapshot(Session session) {
    snapshotPace.taken(session);
    reclaim(trimmedSpace.due(session));
  }

  private void onRecovered(Session session) {
    renewals.recovered(session);
    awaitDue(session);
    if (leftOver != null && purgedMemory.outlived(session, leftOver.version())) {
      leftOver = null;
    }
    if (turnAtWork.isMissing(session)) {
      context.getSelf().tell(ResumeTurn.INSTANCE);
    }
    reclaimLeftOver();
  }

  private void reclaimLeftOver() {
    if (leftOver != null && !leftOver.trims().isEmpty()) {
      reclaim(leftOver);
    }
    leftOver = null;
  }

  private void reclaim(Reclaim reclaim) {
    ActorRef<SessionMessage> self = context.getSelf();
    space.reclaim(reclaim, () -> self.tell(new Reclaimed(reclaim)));
  }

  private ReplyEffect<SessionEvent, Session> onReclaimed(Session session, Reclaimed reclaimed) {
    if (reclaimed.reclaim().version() >= session.retention().generation()) {
      trimmedSpace.done(reclaimed.reclaim());
    }
    return Effect().noReply();
  }

  private void onStopped() {
    awake.set(id, null);
    onFailure();
  }

  /**
   * The journal refused or did not answer: another owner may have written, or the write may have
   * been done. Nobody is told yes, what waited is told no, and nothing remembered is shown again.
   */
  private void onFailure() {
    committing.forEach(replyTo -> replyTo.tell(new SessionReply.OutcomeUnknown(RETRY_AFTER)));
    committing = List.of();
    refusePending();
    turnAtWork.end();
    hotTail.clear();
    callbacks.reset();
    awaited = null;
    snapshotPace.reset();
    trimmedSpace.restore(Map.of());
  }

  @Override
  public Set<String> tagsFor(SessionEvent event) {
    return EventTags.of(id, event);
  }

  @Override
  public boolean shouldSnapshot(Session session, SessionEvent event, long sequenceNr) {
    return snapshotPace.isDue(session, event);
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.disabled();
  }

  @Override
  public SnapshotAdapter<Session> snapshotAdapter() {
    return new SnapshotAdapter<>() {
      @Override
      public Object toJournal(Session session) {
        return SnapshotCodec.encode(session, trimmedSpace.reclaimedTo());
      }

      @Override
      public Session fromJournal(Object stored) {
        SnapshotCodec.Restored restored = SnapshotCodec.decode(id, (StoredSnapshot) stored);
        snapshotPace.taken(restored.session());
        trimmedSpace.restore(restored.reclaimedTo());
        leftOver = trimmedSpace.due(restored.session());
        return restored.session().keptFor(settings.retention());
      }
    };
  }
}
