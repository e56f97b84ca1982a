package dev.parley.agent.registry;

import dev.parley.agent.AgentDefinition;
import dev.parley.agent.AgentRegistry;
import dev.parley.agent.AgentSnapshot;
import dev.parley.agent.Network;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/**
 * The agents of the configuration and those that are registered by API, on one node. What was
 * changed through this object is seen by {@link #now} when the change is answered; other nodes see
 * it within a second.
 */
public final class RegisteredAgents implements AgentRegistry {
  private static final EntityTypeKey<RegistryMessage> TYPE_KEY =
      EntityTypeKey.create(RegistryMessage.class, RegistryEntity.TYPE);

  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final Executor ON_THE_SPOT = Runnable::run;

  private final ActorSystem<?> system;
  private final ClusterSharding sharding;
  private final AgentSnapshot configured;
  private final List<Network> networks;
  private final Map<String, AgentSnapshot> copies = new ConcurrentHashMap<>();
  private final Map<String, ActorRef<RegistryFollower.Message>> followers = new HashMap<>();
  private final CompletableFuture<Done> loaded;

  private RegisteredAgents(
      ActorSystem<?> system,
      AgentSnapshot configured,
      List<Network> networks,
      List<String> environmentIds) {
    this.system = system;
    this.sharding = ClusterSharding.get(system);
    this.configured = configured;
    this.networks = networks;
    sharding.init(
        Entity.of(TYPE_KEY, context -> RegistryEntity.create(context.getEntityId(), configured))
            .withStopMessage(RegistryMessage.Stop.INSTANCE));
    this.loaded =
        CompletableFuture.allOf(
                environmentIds.stream().map(this::follow).toArray(CompletableFuture[]::new))
            .thenApply(nothing -> Done.getInstance());
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseServiceStop(),
            "stop-following-agents",
            () -> {
              followers.values().forEach(one -> one.tell(RegistryFollower.Stop.INSTANCE));
              return CompletableFuture.completedFuture(Done.getInstance());
            });
  }

  /**
   * Joins this node to the sharding of registries. To be called once for each actor system.
   *
   * @param configured the agents of the configuration; the same on every node
   * @param networks where endpoints of registered agents may be although it is no public network
   */
  public static RegisteredAgents start(
      ActorSystem<?> system,
      AgentSnapshot configured,
      List<Network> networks,
      List<String> environmentIds) {
    return new RegisteredAgents(system, configured, networks, environmentIds);
  }

  private CompletableFuture<Done> follow(String environmentId) {
    CompletableFuture<Done> first = new CompletableFuture<>();
    RegistryFollower.Copy copy =
        (switched, registered) -> {
          copies.put(environmentId, together(environmentId, switched, registered));
          first.complete(Done.getInstance());
        };
    followers.put(
        environmentId,
        system.systemActorOf(
            RegistryFollower.create(sharding.entityRefFor(TYPE_KEY, environmentId), copy),
            "agents-of-" + environmentId,
            Props.empty()));
    return first;
  }

  private AgentSnapshot together(
      String environmentId, Map<String, Boolean> switched, List<AgentDefinition> registered) {
    return Together.of(
        configured,
        switched,
        registered.stream().map(agent -> agent.within(networks)).toList(),
        conflict ->
            system
                .log()
                .warn("An agent registered in {} is left out: {}", environmentId, conflict));
  }

  /** Completes when this node knows the agents of every environment. */
  public CompletionStage<Done> loaded() {
    return loaded;
  }

  @Override
  public AgentSnapshot now(String environmentId) {
    return copies.getOrDefault(environmentId, configured);
  }

  /** Whether it is an agent of the configuration, which by API can only be started and stopped. */
  public boolean isConfigured(String id) {
    return configured.byId(id).isPresent();
  }

  /**
   * Registers an agent or changes the one of its id as a whole. Fails with {@link TimeoutException}
   * when nobody answers; it may have been done.
   */
  public CompletionStage<RegistryReply> put(String environmentId, AgentDefinition agent) {
    return change(environmentId, replyTo -> new RegistryMessage.Put(agent, replyTo));
  }

  /** Registers an agent no more; like {@link #put}. */
  public CompletionStage<RegistryReply> remove(String environmentId, String id) {
    return change(environmentId, replyTo -> new RegistryMessage.Remove(id, replyTo));
  }

  /** Starts or stops an agent, also one of the configuration; like {@link #put}. */
  public CompletionStage<RegistryReply> switchTo(String environmentId, String id, boolean started) {
    return change(environmentId, replyTo -> new RegistryMessage.Switch(id, started, replyTo));
  }

  private CompletionStage<RegistryReply> change(
      String environmentId, Function<ActorRef<RegistryReply>, RegistryMessage> message) {
    return sharding
        .entityRefFor(TYPE_KEY, environmentId)
        .<RegistryReply>ask(message::apply, PATIENCE)
        .thenComposeAsync(
            reply ->
                reply instanceof RegistryReply.Done done
                    ? seen(environmentId, done.version()).thenApply(nothing -> reply)
                    : CompletableFuture.completedFuture(reply),
            ON_THE_SPOT);
  }

  /** Completes when this node knows the version, or has tried for long enough: it is durable. */
  private CompletionStage<Done> seen(String environmentId, long version) {
    ActorRef<RegistryFollower.Message> follower = followers.get(environmentId);
    if (follower == null) {
      return CompletableFuture.completedFuture(Done.getInstance());
    }
    return AskPattern.<RegistryFollower.Message, Done>ask(
            follower,
            replyTo -> new RegistryFollower.Await(version, replyTo),
            PATIENCE,
            system.scheduler())
        .exceptionally(late -> Done.getInstance());
  }
}
