package dev.parley.entity.webchat;

import dev.parley.entity.Tenure;
import dev.parley.entity.webchat.EntryPointMessage.Put;
import dev.parley.entity.webchat.EntryPointMessage.Remove;
import dev.parley.entity.webchat.EntryPointMessage.Stop;
import dev.parley.entity.webchat.EntryPointMessage.Tell;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;

/** Keeps where one event leads. Tells it only while that is certainly still so. */
final class EntryPointEntity
    extends EventSourcedBehaviorWithEnforcedReplies<
        EntryPointMessage, EntryPointEvent, EntryPointState> {
  /** The name of the entity type; the first part of every persistence id. */
  static final String TYPE = "WebchatEvent";

  private static final int SNAPSHOT_EVERY_EVENTS = 100;

  private final Tenure tenure;

  EntryPointEntity(String entityId, Tenure tenure) {
    super(
        PersistenceId.of(TYPE, entityId),
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.2));
    this.tenure = tenure;
  }

  @Override
  public EntryPointState emptyState() {
    return EntryPointState.NOWHERE;
  }

  @Override
  public EventHandler<EntryPointState, EntryPointEvent> eventHandler() {
    return EntryPointState::after;
  }

  @Override
  public CommandHandlerWithReply<EntryPointMessage, EntryPointEvent, EntryPointState>
      commandHandler() {
    return newCommandHandlerWithReplyBuilder()
        .forAnyState()
        .onCommand(
            Put.class,
            (state, put) -> commit(state, new EntryPointEvent.Put(put.entryPoint()), put.replyTo()))
        .onCommand(
            Remove.class,
            (state, remove) -> commit(state, new EntryPointEvent.Removed(), remove.replyTo()))
        .onCommand(Tell.class, (state, tell) -> tell(state, tell.replyTo()))
        .onCommand(Stop.class, (state, stop) -> Effect().stop().thenNoReply())
        .build();
  }

  private ReplyEffect<EntryPointEvent, EntryPointState> commit(
      EntryPointState before, EntryPointEvent event, ActorRef<EntryPointReply> replyTo) {
    return before.after(event).equals(before)
        ? tell(before, replyTo)
        : Effect()
            .persist(event)
            .thenReply(replyTo, now -> new EntryPointReply(before.entryPoint(), now.entryPoint()));
  }

  private ReplyEffect<EntryPointEvent, EntryPointState> tell(
      EntryPointState state, ActorRef<EntryPointReply> replyTo) {
    return tenure.holds()
        ? Effect().reply(replyTo, new EntryPointReply(state.entryPoint(), state.entryPoint()))
        : Effect().noReply();
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY_EVENTS, 2);
  }
}
