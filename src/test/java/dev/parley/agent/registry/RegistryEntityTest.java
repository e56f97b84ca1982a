package dev.parley.agent.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.agent.AgentDefinition;
import dev.parley.agent.AgentKind;
import dev.parley.agent.AgentLimits;
import dev.parley.agent.AgentSettings;
import dev.parley.agent.AgentSnapshot;
import dev.parley.entity.StoringKit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.sharding.typed.testkit.javadsl.TestEntityRef;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A registry's actor and the copy a node keeps of it; time passes only when the test lets it. */
class RegistryEntityTest {
  private static final Duration SOON = Duration.ofMillis(50);
  private static final Duration WAIT = Duration.ofSeconds(1);
  private static final RegistryReply.NoSuchAgent NO_SUCH_AGENT = new RegistryReply.NoSuchAgent();

  private static final ActorTestKit KIT =
      ActorTestKit.create(
          ManualTime.config()
              .withFallback(
                  StoringKit.config(
                      RegistrySerializer.class, RegistryEvent.class, RegistryState.class)));

  private final ManualTime timers = ManualTime.get(KIT.system());
  private final PersistenceTestKit journal = PersistenceTestKit.create(KIT.system());
  private final TestProbe<RegistryReply> replies = KIT.createTestProbe(RegistryReply.class);
  private final TestProbe<RegistryPage> pages = KIT.createTestProbe(RegistryPage.class);
  private final String environment = "env_" + UUID.randomUUID();
  private ActorRef<RegistryMessage> registry;

  @BeforeEach
  void start() {
    registry = KIT.spawn(RegistryEntity.create(environment, new AgentSnapshot(List.of())));
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static AgentDefinition agent(String name) {
    return new AgentDefinition(
        UUID.randomUUID().toString(),
        name,
        List.of(),
        AgentSettings.NONE,
        true,
        new AgentKind.Echo(),
        new AgentLimits(Duration.ofSeconds(1), Duration.ofSeconds(2), 3, Duration.ofMillis(4)));
  }

  private RegistryReply put(AgentDefinition agent) {
    registry.tell(new RegistryMessage.Put(agent, replies.getRef()));
    return replies.receiveMessage();
  }

  private void read(long since) {
    registry.tell(new RegistryMessage.Read(since, WAIT, pages.getRef()));
  }

  @Test
  void a_reader_waits_for_a_change_and_no_longer_than_it_likes() {
    read(0);
    registry.tell(new RegistryMessage.Remove("nobody", replies.getRef()));
    replies.expectMessage(NO_SUCH_AGENT);
    timers.expectNoMessageFor(WAIT.minusMillis(1), pages);
    timers.timePasses(Duration.ofMillis(1));
    assertThat(pages.receiveMessage().version()).isZero();
    read(0);
    AgentDefinition agent = agent("A");
    assertThat(put(agent)).isEqualTo(new RegistryReply.Done(1, true));
    assertThat(pages.receiveMessage())
        .isEqualTo(new RegistryPage(1, true, List.of(agent.id()), List.of(agent), Map.of()));
    timers.expectNoMessageFor(WAIT, pages);
    read(1);
    registry.tell(RegistryMessage.Stop.INSTANCE);
    assertThat(pages.receiveMessage().version()).isEqualTo(1);
    pages.expectTerminated(registry);
  }

  @Test
  void what_was_answered_is_there_after_a_restart_and_what_failed_is_not() {
    AgentDefinition kept = agent("A");
    put(kept);
    journal.failNextPersisted();
    registry.tell(new RegistryMessage.Put(agent("B"), replies.getRef()));
    registry.tell(new RegistryMessage.Remove("nobody", replies.getRef()));
    // The first answer is to what came after the failure.
    replies.awaitAssert(
        () -> {
          timers.timePasses(Duration.ofMillis(200));
          return replies.expectMessage(SOON, NO_SUCH_AGENT);
        });
    for (int i = 0; i < 120; i++) {
      registry.tell(new RegistryMessage.Switch(kept.id(), i % 2 == 1, replies.getRef()));
      assertThat(replies.receiveMessage()).isInstanceOf(RegistryReply.Done.class);
    }
    registry.tell(RegistryMessage.Stop.INSTANCE);
    pages.expectTerminated(registry);
    start();
    read(0);
    assertThat(pages.receiveMessage().changed()).containsExactly(kept);
  }

  private record Copied(List<AgentDefinition> agents) {}

  @Test
  void a_copy_is_of_whole_states_alone_and_is_asked_for_again_when_no_answer_comes() {
    TestProbe<RegistryMessage> fake = KIT.createTestProbe(RegistryMessage.class);
    TestProbe<Copied> copied = KIT.createTestProbe(Copied.class);
    TestProbe<Done> told = KIT.createTestProbe(Done.class);
    ActorRef<RegistryFollower.Message> follower =
        KIT.spawn(
            RegistryFollower.create(
                TestEntityRef.of(
                    EntityTypeKey.create(RegistryMessage.class, "Agents"),
                    environment,
                    fake.getRef()),
                (switched, agents) -> copied.getRef().tell(new Copied(agents))));
    AgentDefinition a = agent("A");
    AgentDefinition b = agent("B");
    List<String> both = List.of(a.id(), b.id());
    // The first question is lost.
    assertThat(question(fake).since()).isZero();
    RegistryMessage.Read first =
        fake.awaitAssert(
            () -> {
              timers.timePasses(Duration.ofMillis(200));
              return fake.expectMessageClass(RegistryMessage.Read.class, SOON);
            });
    follower.tell(new RegistryFollower.Await(3, told.getRef()));
    first.replyTo().tell(new RegistryPage(2, false, both, List.of(b), Map.of()));
    RegistryMessage.Read second = question(fake);
    assertThat(second.since()).isEqualTo(2);
    copied.expectNoMessage(Duration.ZERO);
    told.expectNoMessage(Duration.ZERO);
    second.replyTo().tell(new RegistryPage(3, true, both, List.of(a), Map.of()));
    assertThat(copied.receiveMessage().agents()).containsExactly(a, b);
    told.receiveMessage();
    RegistryMessage.Read third = question(fake);
    assertThat(third.maxWait()).isPositive();
    third.replyTo().tell(new RegistryPage(3, true, both, List.of(), Map.of()));
    question(fake).replyTo().tell(new RegistryPage(4, true, List.of(b.id()), List.of(), Map.of()));
    assertThat(copied.receiveMessage().agents()).containsExactly(b);
  }

  private static RegistryMessage.Read question(TestProbe<RegistryMessage> fake) {
    return fake.expectMessageClass(RegistryMessage.Read.class);
  }
}
