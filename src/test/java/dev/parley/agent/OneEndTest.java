package dev.parley.agent;

import static dev.parley.agent.AgentFixture.completed;
import static dev.parley.agent.AgentFixture.delta;
import static dev.parley.agent.AgentFixture.failed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What holds for the answer of any agent, and when the other side counts as stalled. */
@Timeout(60)
class OneEndTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  @RegisterExtension private static final AgentFixture fixture = new AgentFixture();

  private static List<AgentOutput> run(Source<AgentOutput, NotUsed> adapter, Duration limit)
      throws Exception {
    return fixture.outputs(turn -> adapter.via(new OneEnd("a", limit)));
  }

  @Test
  void nothing_follows_an_end() throws Exception {
    assertThat(
            run(
                Source.from(List.of(delta("a"), completed("a"), delta("b"), failed("c", true))),
                LONG))
        .containsExactly(delta("a"), completed("a"));
    assertThat(run(Source.from(List.of(failed("c", true), completed("a"))), LONG))
        .containsExactly(failed("c", true));
  }

  @Test
  void an_adapter_that_ends_without_an_answer_has_failed() throws Exception {
    assertThat(run(Source.single(delta("a")), LONG))
        .containsExactly(delta("a"), failed("The agent ended without an answer.", true));
  }

  @Test
  void an_adapter_that_fails_has_failed_and_its_text_is_not_shown() throws Exception {
    assertThat(run(Source.failed(new IllegalStateException("geheim")), LONG))
        .containsExactly(failed("The agent failed.", true));
  }

  @Test
  void an_answer_that_can_not_be_stored_has_failed() throws Exception {
    AgentOutput large = new AgentOutput.Completed("", "x".repeat(1_000_001), List.of(), List.of());
    assertThat(run(Source.single(large), LONG))
        .containsExactly(failed("The agent has sent more than 1000000 bytes of answer.", false));
  }

  @Test
  void the_time_ends_an_adapter_that_does_not_and_stops_it() throws Exception {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    Source<AgentOutput, NotUsed> adapter =
        Source.<AgentOutput>never()
            .watchTermination(
                (started, ended) -> {
                  ended.whenComplete((done, failure) -> stopped.complete(null));
                  return started;
                });
    assertThat(run(adapter, Duration.ofMillis(100)))
        .containsExactly(failed("The agent has not answered within 0.1 s.", true));
    stopped.get(10, TimeUnit.SECONDS);
  }

  @Test
  void the_time_stops_an_adapter_whose_answer_nobody_takes() throws Exception {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    Source<AgentOutput, NotUsed> adapter =
        Source.repeat(delta("a"))
            .watchTermination(
                (started, ended) -> {
                  ended.whenComplete((done, failure) -> stopped.complete(null));
                  return started;
                });
    SinkQueueWithCancel<AgentOutput> queue =
        adapter
            .via(new OneEnd("a", Duration.ofMillis(100)))
            .runWith(Sink.<AgentOutput>queue(1), fixture.system);
    stopped.get(10, TimeUnit.SECONDS);
    AgentOutput last = delta("");
    for (var next = queue.pull().toCompletableFuture().get(10, TimeUnit.SECONDS);
        next.isPresent();
        next = queue.pull().toCompletableFuture().get(10, TimeUnit.SECONDS)) {
      last = next.get();
    }
    assertThat(last).isEqualTo(failed("The agent has not answered within 0.1 s.", true));
  }

  @Test
  void a_source_that_gives_nothing_stalls() {
    assertThatThrownBy(
            () ->
                Source.never()
                    .via(new StallLimit<>(Duration.ofMillis(50)))
                    .runWith(Sink.ignore(), fixture.system)
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(StallLimit.StallException.class);
  }

  @Test
  void a_consumer_that_takes_its_time_makes_nobody_stall() throws Exception {
    Duration limit = Duration.ofMillis(50);
    List<Integer> all =
        Source.range(1, 3)
            .via(new StallLimit<>(limit))
            // Asks for an element only every four limits.
            .throttle(1, limit.multipliedBy(4))
            .runWith(Sink.seq(), fixture.system)
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    assertThat(all).containsExactly(1, 2, 3);
  }
}
