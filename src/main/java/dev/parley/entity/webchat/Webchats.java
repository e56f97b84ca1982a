package dev.parley.entity.webchat;

import dev.parley.entity.Tenure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.jspecify.annotations.Nullable;

/**
 * The webchats of one environment, as the faces see them. Whatever is asked here fails with {@link
 * TimeoutException} when nobody answers; a change may have been made then. Ids must be valid, see
 * {@link EntityNames}.
 */
public final class Webchats {
  private static final EntityTypeKey<OrganizationMessage> ORGANIZATIONS =
      EntityTypeKey.create(OrganizationMessage.class, OrganizationEntity.TYPE);

  private static final EntityTypeKey<EntryPointMessage> EVENTS =
      EntityTypeKey.create(EntryPointMessage.class, EntryPointEntity.TYPE);

  /** An id like any other, of which nothing is ever stored. */
  private static final String PROBE = "probe";

  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final Executor ON_THE_SPOT = Runnable::run;

  private final ClusterSharding sharding;
  private final String environmentId;
  private final Map<String, EntryPoint> configured;

  private Webchats(
      ClusterSharding sharding, String environmentId, Map<String, EntryPoint> configured) {
    this.sharding = sharding;
    this.environmentId = environmentId;
    this.configured = Map.copyOf(configured);
  }

  /**
   * Joins this node to the sharding of webchats. To be called once for each actor system.
   *
   * @param environmentId the tenant of all its sessions
   * @param tenure whether what lives on this node is certainly still its own
   * @param configured where events lead unless the API says otherwise, by their ids; the same on
   *     every node
   */
  public static Webchats start(
      ActorSystem<?> system,
      String environmentId,
      Tenure tenure,
      Map<String, EntryPoint> configured) {
    ClusterSharding sharding = ClusterSharding.get(system);
    sharding.init(
        Entity.of(ORGANIZATIONS, context -> new OrganizationEntity(context.getEntityId(), tenure))
            .withStopMessage(OrganizationMessage.Stop.INSTANCE));
    sharding.init(
        Entity.of(EVENTS, context -> new EntryPointEntity(context.getEntityId(), tenure))
            .withStopMessage(EntryPointMessage.Stop.INSTANCE));
    return new Webchats(sharding, environmentId, configured);
  }

  /** The settings of an organization, with a key, which is made now if need be. */
  public CompletionStage<OrganizationSettings> settings(String organizationId) {
    return askOrganization(
        organizationId,
        replyTo -> new OrganizationMessage.Tell(ApiKeys.make(organizationId), replyTo));
  }

  /**
   * Changes the settings of an organization; answers all of them.
   *
   * @param widgetDomain null leaves it
   * @param allowedOrigins null leaves them
   */
  public CompletionStage<OrganizationSettings> change(
      String organizationId,
      @Nullable WidgetDomain widgetDomain,
      @Nullable List<String> allowedOrigins) {
    return askOrganization(
        organizationId,
        replyTo ->
            new OrganizationMessage.Change(
                widgetDomain, allowedOrigins, ApiKeys.make(organizationId), replyTo));
  }

  /** Gives an organization another key; from then on the old one opens nothing. */
  public CompletionStage<OrganizationSettings> rotateKey(String organizationId) {
    return askOrganization(
        organizationId,
        replyTo -> new OrganizationMessage.Rotate(ApiKeys.make(organizationId), replyTo));
  }

  /** The settings of an organization as they are. Makes no key. */
  public CompletionStage<OrganizationSettings> look(String organizationId) {
    return askOrganization(organizationId, OrganizationMessage.Look::new);
  }

  /**
   * An organization that was found by its key.
   *
   * @param id of the organization
   */
  public record Keyed(String id, OrganizationSettings settings) {}

  /** The organization whose key this is; empty when it is nobody's. */
  public CompletionStage<Optional<Keyed>> byKey(String apiKey) {
    Optional<String> named = ApiKeys.organizationOf(apiKey);
    return named.isEmpty()
        ? CompletableFuture.completedFuture(Optional.empty())
        : look(named.get())
            .thenApplyAsync(
                settings ->
                    settings.apiKey() != null && ApiKeys.areEqual(settings.apiKey(), apiKey)
                        ? Optional.of(new Keyed(named.get(), settings))
                        : Optional.empty(),
                ON_THE_SPOT);
  }

  /** Where an event leads; what the API has said goes before the configuration. */
  public CompletionStage<Optional<EntryPoint>> entryPoint(String eventId) {
    return askEvent(eventId, EntryPointMessage.Tell::new)
        .thenApplyAsync(
            reply ->
                Optional.ofNullable(reply.now() == null ? configured.get(eventId) : reply.now()),
            ON_THE_SPOT);
  }

  /** Lets an event lead there. */
  public CompletionStage<EntryPointReply> put(String eventId, EntryPoint entryPoint) {
    return askEvent(eventId, replyTo -> new EntryPointMessage.Put(entryPoint, replyTo));
  }

  /** Takes back what the API has said of an event. */
  public CompletionStage<EntryPointReply> remove(String eventId) {
    return askEvent(eventId, EntryPointMessage.Remove::new);
  }

  /** Whether the event is one of the configuration, which the API can't remove. */
  public boolean isConfigured(String eventId) {
    return configured.containsKey(eventId);
  }

  /** Completes when questions find their way: the first of a node wait for their shards. */
  public CompletionStage<?> ready() {
    return look(PROBE).thenCombine(entryPoint(PROBE), (organization, event) -> organization);
  }

  private CompletionStage<OrganizationSettings> askOrganization(
      String id, Function<ActorRef<OrganizationReply>, OrganizationMessage> message) {
    return sharding
        .entityRefFor(ORGANIZATIONS, entityId(id))
        .<OrganizationReply>ask(message::apply, PATIENCE)
        .thenApplyAsync(OrganizationReply::settings, ON_THE_SPOT);
  }

  private CompletionStage<EntryPointReply> askEvent(
      String id, Function<ActorRef<EntryPointReply>, EntryPointMessage> message) {
    return sharding
        .entityRefFor(EVENTS, entityId(id))
        .<EntryPointReply>ask(message::apply, PATIENCE);
  }

  private String entityId(String id) {
    if (!EntityNames.isValid(id)) {
      throw new IllegalArgumentException("an id must be " + EntityNames.RULE);
    }
    return environmentId + "/" + id;
  }
}
