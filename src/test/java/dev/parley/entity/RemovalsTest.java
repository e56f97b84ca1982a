package dev.parley.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RemovalsTest {
  private final ActorTestKit kit =
      ActorTestKit.create(
          ManualTime.config()
              .withFallback(
                  ConfigFactory.parseMap(
                      Map.of(
                          "pekko.actor.provider",
                          "cluster",
                          "pekko.remote.artery.canonical.port",
                          0,
                          "pekko.cluster.jmx.enabled",
                          "off")))
              .withFallback(ConfigFactory.defaultReference()));

  private final ManualTime time = ManualTime.get(kit.system());
  private final AtomicInteger asked = new AtomicInteger();
  private final TestProbe<Integer> probe = kit.createTestProbe();
  private final ActorRef<Removals.Message> removals =
      kit.spawn(Removals.create(() -> probe.getRef().tell(asked.incrementAndGet())));

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private void expectAgain(int times) {
    for (int i = 0; i < times; i++) {
      probe.receiveMessage();
      time.expectNoMessageFor(Duration.ofMillis(999), probe);
      time.timePasses(Duration.ofMillis(1));
    }
  }

  @Test
  void
      what_was_asked_of_a_node_that_is_gone_is_asked_again_at_once_and_while_others_may_not_know() {
    removals.tell(Removals.NodeGone.INSTANCE);
    expectAgain(3);
    time.expectNoMessageFor(Duration.ofSeconds(10), probe);
    assertThat(asked).hasValue(3);
  }

  @Test
  void another_node_that_goes_begins_it_anew() {
    removals.tell(Removals.NodeGone.INSTANCE);
    expectAgain(2);
    probe.receiveMessage();
    removals.tell(Removals.NodeGone.INSTANCE);
    expectAgain(3);
    time.expectNoMessageFor(Duration.ofSeconds(10), probe);
  }
}
