package dev.parley.entity;

import dev.parley.journal.DueIndex;
import dev.parley.journal.RepeatedFailure;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.ShardedDaemonProcessSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ShardedDaemonProcess;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.LoggerFactory;

/**
 * Wakes sessions for which something falls due, wherever they sleep: one worker for each slice of
 * the {@link DueIndex}, spread over the cluster. Only the session decides; one that is awake has
 * its own timer and finds nothing left to do.
 */
public final class DueWorkers {
  private static final String NAME = "due-times";

  /** How late a sleeping session may notice, at most. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  /** How soon one is tried again that was too busy to be woken, and one that did not answer. */
  private static final Duration RETRY_BUSY = Duration.ofMillis(250);

  private static final Duration RETRY_LOST = Duration.ofSeconds(1);

  /** Sessions that are looked up at once, and of these how many are woken at the same time. */
  private static final int MAX_ENTRIES = 500;

  private static final int MAX_WAKING = 64;

  /**
   * Sessions of one slice that may be under way, those included that take too long to wait for: so
   * much is in memory at once, however many fall due.
   */
  public static final int MAX_UNDER_WAY = 256;

  /** Sessions that do not wake within this time are no longer waited for. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  /** How soon to look again when the database did not let anybody look. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private static final RepeatedFailure CANT_LOOK =
      new RepeatedFailure(
          LoggerFactory.getLogger(DueWorkers.class), "Can't look for what is due, will try again");

  private static final RepeatedFailure CANT_SETTLE =
      new RepeatedFailure(
          LoggerFactory.getLogger(DueWorkers.class), "Can't settle a due time, will try again");

  private final ActorSystem<?> system;
  private final Sessions sessions;
  private final DueIndex index;
  private final Clock clock;

  private DueWorkers(ActorSystem<?> system, Sessions sessions, DueIndex index, Clock clock) {
    this.system = system;
    this.sessions = sessions;
    this.index = index;
    this.clock = clock;
  }

  private enum Message {
    LOOK,
    /** It is time to look again at once: there may be more, or the last time took long. */
    AGAIN,
    /** All that was found has been dealt with. */
    DONE,
    FAILED,
    STOP
  }

  /** Runs the workers on the nodes of the cluster. To be called once on each node. */
  public static void start(ActorSystem<?> system, Sessions sessions, DueIndex index, Clock clock) {
    DueWorkers workers = new DueWorkers(system, sessions, index, clock);
    ShardedDaemonProcess.get(system)
        .init(
            Message.class,
            NAME,
            DueIndex.SLICES,
            workers::worker,
            ShardedDaemonProcessSettings.create(system),
            Optional.of(Message.STOP));
  }

  private Behavior<Message> worker(int slice) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  Set<SessionId> waking = ConcurrentHashMap.newKeySet();
                  context.getSelf().tell(Message.LOOK);
                  return Behaviors.receive(Message.class)
                      .onMessageEquals(Message.LOOK, () -> look(context, slice, waking))
                      .onMessageEquals(Message.AGAIN, () -> look(context, slice, waking))
                      .onMessageEquals(Message.DONE, () -> rest(timers, LOOK_EVERY))
                      .onMessageEquals(Message.FAILED, () -> rest(timers, LOOK_AGAIN))
                      .onMessageEquals(Message.STOP, Behaviors::stopped)
                      .build();
                }));
  }

  private static Behavior<Message> rest(TimerScheduler<Message> timers, Duration pause) {
    timers.startSingleTimer(Message.LOOK, pause);
    return Behaviors.same();
  }

  /**
   * @param waking the sessions that were asked to wake and have not answered
   */
  private Behavior<Message> look(ActorContext<Message> context, int slice, Set<SessionId> waking) {
    long begin = System.nanoTime();
    context.pipeToSelf(
        index
            .due(slice, clock.instant(), MAX_ENTRIES)
            .thenComposeAsync(
                entries ->
                    wakeAll(entries, waking)
                        .thenApply(woken -> woken > 0 && entries.size() == MAX_ENTRIES),
                system.executionContext()::execute),
        (full, failure) -> {
          if (failure != null) {
            CANT_LOOK.warn(failure);
            return Message.FAILED;
          }
          boolean late = System.nanoTime() - begin > LOOK_EVERY.toNanos();
          return full || late ? Message.AGAIN : Message.DONE;
        });
    return Behaviors.same();
  }

  /**
   * How many were dealt with. Those that take longer are left to themselves, so that they do not
   * hold up what falls due in the meantime.
   */
  private CompletionStage<Integer> wakeAll(List<DueIndex.Entry> entries, Set<SessionId> waking) {
    return Source.from(entries)
        .mapAsyncUnordered(MAX_WAKING, entry -> wakeOnce(entry, waking))
        .filter(dealtWith -> dealtWith)
        .takeWithin(PATIENCE)
        .runWith(Sink.fold(0, (count, dealtWith) -> count + 1), system);
  }

  /**
   * Whether it was dealt with. Marked where it is asked: a stage of its own for this could mark an
   * entry that the stream then drops at its end, and nobody would ever ask for it again.
   */
  private CompletionStage<Boolean> wakeOnce(DueIndex.Entry entry, Set<SessionId> waking) {
    if (waking.size() >= MAX_UNDER_WAY || !waking.add(entry.session())) {
      return CompletableFuture.completedFuture(false);
    }
    return wake(entry)
        .handle(
            (settled, failure) -> {
              waking.remove(entry.session());
              return failure == null || notSettled(failure);
            });
  }

  /** The entry is as it was, and will be found again. */
  private boolean notSettled(Throwable failure) {
    CANT_SETTLE.warn(failure);
    return false;
  }

  private CompletionStage<Boolean> wake(DueIndex.Entry entry) {
    return sessions
        .ask(entry.session(), new SessionCommand.Wake())
        .thenCompose(
            reply ->
                index.settle(
                    entry,
                    reply instanceof SessionReply.Awake awake ? awake.nextDue() : retry(reply)));
  }

  private Instant retry(SessionReply reply) {
    boolean busy = reply instanceof SessionReply.Overloaded;
    return clock.instant().plus(busy ? RETRY_BUSY : RETRY_LOST);
  }
}
