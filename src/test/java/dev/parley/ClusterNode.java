package dev.parley;

import com.typesafe.config.Config;
import dev.parley.agent.AgentSnapshot;
import dev.parley.agent.attached.AttachedAgents;
import dev.parley.agent.registry.RegisteredAgents;
import dev.parley.entity.CallbackSettings;
import dev.parley.entity.EntitySettings;
import dev.parley.entity.NobodyAnswers;
import dev.parley.entity.SessionEntity;
import dev.parley.entity.SessionMessage;
import dev.parley.entity.SessionShards;
import dev.parley.entity.Sessions;
import dev.parley.entity.Tenure;
import dev.parley.entity.limit.Limits;
import dev.parley.entity.webchat.Webchats;
import dev.parley.journal.ChannelJournal;
import dev.parley.journal.Database;
import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.JournalSpace;
import dev.parley.session.Channel;
import dev.parley.session.SessionId;
import dev.parley.tracing.Tracing;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** A node with sessions, agents and limits and nothing else, beside others in the same JVM. */
final class ClusterNode implements AutoCloseable {
  private static final EntityTypeKey<SessionMessage> SESSIONS =
      EntityTypeKey.create(SessionMessage.class, SessionEntity.TYPE);

  private final Database database;
  private final ActorSystem<Void> system;
  private final Sessions sessions;
  private final AttachedAgents attached;
  private final RegisteredAgents registry;
  private final Limits limits;
  private final Webchats webchats;

  private ClusterNode(DatabaseAddress storage, ClusterNode seed, Tracing tracing) {
    database = Database.open(storage, 4, Duration.ofSeconds(30));
    Config config = config(storage);
    system =
        ActorSystem.create(
            Behaviors.empty(),
            "parley",
            ActorSystemSetup.create(BootstrapSetup.create(config), tracing));
    Cluster.get(system).join((seed == null ? this : seed).address());
    Clock clock = Clock.tickMillis(ZoneOffset.UTC);
    Executor jdbc =
        system
                .dispatchers()
                .lookup(DispatcherSelector.fromConfig("pekko.actor.parley-jdbc-dispatcher"))
            ::execute;
    sessions =
        Sessions.start(
            system,
            EntitySettings.of(config.getConfig("parley.session")),
            CallbackSettings.of(config.getConfig("parley.callbacks")),
            clock,
            Tenure.ALWAYS,
            new ChannelJournal(database.dataSource(), jdbc),
            new JournalSpace(database.dataSource(), jdbc),
            (info, channel, records) -> records,
            (session, event) -> {},
            started -> NobodyAnswers.INSTANCE,
            started -> (session, waitpoint) -> new CompletableFuture<>());
    attached = AttachedAgents.start(system, clock);
    registry =
        RegisteredAgents.start(system, new AgentSnapshot(List.of()), List.of(), List.of("env"));
    limits = Limits.start(system, Clock.systemUTC());
    webchats = Webchats.start(system, "env", Tenure.ALWAYS, Map.of());
  }

  /** A cluster of one. */
  static ClusterNode first(DatabaseAddress storage) {
    return first(storage, Tracing.OFF);
  }

  static ClusterNode first(DatabaseAddress storage, Tracing tracing) {
    return new ClusterNode(storage, null, tracing);
  }

  /** Another node of its cluster. */
  ClusterNode another(DatabaseAddress storage) {
    return another(storage, Tracing.OFF);
  }

  ClusterNode another(DatabaseAddress storage, Tracing tracing) {
    return new ClusterNode(storage, this, tracing);
  }

  private static Config config(DatabaseAddress storage) {
    String db = "pekko-persistence-jdbc.shared-databases.slick.db.";
    return TestConfig.node(
        Map.of(
            db + "url",
            storage.jdbcUrl(),
            db + "user",
            storage.user(),
            db + "password",
            storage.password(),
            "parley.database.journal-connections",
            "4",
            "parley.database.read-connections",
            "4"));
  }

  private org.apache.pekko.actor.Address address() {
    return Cluster.get(system).selfAddress();
  }

  Sessions sessions() {
    return sessions;
  }

  AttachedAgents attached() {
    return attached;
  }

  RegisteredAgents registry() {
    return registry;
  }

  Limits limits() {
    return limits;
  }

  Webchats webchats() {
    return webchats;
  }

  SessionShards shards() {
    return new SessionShards(system);
  }

  /** Whether it sees so many nodes that are up. */
  boolean sees(int nodes) {
    int up = 0;
    for (Member member : Cluster.get(system).state().getMembers()) {
      up += member.status().equals(MemberStatus.up()) ? 1 : 0;
    }
    return up == nodes;
  }

  /** A session that lives here and has not been created yet. */
  SessionId newSession() throws Exception {
    while (true) {
      SessionId id = SessionId.random("env");
      await(sessions.inspect(id, Channel.IN));
      ShardRegion.CurrentShardRegionState here =
          await(
              AskPattern
                  .<org.apache.pekko.cluster.sharding.typed.ClusterShardingQuery,
                      ShardRegion.CurrentShardRegionState>
                      ask(
                          ClusterSharding.get(system).shardState(),
                          replyTo -> new GetShardRegionState(SESSIONS, replyTo),
                          Duration.ofSeconds(5),
                          system.scheduler()));
      if (here.getShards().stream()
          .anyMatch(shard -> shard.getEntityIds().contains(id.entityId()))) {
        return id;
      }
    }
  }

  static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  ActorSystem<Void> system() {
    return system;
  }

  @Override
  public void close() throws Exception {
    await(CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.jvmExitReason()));
    database.close();
  }
}
