package dev.parley.entity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.TestConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SessionMailboxesTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(TestConfig.node(Map.of("pekko.actor.provider", "local")));

  private final TestProbe<Integer> probe = KIT.createTestProbe();
  private final SessionMailboxes mailboxes = SessionMailboxes.of(KIT.system());

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  /** Takes its first message only when it may. */
  private Behavior<Integer> slow(CountDownLatch may) {
    return Behaviors.receiveMessage(
        message -> {
          probe.getRef().tell(message);
          may.await();
          return message < 0 ? Behaviors.stopped() : Behaviors.same();
        });
  }

  @Test
  void tell_what_waits_until_it_is_taken_and_are_forgotten_with_their_session() {
    CountDownLatch may = new CountDownLatch(1);
    List<ActorRef<Integer>> sessions = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      ActorRef<Integer> session =
          KIT.spawn(
              slow(may),
              DispatcherSelector.blocking()
                  .withMailboxFromConfig("pekko.actor.parley-session-mailbox"));
      session.tell(0);
      probe.expectMessage(0);
      sessions.add(session);
    }
    for (int i = 1; i <= 5; i++) {
      sessions.get(0).tell(i);
    }
    sessions.get(1).tell(6);
    assertThat(mailboxes.count()).isEqualTo(2);
    assertThat(mailboxes.waiting()).isEqualTo(6);
    assertThat(mailboxes.longest()).isEqualTo(5);
    may.countDown();
    assertThat(probe.receiveSeveralMessages(6)).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6);
    assertThat(mailboxes.waiting()).isZero();
    for (ActorRef<Integer> session : sessions) {
      session.tell(-1);
      probe.expectMessage(-1);
      probe.expectTerminated(session, Duration.ofSeconds(5));
    }
    probe.awaitAssert(
        () -> {
          assertThat(mailboxes.count()).isZero();
          return null;
        });
  }
}
