package dev.parley.ops;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.parley.TestConfig;
import dev.parley.entity.Leaving;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LastRegionTest {
  /** The limit of Pekko's phase is 30 s. */
  private static final long WITHIN_SECONDS = 15;

  private static final EntityTypeKey<Message> TYPE = EntityTypeKey.create(Message.class, "late");

  private sealed interface Message {}

  private record Hello(ActorRef<Boolean> replyTo) implements Message {}

  private enum Stop implements Message {
    INSTANCE
  }

  private ActorSystem<Void> system;

  @BeforeEach
  void start() throws Exception {
    system = ActorSystem.create(Behaviors.empty(), "parley", TestConfig.node(Map.of()));
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    ServerBinding binding =
        Http.get(system)
            .newServerAt("127.0.0.1", 0)
            .bindSync(request -> HttpResponse.create())
            .toCompletableFuture()
            .get(WITHIN_SECONDS, TimeUnit.SECONDS);
    new Shutdown(new Shutdown.Limits(Duration.ZERO, Duration.ofSeconds(1)))
        .add(system, binding, new Leaving());
  }

  @AfterEach
  void stop() {
    system.terminate();
  }

  /** Says something to itself when its shard has begun to stop. */
  private static Behavior<Message> entity(ActorRef<ShardingEnvelope<Message>> region, String id) {
    return Behaviors.receive(Message.class)
        .onMessage(
            Hello.class,
            hello -> {
              hello.replyTo().tell(true);
              return Behaviors.same();
            })
        .onMessageEquals(
            Stop.INSTANCE,
            () -> {
              region.tell(new ShardingEnvelope<>(id, Stop.INSTANCE));
              return Behaviors.stopped();
            })
        .build();
  }

  @Test
  void a_message_for_a_shard_that_has_stopped_does_not_keep_the_last_node_from_ending()
      throws Exception {
    CompletableFuture<ActorRef<ShardingEnvelope<Message>>> region = new CompletableFuture<>();
    region.complete(
        ClusterSharding.get(system)
            .init(
                Entity.of(TYPE, context -> entity(region.join(), context.getEntityId()))
                    .withStopMessage(Stop.INSTANCE)));
    AskPattern.<ShardingEnvelope<Message>, Boolean>ask(
            region.join(),
            replyTo -> new ShardingEnvelope<>("one", new Hello(replyTo)),
            Duration.ofSeconds(WITHIN_SECONDS),
            system.scheduler())
        .toCompletableFuture()
        .get(WITHIN_SECONDS, TimeUnit.SECONDS);
    assertThatCode(
            () ->
                CoordinatedShutdown.get(system)
                    .runAll(CoordinatedShutdown.unknownReason())
                    .toCompletableFuture()
                    .get(WITHIN_SECONDS, TimeUnit.SECONDS))
        .doesNotThrowAnyException();
  }
}
