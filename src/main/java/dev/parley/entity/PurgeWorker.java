package dev.parley.entity;

import dev.parley.journal.Erasure;
import dev.parley.journal.RepeatedFailure;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.ShardedDaemonProcessSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ShardedDaemonProcess;
import org.slf4j.LoggerFactory;

/** Removes the rows of purged sessions: one worker in the cluster, which goes on where it was. */
public final class PurgeWorker {
  private static final String NAME = "purges";

  /** Somebody may be waiting to be told that nothing is left. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private static final RepeatedFailure CANT_REMOVE =
      new RepeatedFailure(
          LoggerFactory.getLogger(PurgeWorker.class),
          "Can't remove what was purged, will try again");

  private enum Message {
    LOOK,
    MORE,
    DONE,
    FAILED,
    STOP
  }

  private PurgeWorker() {}

  /** Runs the worker on one of the nodes. To be called once on each node. */
  public static void start(ActorSystem<?> system, Erasure erasure) {
    ShardedDaemonProcess.get(system)
        .init(
            Message.class,
            NAME,
            1,
            number -> worker(erasure),
            ShardedDaemonProcessSettings.create(system),
            Optional.of(Message.STOP));
  }

  private static Behavior<Message> worker(Erasure erasure) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  context.getSelf().tell(Message.LOOK);
                  return Behaviors.receive(Message.class)
                      .onMessageEquals(Message.LOOK, () -> look(context, erasure))
                      .onMessageEquals(Message.MORE, () -> look(context, erasure))
                      .onMessageEquals(Message.DONE, () -> rest(timers, LOOK_EVERY))
                      .onMessageEquals(Message.FAILED, () -> rest(timers, RETRY_AFTER))
                      .onMessageEquals(Message.STOP, Behaviors::stopped)
                      .build();
                }));
  }

  private static Behavior<Message> look(ActorContext<Message> context, Erasure erasure) {
    context.pipeToSelf(
        erasure.work(),
        (more, failure) -> {
          if (failure != null) {
            CANT_REMOVE.warn(failure);
            return Message.FAILED;
          }
          return more ? Message.MORE : Message.DONE;
        });
    return Behaviors.same();
  }

  private static Behavior<Message> rest(TimerScheduler<Message> timers, Duration pause) {
    timers.startSingleTimer(Message.LOOK, pause);
    return Behaviors.same();
  }
}
