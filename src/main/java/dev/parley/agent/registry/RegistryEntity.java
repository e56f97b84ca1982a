package dev.parley.agent.registry;

import dev.parley.agent.AgentSnapshot;
import dev.parley.agent.registry.RegistryMessage.Put;
import dev.parley.agent.registry.RegistryMessage.Read;
import dev.parley.agent.registry.RegistryMessage.Remove;
import dev.parley.agent.registry.RegistryMessage.Stop;
import dev.parley.agent.registry.RegistryMessage.Switch;
import dev.parley.agent.registry.RegistryMessage.Waited;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * Keeps the agents that were registered in one environment: asks {@link RegistryRules}, makes the
 * change durable, then answers who asked and who waits for changes.
 */
final class RegistryEntity
    extends EventSourcedBehaviorWithEnforcedReplies<RegistryMessage, RegistryEvent, RegistryState> {
  /** The name of the entity type; the first part of every persistence id. */
  static final String TYPE = "Agents";

  private static final int SNAPSHOT_EVERY_EVENTS = 100;

  private final RegistryRules rules;
  private final TimerScheduler<RegistryMessage> timers;
  private final List<Read> waiting = new ArrayList<>();

  private RegistryEntity(
      String environmentId, AgentSnapshot configured, TimerScheduler<RegistryMessage> timers) {
    super(
        PersistenceId.of(TYPE, environmentId),
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.2));
    this.rules = new RegistryRules(configured);
    this.timers = timers;
  }

  static Behavior<RegistryMessage> create(String environmentId, AgentSnapshot configured) {
    return Behaviors.withTimers(timers -> new RegistryEntity(environmentId, configured, timers));
  }

  @Override
  public RegistryState emptyState() {
    return RegistryState.EMPTY;
  }

  @Override
  public EventHandler<RegistryState, RegistryEvent> eventHandler() {
    return RegistryState::apply;
  }

  @Override
  public CommandHandlerWithReply<RegistryMessage, RegistryEvent, RegistryState> commandHandler() {
    return newCommandHandlerWithReplyBuilder()
        .forAnyState()
        .onCommand(Put.class, (state, put) -> commit(rules.put(state, put.agent()), put.replyTo()))
        .onCommand(
            Remove.class,
            (state, remove) -> commit(rules.remove(state, remove.id()), remove.replyTo()))
        .onCommand(
            Switch.class,
            (state, toggle) ->
                commit(rules.switchTo(state, toggle.id(), toggle.started()), toggle.replyTo()))
        .onCommand(Read.class, this::onRead)
        .onCommand(Waited.class, this::onWaited)
        .onCommand(Stop.class, (state, stop) -> onStop(state))
        .build();
  }

  private ReplyEffect<RegistryEvent, RegistryState> commit(
      RegistryRules.Decision decision, ActorRef<RegistryReply> replyTo) {
    RegistryEvent event = decision.event();
    if (event == null) {
      return Effect().reply(replyTo, decision.reply());
    }
    return Effect()
        .persist(event)
        .thenRun(this::answerAll)
        .thenReply(replyTo, state -> decision.reply());
  }

  private ReplyEffect<RegistryEvent, RegistryState> onRead(RegistryState state, Read read) {
    if (read.since() != state.version() || read.maxWait().isZero()) {
      return Effect().reply(read.replyTo(), state.page(read.since()));
    }
    waiting.add(read);
    timers.startSingleTimer(read, new Waited(read), read.maxWait());
    return Effect().noReply();
  }

  private ReplyEffect<RegistryEvent, RegistryState> onWaited(RegistryState state, Waited waited) {
    if (waiting.remove(waited.read())) {
      waited.read().replyTo().tell(state.page(waited.read().since()));
    }
    return Effect().noReply();
  }

  private ReplyEffect<RegistryEvent, RegistryState> onStop(RegistryState state) {
    answerAll(state);
    return Effect().stop().thenNoReply();
  }

  private void answerAll(RegistryState state) {
    for (Read read : waiting) {
      timers.cancel(read);
      read.replyTo().tell(state.page(read.since()));
    }
    waiting.clear();
  }

  /** Who waited asks again. */
  @Override
  public SignalHandler<RegistryState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(PreRestart.instance(), state -> waiting.clear())
        .build();
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY_EVENTS, 2);
  }
}
