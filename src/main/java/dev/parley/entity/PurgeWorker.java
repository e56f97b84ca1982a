package dev.parley.entity;

import dev.parley.journal.RepeatedFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.ShardedDaemonProcessSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ShardedDaemonProcess;
import org.slf4j.LoggerFactory;

/**
 * Removes what is noted to be removed, as the rows of purged sessions: one worker in the cluster
 * for each kind of work, which goes on where it was.
 */
public final class PurgeWorker {
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

  /**
   * Runs the worker on one of the nodes. To be called once on each node.
   *
   * @param name of the worker, the same on every node
   * @param work does a part of what is to be done now and says whether there is more
   */
  public static void start(
      ActorSystem<?> system, String name, Supplier<CompletionStage<Boolean>> work) {
    ShardedDaemonProcess.get(system)
        .init(
            Message.class,
            name,
            1,
            number -> worker(work),
            ShardedDaemonProcessSettings.create(system),
            Optional.of(Message.STOP));
  }

  private static Behavior<Message> worker(Supplier<CompletionStage<Boolean>> work) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  context.getSelf().tell(Message.LOOK);
                  return Behaviors.receive(Message.class)
                      .onMessageEquals(Message.LOOK, () -> look(context, work))
                      .onMessageEquals(Message.MORE, () -> look(context, work))
                      .onMessageEquals(Message.DONE, () -> rest(timers, LOOK_EVERY))
                      .onMessageEquals(Message.FAILED, () -> rest(timers, RETRY_AFTER))
                      .onMessageEquals(Message.STOP, Behaviors::stopped)
                      .build();
                }));
  }

  private static Behavior<Message> look(
      ActorContext<Message> context, Supplier<CompletionStage<Boolean>> work) {
    context.pipeToSelf(
        work.get(),
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
