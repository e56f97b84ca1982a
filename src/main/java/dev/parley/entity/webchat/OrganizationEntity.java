package dev.parley.entity.webchat;

import dev.parley.entity.Tenure;
import dev.parley.entity.webchat.OrganizationMessage.Change;
import dev.parley.entity.webchat.OrganizationMessage.Look;
import dev.parley.entity.webchat.OrganizationMessage.Rotate;
import dev.parley.entity.webchat.OrganizationMessage.Stop;
import dev.parley.entity.webchat.OrganizationMessage.Tell;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;

/**
 * Keeps the webchat settings of one organization. What it remembers is told only while it is
 * certainly all there is: an old key must not open anything on a node that was given up.
 */
final class OrganizationEntity
    extends EventSourcedBehaviorWithEnforcedReplies<
        OrganizationMessage, OrganizationEvent, OrganizationSettings> {
  /** The name of the entity type; the first part of every persistence id. */
  static final String TYPE = "Webchat";

  private static final int SNAPSHOT_EVERY_EVENTS = 100;

  private final Tenure tenure;

  OrganizationEntity(String entityId, Tenure tenure) {
    super(
        PersistenceId.of(TYPE, entityId),
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(5), 0.2));
    this.tenure = tenure;
  }

  @Override
  public OrganizationSettings emptyState() {
    return OrganizationSettings.INITIAL;
  }

  @Override
  public EventHandler<OrganizationSettings, OrganizationEvent> eventHandler() {
    return OrganizationSettings::after;
  }

  @Override
  public CommandHandlerWithReply<OrganizationMessage, OrganizationEvent, OrganizationSettings>
      commandHandler() {
    return newCommandHandlerWithReplyBuilder()
        .forAnyState()
        .onCommand(
            Change.class,
            (state, change) -> commit(OrganizationRules.change(state, change), change.replyTo()))
        .onCommand(
            Tell.class,
            (state, tell) ->
                commit(OrganizationRules.withKey(state, tell.freshKey()), tell.replyTo()))
        .onCommand(
            Rotate.class,
            (state, rotate) ->
                commit(List.of(new OrganizationEvent.KeyMade(rotate.freshKey())), rotate.replyTo()))
        .onCommand(Look.class, (state, look) -> commit(List.of(), look.replyTo()))
        .onCommand(Stop.class, (state, stop) -> Effect().stop().thenNoReply())
        .build();
  }

  private ReplyEffect<OrganizationEvent, OrganizationSettings> commit(
      List<OrganizationEvent> events, ActorRef<OrganizationReply> replyTo) {
    if (!events.isEmpty()) {
      return Effect().persist(events).thenReply(replyTo, OrganizationReply::new);
    }
    // Who asks is told nothing and tries again.
    return tenure.holds()
        ? Effect().none().thenReply(replyTo, OrganizationReply::new)
        : Effect().noReply();
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY_EVENTS, 2);
  }
}
