package dev.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.parley.entity.AwakeSessions;
import dev.parley.entity.EntitySettings;
import dev.parley.entity.NoCallbacks;
import dev.parley.entity.NobodyAnswers;
import dev.parley.entity.SessionEntity;
import dev.parley.entity.SessionMessage;
import dev.parley.entity.Tenure;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.jspecify.annotations.Nullable;

/** A cluster of one node with real sessions, a real journal and the projection. */
final class ProjectionNode implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** A region with messages it could not hand over yet takes ten seconds to give them up. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

  private static final EntitySettings SETTINGS =
      new EntitySettings(
          1_000,
          1 << 20,
          1_000,
          8 << 20,
          1 << 20,
          Duration.ofSeconds(10),
          100,
          1 << 20,
          1 << 20,
          Duration.ofMillis(100),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          1_000,
          64 << 20,
          null);

  private final ActorSystem<Void> system;
  private final Map<SessionId, ActorRef<SessionMessage>> sessions = new ConcurrentHashMap<>();

  private ProjectionNode(ActorSystem<Void> system) {
    this.system = system;
  }

  /** Runs the index alone. */
  static ProjectionNode start(IndexDatabase database) {
    return start(database, system -> {});
  }

  /**
   * @param others projections beside the index
   */
  static ProjectionNode start(IndexDatabase database, Consumer<ActorSystem<?>> others) {
    ActorSystem<Void> system =
        ActorSystem.create(Behaviors.empty(), "projection-test", config(database.slick()));
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    IndexProjection.start(system, database.pool(), null);
    others.accept(system);
    return new ProjectionNode(system);
  }

  /** A session without anything special. */
  SessionId create(String environmentId, String externalId, @Nullable Instant expiresAt)
      throws Exception {
    SessionId id = SessionId.ofExternal(environmentId, externalId);
    SessionReply reply =
        ask(
            id,
            new SessionCommand.Create(
                externalId,
                "chat.agent",
                "support",
                "{}",
                List.of(),
                null,
                expiresAt,
                null,
                null,
                "run_1"));
    assertThat(reply).isInstanceOf(SessionReply.Started.class);
    return id;
  }

  SessionReply ask(SessionId id, SessionCommand command) throws Exception {
    ActorRef<SessionMessage> session = sessions.computeIfAbsent(id, this::spawn);
    return AskPattern.<SessionMessage, SessionReply>ask(
            session,
            replyTo -> new SessionMessage.Ask(command, replyTo),
            PATIENCE,
            system.scheduler())
        .toCompletableFuture()
        .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private ActorRef<SessionMessage> spawn(SessionId id) {
    return system.systemActorOf(
        SessionEntity.create(
            id,
            SETTINGS,
            Clock.tickMillis(ZoneOffset.UTC),
            Tenure.ALWAYS,
            (reclaim, whenDone) -> {},
            new AwakeSessions(),
            NobodyAnswers.INSTANCE,
            (session, event) -> {},
            NoCallbacks.in(system)),
        id.friendlyId(),
        Props.empty());
  }

  @Override
  public void close() throws Exception {
    system.terminate();
    system
        .getWhenTerminated()
        .toCompletableFuture()
        .get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Config config(Map<String, String> slick) {
    return ConfigFactory.parseString(
            """
            pekko {
              loglevel = WARNING
              actor {
                provider = cluster
                serializers.parley-journal = "dev.parley.journal.JournalSerializer"
                serialization-bindings {
                  "dev.parley.session.SessionEvent" = parley-journal
                  "dev.parley.journal.StoredSnapshot" = parley-journal
                }
              }
              remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
              cluster.jmx.enabled = off
              # A region waits that long for another node when somebody still wants a shard that has stopped.
              coordinated-shutdown.phases.cluster-sharding-shutdown-region.timeout = 1s
              coordinated-shutdown.exit-jvm = off
              persistence {
                journal.plugin = jdbc-journal
                snapshot-store.plugin = jdbc-snapshot-store
              }
            }
            pekko-persistence-jdbc.shared-databases.slick {
              profile = "slick.jdbc.PostgresProfile$"
              db {
                driver = "org.postgresql.Driver"
                numThreads = 4
                maxConnections = 4
                minConnections = 4
              }
            }
            jdbc-journal.use-shared-db = slick
            jdbc-snapshot-store.use-shared-db = slick
            jdbc-read-journal.use-shared-db = slick
            """)
        .withFallback(ConfigFactory.parseMap(slick))
        .withFallback(ConfigFactory.parseResources("projection.conf"))
        .withFallback(ConfigFactory.load())
        .resolve();
  }
}
