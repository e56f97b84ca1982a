package dev.parley.entity.limit;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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

  private final ManualTime timers = ManualTime.get(KIT.system());
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger over = new AtomicInteger();
  private final TestProbe<Taken> probe = KIT.createTestProbe(Taken.class);
  private ActorRef<LimitMessage> counter;

  @BeforeEach
  void start() {
    counter = KIT.spawn(LimitCounter.create(nanos::get, self -> over.incrementAndGet()));
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    timers.timePasses(time);
  }

  private Taken take() {
    counter.tell(new LimitMessage.Take(WINDOW, probe.getRef()));
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
  void ends_when_it_is_told_to() {
    take();
    counter.tell(LimitMessage.Stop.INSTANCE);
    probe.expectTerminated(counter);
  }
}
