package dev.parley.entity.account;

import dev.parley.journal.PassedRows;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.ShardedDaemonProcessSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ShardedDaemonProcess;

/**
 * Removes the rows of browser sessions and hand-offs that have ended: one worker in the cluster. A
 * session whose newest row is older than the time to live has not slid since, so it is over; a
 * hand-off is forgotten a day after its end, which comes within 20 minutes. An hour more passes
 * before a row goes, since its key refuses a writer that was overtaken.
 */
public final class Forgetting {
  private static final String NAME = "forgotten-accounts";
  private static final Duration LOOK_EVERY = Duration.ofMinutes(10);
  private static final Duration MARGIN = Duration.ofHours(1);

  private enum Message {
    LOOK,
    DONE,
    STOP
  }

  private Forgetting() {}

  /** What is to go when: the rules for {@link PassedRows}. */
  static List<PassedRows.Rule> rules(Duration timeToLive) {
    return List.of(
        new PassedRows.Rule(AccountKind.BROWSER_SESSION.typeName(), timeToLive.plus(MARGIN)),
        new PassedRows.Rule(
            AccountKind.HAND_OFF.typeName(), HandOff.WAITS.plus(HandOff.REMEMBERED).plus(MARGIN)));
  }

  /**
   * Runs the worker on one of the nodes. To be called once on each node.
   *
   * @param timeToLive of browser sessions
   */
  public static void start(ActorSystem<?> system, PassedRows rows, Duration timeToLive) {
    List<PassedRows.Rule> rules = rules(timeToLive);
    ShardedDaemonProcess.get(system)
        .init(
            Message.class,
            NAME,
            1,
            number -> worker(rows, rules),
            ShardedDaemonProcessSettings.create(system),
            Optional.of(Message.STOP));
  }

  private static Behavior<Message> worker(PassedRows rows, List<PassedRows.Rule> rules) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startSingleTimer(Message.LOOK, LOOK_EVERY);
                  return Behaviors.receive(Message.class)
                      .onMessageEquals(Message.LOOK, () -> look(context, rows, rules))
                      .onMessageEquals(Message.DONE, () -> rest(timers))
                      .onMessageEquals(Message.STOP, Behaviors::stopped)
                      .build();
                }));
  }

  private static Behavior<Message> look(
      ActorContext<Message> context, PassedRows rows, List<PassedRows.Rule> rules) {
    context.pipeToSelf(
        rows.remove(rules),
        (more, failure) -> {
          if (failure != null) {
            context.getLog().warn("Can't remove what has ended, will try again", failure);
          }
          return failure == null && more ? Message.LOOK : Message.DONE;
        });
    return Behaviors.same();
  }

  private static Behavior<Message> rest(TimerScheduler<Message> timers) {
    timers.startSingleTimer(Message.LOOK, LOOK_EVERY);
    return Behaviors.same();
  }
}
