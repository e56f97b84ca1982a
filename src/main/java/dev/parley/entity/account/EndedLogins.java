package dev.parley.entity.account;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.pubsub.Topic;

/**
 * Tells every node of logins that have ended, by a hint that may get lost: whoever keeps something
 * open for a login asks its entity when the hint comes, and now and then without one.
 */
final class EndedLogins {
  private static final String NAME = "ended-logins";
  private static final AtomicLong LISTENERS = new AtomicLong();

  private final ActorSystem<?> system;
  private final ActorRef<Topic.Command<LoginEnded>> topic;

  private EndedLogins(ActorSystem<?> system, ActorRef<Topic.Command<LoginEnded>> topic) {
    this.system = system;
    this.topic = topic;
  }

  /** To be called once for each actor system. */
  static EndedLogins start(ActorSystem<?> system) {
    return new EndedLogins(
        system, system.systemActorOf(Topic.create(LoginEnded.class, NAME), NAME, Props.empty()));
  }

  /**
   * @param name as in {@link LoginEnded}
   */
  void tell(String name) {
    topic.tell(Topic.publish(new LoginEnded(name)));
  }

  /** Calls the listener with each name, one after the other. */
  void listen(Consumer<String> listener) {
    ActorRef<LoginEnded> actor =
        system.systemActorOf(
            Behaviors.receiveMessage(
                login -> {
                  listener.accept(login.name());
                  return Behaviors.same();
                }),
            NAME + "-" + LISTENERS.incrementAndGet(),
            Props.empty());
    topic.tell(Topic.subscribe(actor));
  }
}
