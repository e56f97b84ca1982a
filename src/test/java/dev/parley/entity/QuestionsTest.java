package dev.parley.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import dev.parley.Eventually;
import dev.parley.TestConfig;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.PartId;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.tracing.Tracing;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class QuestionsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final EntityTypeKey<SessionMessage> TYPE =
      EntityTypeKey.create(SessionMessage.class, "Deaf");

  private static final Config CONFIG = TestConfig.node(Map.of("parley.session.ask-timeout", "60s"));

  private static final ActorTestKit KIT = ActorTestKit.create(CONFIG);

  private final Map<String, AtomicInteger> heard = new ConcurrentHashMap<>();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  /** A session whose first message is lost. */
  private Behavior<SessionMessage> deafAtFirst(String id) {
    return Behaviors.receive(SessionMessage.class)
        .onMessage(
            SessionMessage.Ask.class,
            ask -> {
              if (heard.computeIfAbsent(id, any -> new AtomicInteger()).incrementAndGet() > 1) {
                ask.replyTo().tell(new SessionReply.Overloaded(Duration.ofSeconds(9)));
              }
              return Behaviors.same();
            })
        .build();
  }

  private int heardBy(SessionId session) {
    return heard.getOrDefault(session.entityId(), new AtomicInteger()).get();
  }

  private static SessionCommand.Append append(@Nullable PartId partId) {
    return SessionCommand.Append.single(Channel.IN, RecordContent.of(Bytes.utf8("hello")), partId);
  }

  @Test
  void what_is_lost_and_has_a_part_id_is_asked_again_and_nothing_else() {
    Cluster cluster = Cluster.get(KIT.system());
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    ClusterSharding sharding = ClusterSharding.get(KIT.system());
    sharding.init(Entity.of(TYPE, context -> deafAtFirst(context.getEntityId())));
    Questions questions =
        new Questions(
            sharding,
            TYPE,
            EntitySettings.of(CONFIG.getConfig("parley.session")),
            (session, event) -> {},
            Tracing.OFF);
    SessionId named = SessionId.random("env");
    SessionId nameless = SessionId.random("env");
    CompletableFuture<SessionReply> lost =
        questions.command(nameless, 0, append(null)).toCompletableFuture();
    CompletableFuture<SessionReply> found =
        questions.command(named, 0, append(PartId.of("p"))).toCompletableFuture();
    assertThat(Eventually.within(PATIENCE, () -> heardBy(named) == 1 && heardBy(nameless) == 1))
        .isTrue();
    assertThat(
            Eventually.within(
                PATIENCE,
                () -> {
                  questions.askAgain();
                  return found.isDone();
                }))
        .isTrue();
    assertThat(found.join()).isEqualTo(new SessionReply.Overloaded(Duration.ofSeconds(9)));
    int times = heardBy(named);
    questions.askAgain();
    // Behind what would have been sent to the others.
    CompletableFuture<SessionReply> last =
        questions.command(nameless, 0, append(null)).toCompletableFuture();
    assertThat(last.join()).isInstanceOf(SessionReply.Overloaded.class);
    assertThat(heardBy(nameless)).isEqualTo(2);
    assertThat(heardBy(named)).isEqualTo(times);
    assertThat(lost).isNotDone();
  }
}
