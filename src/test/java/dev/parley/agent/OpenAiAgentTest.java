package dev.parley.agent;

import static dev.parley.agent.AgentFixture.LIMITS;
import static dev.parley.agent.AgentFixture.PATIENCE;
import static dev.parley.agent.AgentFixture.completed;
import static dev.parley.agent.AgentFixture.delta;
import static dev.parley.agent.AgentFixture.failed;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model behind an endpoint that streams, stalls, fails and is too busy. */
@Timeout(60)
class OpenAiAgentTest {
  private static final StandIn.Script ANSWERS =
      exchange ->
          exchange.stream("text/event-stream")
              .chunk(token("Hel") + token("lo"))
              .chunk("data: [DONE]\n\n")
              .lastChunk();

  @RegisterExtension private static final AgentFixture fixture = new AgentFixture();

  private static String token(String text) {
    return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";
  }

  @Test
  void sees_its_prompt_the_newest_of_the_history_and_the_message() throws Exception {
    try (StandIn standIn = new StandIn(ANSWERS)) {
      assertThat(fixture.outputs(fixture.openAi(standIn, LIMITS)))
          .containsExactly(delta("Hel"), delta("lo"), completed("Hello"));
      StandIn.Request request = standIn.requests().get(0);
      assertThat(request.line()).isEqualTo("POST /v1/chat/completions HTTP/1.1");
      assertThat(request.headers()).containsEntry("authorization", "Bearer " + AgentFixture.SECRET);
      assertThat(request.text())
          .isEqualTo(
              """
              {"model":"m-1","stream":true,"messages":[\
              {"role":"system","content":"Be brief."},\
              {"role":"user","content":"one"},\
              {"role":"assistant","content":"two"},\
              {"role":"user","content":"hi"}]}""");
    }
  }

  @Test
  void gives_each_token_before_the_next_is_sent() throws Exception {
    CompletableFuture<Void> firstWasSeen = new CompletableFuture<>();
    try (StandIn standIn =
        new StandIn(
            exchange -> {
              exchange.stream("text/event-stream").chunk(token("one"));
              firstWasSeen.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
              exchange.chunk(token(" two") + "data: [DONE]\n\n").lastChunk();
            })) {
      SinkQueueWithCancel<AgentOutput> queue = ask(fixture.openAi(standIn, LIMITS));
      assertThat(next(queue)).contains(delta("one"));
      firstWasSeen.complete(null);
      assertThat(next(queue)).contains(delta(" two"));
      assertThat(next(queue)).contains(completed("one two"));
      assertThat(next(queue)).isEmpty();
    }
  }

  @Test
  void is_let_go_when_nobody_wants_its_answer_any_more() throws Exception {
    CompletableFuture<Void> left = new CompletableFuture<>();
    try (StandIn standIn =
        new StandIn(
            exchange -> {
              exchange.stream("text/event-stream").chunk(token("one"));
              exchange.awaitClose(left);
            })) {
      SinkQueueWithCancel<AgentOutput> queue = ask(fixture.openAi(standIn, LIMITS));
      assertThat(next(queue)).contains(delta("one"));
      assertThat(left).isNotDone();
      queue.cancel();
      left.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  @Test
  void is_let_go_before_it_has_begun_to_answer() throws Exception {
    CompletableFuture<Void> asked = new CompletableFuture<>();
    CompletableFuture<Void> left = new CompletableFuture<>();
    try (StandIn standIn =
        new StandIn(
            exchange -> {
              asked.complete(null);
              exchange.awaitClose(left);
            })) {
      SinkQueueWithCancel<AgentOutput> queue = ask(fixture.openAi(standIn, LIMITS));
      queue.pull();
      asked.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      queue.cancel();
      left.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(standIn.requests()).hasSize(1);
    }
  }

  @Test
  void has_failed_when_it_stalls_and_is_let_go() throws Exception {
    AgentLimits limits =
        new AgentLimits(Duration.ofSeconds(60), Duration.ofMillis(300), 3, Duration.ofMillis(1));
    CompletableFuture<Void> left = new CompletableFuture<>();
    try (StandIn standIn =
        new StandIn(
            exchange -> {
              exchange.stream("text/event-stream").chunk(token("one"));
              exchange.awaitClose(left);
            })) {
      assertThat(fixture.outputs(fixture.openAi(standIn, limits)))
          .containsExactly(delta("one"), failed("The agent has sent nothing for 0.3 s.", true));
      left.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(standIn.requests()).hasSize(1);
    }
  }

  @Test
  void is_not_asked_again_when_it_stalls_before_its_first_token() throws Exception {
    AgentLimits limits =
        new AgentLimits(Duration.ofSeconds(60), Duration.ofMillis(300), 3, Duration.ofMillis(1));
    CompletableFuture<Void> left = new CompletableFuture<>();
    try (StandIn standIn = new StandIn(exchange -> exchange.awaitClose(left))) {
      assertThat(fixture.outputs(fixture.openAi(standIn, limits)))
          .containsExactly(failed("The agent has sent nothing for 0.3 s.", true));
      left.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(standIn.requests()).hasSize(1);
    }
  }

  @Test
  void has_failed_when_its_time_is_up_although_it_goes_on() throws Exception {
    AgentLimits limits =
        new AgentLimits(Duration.ofMillis(500), Duration.ofSeconds(60), 3, Duration.ofMillis(1));
    CompletableFuture<Void> left = new CompletableFuture<>();
    try (StandIn standIn =
        new StandIn(
            exchange -> {
              exchange.stream("text/event-stream").chunk(token("one"));
              exchange.awaitClose(left);
            })) {
      assertThat(fixture.outputs(fixture.openAi(standIn, limits)))
          .containsExactly(delta("one"), failed("The agent has not answered within 0.5 s.", true));
      left.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503, 529})
  void is_asked_again_when_it_is_too_busy_or_broken(int status) throws Exception {
    try (StandIn standIn =
        new StandIn(exchange -> exchange.answer(status, "text/plain", "no"), ANSWERS)) {
      assertThat(fixture.outputs(fixture.openAi(standIn, LIMITS))).endsWith(completed("Hello"));
      assertThat(standIn.requests()).hasSize(2);
      assertThat(standIn.requests().get(1).text()).isEqualTo(standIn.requests().get(0).text());
    }
  }

  @Test
  void is_asked_again_after_the_time_it_names() throws Exception {
    long start = System.nanoTime();
    try (StandIn standIn =
        new StandIn(
            exchange -> exchange.answer(429, "text/plain", "no", "Retry-After: 1"), ANSWERS)) {
      assertThat(fixture.outputs(fixture.openAi(standIn, LIMITS))).endsWith(completed("Hello"));
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void is_not_waited_for_beyond_the_turn() throws Exception {
    try (StandIn standIn =
        new StandIn(
            exchange -> exchange.answer(503, "text/plain", "no", "Retry-After: 3600"), ANSWERS)) {
      assertThat(fixture.outputs(fixture.openAi(standIn, LIMITS)))
          .containsExactly(
              failed(
                  "The agent's endpoint answered 503; the next try, in 3600 s, would come after the"
                      + " turn's end.",
                  true));
      assertThat(standIn.requests()).hasSize(1);
    }
  }

  @Test
  void is_given_up_after_as_many_tries_as_were_set() throws Exception {
    try (StandIn standIn = new StandIn(exchange -> exchange.answer(500, "text/plain", "no"))) {
      assertThat(fixture.outputs(fixture.openAi(standIn, LIMITS)))
          .containsExactly(failed("The agent's endpoint answered 500 (tried 3 times).", true));
      assertThat(standIn.requests()).hasSize(3);
    }
  }

  @Test
  void is_asked_again_when_the_connection_breaks_before_an_answer() throws Exception {
    try (StandIn standIn = new StandIn(exchange -> {}, ANSWERS)) {
      assertThat(fixture.outputs(fixture.openAi(standIn, LIMITS))).endsWith(completed("Hello"));
      assertThat(standIn.requests()).hasSize(2);
    }
  }

  @Test
  void is_not_asked_again_after_its_first_token() throws Exception {
    try (StandIn standIn =
        new StandIn(
            exchange ->
                exchange.stream("text/event-stream")
                    .chunk(
                        token("one")
                            + "data: {\"error\":{\"code\":503,\"type\":\"server_error\"}}\n\n"),
            ANSWERS)) {
      assertThat(fixture.outputs(fixture.openAi(standIn, LIMITS)))
          .containsExactly(
              delta("one"), failed("The model's endpoint reported an error (503).", true));
      assertThat(standIn.requests()).hasSize(1);
    }
  }

  @Test
  void is_refused_for_good_and_its_text_and_our_key_are_shown_to_nobody() throws Exception {
    String body =
        "{\"error\":{\"message\":\"bad key %s\",\"type\":\"auth\",\"code\":\"%s\"}}"
            .formatted(AgentFixture.SECRET, AgentFixture.SECRET);
    try (StandIn standIn =
        new StandIn(exchange -> exchange.answer(401, "application/json", body))) {
      assertThat(fixture.outputs(fixture.openAi(standIn, LIMITS)))
          .containsExactly(failed("The agent's endpoint answered 401 (***).", false));
      assertThat(standIn.requests()).hasSize(1);
    }
  }

  @Test
  void is_refused_even_when_the_text_of_the_refusal_never_ends() throws Exception {
    try (StandIn standIn =
        new StandIn(
            exchange -> {
              exchange.send("HTTP/1.1 400 X\r\nTransfer-Encoding: chunked\r\n\r\n");
              while (true) {
                exchange.chunk("x".repeat(10_000));
              }
            })) {
      assertThat(fixture.outputs(fixture.openAi(standIn, LIMITS)))
          .containsExactly(failed("The agent's endpoint answered 400.", false));
    }
  }

  @Test
  void may_answer_as_a_whole() throws Exception {
    try (StandIn standIn =
        new StandIn(
            exchange ->
                exchange.answer(
                    200,
                    "application/json; charset=utf-8",
                    "{\"choices\":[{\"message\":{\"content\":\"Hello\"},"
                        + "\"finish_reason\":\"stop\"}]}"))) {
      assertThat(fixture.outputs(fixture.openAi(standIn, LIMITS)))
          .containsExactly(delta("Hello"), completed("Hello"));
    }
  }

  @Test
  void cannot_be_reached_where_nobody_listens() throws Exception {
    StandIn gone = new StandIn(ANSWERS);
    gone.close();
    assertThat(fixture.outputs(fixture.openAi(gone, LIMITS)))
        .containsExactly(failed("The agent can't be reached (tried 3 times).", true));
  }

  private static SinkQueueWithCancel<AgentOutput> ask(Agent agent) {
    return agent.answer(AgentFixture.turn("hi")).runWith(Sink.queue(), fixture.system);
  }

  private static Optional<AgentOutput> next(SinkQueueWithCancel<AgentOutput> queue)
      throws Exception {
    return queue.pull().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }
}
