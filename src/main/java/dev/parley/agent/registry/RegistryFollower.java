package dev.parley.agent.registry;

import dev.parley.agent.AgentDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/**
 * Keeps a node's copy of one registry: asks for changes again and again, and hands on each state
 * that is a whole.
 */
final class RegistryFollower extends AbstractBehavior<RegistryFollower.Message> {
  /** Short, so that who asked a registry whose node died soon asks the one that took its place. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  private static final Duration PATIENCE = Duration.ofMillis(1_800);
  private static final Duration RETRY_AFTER = Duration.ofMillis(200);

  /** What a follower receives. */
  sealed interface Message {}

  private record Answered(RegistryPage page) implements Message {}

  private record NotAnswered(Throwable failure) implements Message {}

  private enum Again implements Message {
    INSTANCE
  }

  /** Asks to be told when this node has a version. */
  record Await(long version, ActorRef<Done> replyTo) implements Message {}

  /** Ends the questions: those that a node still asks when it leaves would hold it up. */
  enum Stop implements Message {
    INSTANCE
  }

  /** Takes a state that is a whole. */
  interface Copy {
    /**
     * @param registered in the order of their registration
     */
    void set(Map<String, Boolean> switched, List<AgentDefinition> registered);
  }

  private final EntityRef<RegistryMessage> registry;
  private final TimerScheduler<Message> timers;
  private final Copy copy;
  private final Map<String, AgentDefinition> agents = new HashMap<>();
  private final List<Await> awaiting = new ArrayList<>();
  private long version;

  /** Whether what was handed on is of this version. */
  private boolean whole;

  private RegistryFollower(
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      EntityRef<RegistryMessage> registry,
      Copy copy) {
    super(context);
    this.timers = timers;
    this.registry = registry;
    this.copy = copy;
    ask(Duration.ZERO);
  }

  static Behavior<Message> create(EntityRef<RegistryMessage> registry, Copy copy) {
    return Behaviors.supervise(
            Behaviors.<Message>setup(
                context ->
                    Behaviors.withTimers(
                        timers -> new RegistryFollower(context, timers, registry, copy))))
        .onFailure(SupervisorStrategy.restartWithBackoff(RETRY_AFTER, Duration.ofSeconds(5), 0.2));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Answered.class, answered -> onAnswered(answered.page()))
        .onMessage(NotAnswered.class, this::onNotAnswered)
        .onMessage(Again.class, again -> ask(whole ? LONGEST_WAIT : Duration.ZERO))
        .onMessage(Await.class, this::onAwait)
        .onMessageEquals(Stop.INSTANCE, Behaviors::stopped)
        .build();
  }

  private Behavior<Message> ask(Duration maxWait) {
    Function<ActorRef<RegistryPage>, RegistryMessage> question =
        replyTo -> new RegistryMessage.Read(version, maxWait, replyTo);
    BiFunction<RegistryPage, Throwable, Message> answer =
        (page, failure) -> failure == null ? new Answered(page) : new NotAnswered(failure);
    getContext().pipeToSelf(registry.ask(question::apply, PATIENCE), answer::apply);
    return this;
  }

  private Behavior<Message> onAnswered(RegistryPage page) {
    boolean news = !whole || page.version() != version;
    agents.keySet().retainAll(page.present());
    page.changed().forEach(agent -> agents.put(RegistryState.key(agent.id()), agent));
    version = page.version();
    whole = page.complete();
    if (whole && news) {
      copy.set(page.switched(), page.present().stream().map(agents::get).toList());
    }
    if (whole) {
      awaiting.removeIf(this::told);
    }
    return ask(whole ? LONGEST_WAIT : Duration.ZERO);
  }

  private Behavior<Message> onNotAnswered(NotAnswered failure) {
    getContext().getLog().debug("The registry does not answer, will ask again", failure.failure());
    timers.startSingleTimer(Again.INSTANCE, RETRY_AFTER);
    return this;
  }

  private Behavior<Message> onAwait(Await await) {
    if (!(whole && told(await))) {
      awaiting.add(await);
    }
    return this;
  }

  private boolean told(Await await) {
    boolean reached = version >= await.version();
    if (reached) {
      await.replyTo().tell(Done.getInstance());
    }
    return reached;
  }
}
