package dev.parley.entity.limit;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The actor of one key, whose time passes only when the test lets it. */
class LimitCounterTest {
  private static final Duration WINDOW = Duration.ofSeconds(10);

  private static final ActorTestKit KIT =
      ActorTestKit.create(
          ManualTime.config()
              .withFallback(ConfigFactory.parseString("pekko.actor.provider = local"))
              .withFallback(ConfigFactory.defaultReference()));

  /** Read by the actor's thread, after the message that the test has sent. */
  private static final class SettableClock extends Clock {
    private volatile Instant now = Instant.parse("2026-01-02T12:00:00Z");

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

  private final ManualTime timers = ManualTime.get(KIT.system());
  private final SettableClock clock = new SettableClock();
  private final AtomicInteger over = new AtomicInteger();
  private final TestProbe<Taken> probe = KIT.createTestProbe(Taken.class);
  private ActorRef<LimitMessage> counter;

  @BeforeEach
  void start() {
    counter = KIT.spawn(LimitCounter.create(clock, self -> over.incrementAndGet()));
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private void pass(Duration time) {
    clock.now = clock.now.plus(time);
    timers.timePasses(time);
  }

  private Taken take() {
    return take(10);
  }

  private Taken take(long limit) {
    counter.tell(new LimitMessage.Take(limit, WINDOW, probe.getRef()));
    return probe.receiveMessage();
  }

  @Test
  void counts_until_its_window_is_over() {
    assertThat(take()).isEqualTo(new Taken(1, WINDOW));
    pass(Duration.ofSeconds(4));
    assertThat(take()).isEqualTo(new Taken(2, Duration.ofSeconds(6)));
    pass(Duration.ofMillis(5_999));
    assertThat(take()).isEqualTo(new Taken(3, Duration.ofMillis(1)));
    assertThat(over).hasValue(0);
    pass(Duration.ofMillis(1));
    // Asked behind the timer, so it has been heard by then.
    assertThat(take()).isEqualTo(new Taken(1, WINDOW));
    assertThat(over).hasValue(1);
  }

  @Test
  void what_is_refused_does_not_count_and_what_counts_can_be_taken_back() {
    assertThat(take(1)).isEqualTo(new Taken(1, WINDOW));
    for (int i = 0; i < 3; i++) {
      assertThat(take(1)).isEqualTo(new Taken(2, WINDOW));
    }
    counter.tell(new LimitMessage.Forgive());
    assertThat(take(1)).isEqualTo(new Taken(1, WINDOW));
  }

  @Test
  void nothing_can_be_taken_back_that_was_not_counted() {
    counter.tell(new LimitMessage.Forgive());
    assertThat(take(1)).isEqualTo(new Taken(1, WINDOW));
    counter.tell(new LimitMessage.Forgive());
    counter.tell(new LimitMessage.Forgive());
    assertThat(take(1)).isEqualTo(new Taken(1, WINDOW));
    assertThat(take(1)).isEqualTo(new Taken(2, WINDOW));
  }

  @Test
  void limits_that_change_give_nothing_back() {
    for (int i = 1; i <= 3; i++) {
      assertThat(take(10).count()).isEqualTo(i);
    }
    assertThat(take(2).count()).isEqualTo(1);
    assertThat(take(2).count()).isEqualTo(2);
    assertThat(take(2).count()).isEqualTo(3);
    assertThat(take(10)).isEqualTo(new Taken(11, WINDOW));
  }

  @Test
  void a_clock_that_is_put_forward_ends_the_window() {
    assertThat(take(1).count()).isEqualTo(1);
    clock.now = clock.now.plus(WINDOW);
    assertThat(take(1)).isEqualTo(new Taken(1, WINDOW));
    // Its end is that of the new window.
    timers.timePasses(WINDOW.minusMillis(1));
    assertThat(over).hasValue(0);
  }

  @Test
  void ends_when_it_is_told_to() {
    take();
    counter.tell(LimitMessage.Stop.INSTANCE);
    probe.expectTerminated(counter);
  }
}
