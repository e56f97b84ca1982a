package dev.parley.agent.attached;

import static dev.parley.agent.attached.TurnBoardTest.turn;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.parley.agent.AttachedWorkers;
import dev.parley.agent.Offered;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The actor of one attached agent, whose time passes only when the test lets it. */
class AttachedAgentTest {
  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final Duration WAIT = Duration.ofSeconds(5);

  private static final ActorTestKit KIT =
      ActorTestKit.create(
          ManualTime.config()
              .withFallback(ConfigFactory.parseString("pekko.actor.provider = local"))
              .withFallback(ConfigFactory.defaultReference()));

  private final ManualTime timers = ManualTime.get(KIT.system());
  private final SettableClock clock = new SettableClock();
  private final AtomicInteger idle = new AtomicInteger();
  private final TestProbe<WorkerReply> one = KIT.createTestProbe(WorkerReply.class);
  private final TestProbe<WorkerReply> two = KIT.createTestProbe(WorkerReply.class);
  private final TestProbe<Offered> owner = KIT.createTestProbe(Offered.class);
  private ActorRef<AttachedMessage> agent;

  private static final class SettableClock extends Clock {
    private volatile Instant now = Instant.parse("2026-11-21T12:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  @BeforeEach
  void start() {
    agent = KIT.spawn(AttachedAgent.create(clock, self -> idle.incrementAndGet()));
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private void pass(Duration time) {
    clock.now = clock.now.plus(time);
    timers.timePasses(time);
  }

  private WorkerReply.Attached attach(String worker, TestProbe<WorkerReply> probe) {
    agent.tell(new AttachedMessage.Attach(worker, LEASE, probe.getRef()));
    return probe.expectMessageClass(WorkerReply.Attached.class);
  }

  private void ask(String worker, Duration wait, TestProbe<WorkerReply> probe) {
    agent.tell(new AttachedMessage.Next(worker, wait, probe.getRef()));
  }

  private Offered offer(int number, @Nullable String claimedBy) {
    agent.tell(new AttachedMessage.Offer(turn(number, 1), claimedBy, owner.getRef()));
    return owner.receiveMessage();
  }

  private static WorkerReply handed(int number, boolean takenOver) {
    return new WorkerReply.Handed(new HandedTurn(turn(number, 1), takenOver));
  }

  private boolean isAnybodyThere() {
    TestProbe<Boolean> probe = KIT.createTestProbe(Boolean.class);
    agent.tell(new AttachedMessage.Living(probe.getRef()));
    return probe.receiveMessage();
  }

  @Test
  void a_waiting_worker_gets_what_is_offered_and_the_owner_hears_who_has_it() {
    assertThat(offer(1, null)).isEqualTo(new Offered.Waiting());
    assertThat(isAnybodyThere()).isFalse();
    attach("one", one);
    attach("two", two);
    assertThat(isAnybodyThere()).isTrue();
    ask("one", WAIT, one);
    one.expectMessage(handed(1, false));
    ask("one", WAIT, one);
    ask("two", WAIT, two);
    assertThat(offer(2, null)).isEqualTo(new Offered.Claimed("one"));
    one.expectMessage(handed(2, false));
    assertThat(offer(1, null)).isEqualTo(new Offered.Claimed("one"));
    assertThat(offer(3, null)).isEqualTo(new Offered.Claimed("two"));
    two.expectMessage(handed(3, false));
    assertThat(attach("one", one).turns()).hasSize(2);
    agent.tell(new AttachedMessage.Withdraw(turn(1, 1)));
    assertThat(attach("one", one).turns()).hasSize(1);
  }

  @Test
  void who_waits_long_enough_is_told_so_and_lives_all_the_while() {
    attach("one", one);
    ask("one", Duration.ofSeconds(25), one);
    pass(Duration.ofSeconds(9));
    pass(Duration.ofSeconds(9));
    one.expectNoMessage(Duration.ZERO);
    pass(Duration.ofSeconds(7));
    one.expectMessage(new WorkerReply.Nothing());
    pass(LEASE.minusSeconds(1));
    ask("one", Duration.ZERO, one);
    one.expectMessage(new WorkerReply.Nothing());
    pass(LEASE);
    assertThat(isAnybodyThere()).isFalse();
    ask("one", WAIT, one);
    one.expectMessage(new WorkerReply.NotAttached());
  }

  @Test
  void a_turn_goes_to_another_worker_when_the_lease_ends() {
    attach("one", one);
    offer(1, null);
    ask("one", WAIT, one);
    one.expectMessage(handed(1, false));
    attach("two", two);
    ask("two", Duration.ofSeconds(30), two);
    pass(LEASE.minusSeconds(1));
    assertThat(offer(1, "one")).isEqualTo(new Offered.Claimed("one"));
    two.expectNoMessage(Duration.ZERO);
    pass(Duration.ofSeconds(1));
    two.expectMessage(handed(1, true));
    assertThat(offer(1, "one")).isEqualTo(new Offered.Claimed("two"));
    assertThat(attach("one", one).turns()).isEmpty();
  }

  @Test
  void a_turn_goes_to_another_worker_when_its_own_leaves_and_who_left_waits_no_more() {
    attach("one", one);
    offer(1, null);
    ask("one", WAIT, one);
    one.expectMessage(handed(1, false));
    ask("one", WAIT, one);
    attach("two", two);
    ask("two", WAIT, two);
    agent.tell(new AttachedMessage.Leave("one", one.getRef()));
    one.expectMessage(new WorkerReply.NotAttached());
    one.expectMessage(new WorkerReply.Left());
    two.expectMessage(handed(1, true));
  }

  @Test
  void an_actor_that_was_lost_is_told_again_and_no_claim_is_handed_out_twice() {
    attach("one", one);
    offer(1, null);
    offer(2, null);
    ask("one", WAIT, one);
    one.expectMessage(handed(1, false));
    ask("one", WAIT, one);
    one.expectMessage(handed(2, false));
    ask("one", WAIT, one);
    agent.tell(AttachedMessage.Stop.INSTANCE);
    one.expectMessage(new WorkerReply.Nothing());
    one.expectTerminated(agent);
    start();
    ask("one", WAIT, one);
    one.expectMessage(new WorkerReply.NotAttached());
    attach("two", two);
    ask("two", Duration.ofSeconds(60), two);
    assertThat(offer(1, "one")).isEqualTo(new Offered.Claimed("one"));
    assertThat(attach("one", one).turns()).containsExactly(new HandedTurn(turn(1, 1), false));
    assertThat(offer(2, "one")).isEqualTo(new Offered.Claimed("one"));
    two.expectNoMessage(Duration.ZERO);
    pass(LEASE);
    two.expectMessage(handed(1, true));
  }

  @Test
  void a_turn_that_is_not_offered_again_is_forgotten_and_an_idle_actor_sleeps() {
    offer(1, null);
    pass(AttachedWorkers.FORGOTTEN_AFTER.plus(AttachedAgent.LOOK_EVERY));
    attach("one", one);
    ask("one", Duration.ZERO, one);
    one.expectMessage(new WorkerReply.Nothing());
    assertThat(idle).hasValue(0);
    pass(LEASE.plusSeconds(11));
    assertThat(isAnybodyThere()).isFalse();
    assertThat(idle.get()).isPositive();
  }
}
