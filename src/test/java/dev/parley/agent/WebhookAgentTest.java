package dev.parley.agent;

import static dev.parley.agent.AgentFixture.LIMITS;
import static dev.parley.agent.AgentFixture.completed;
import static dev.parley.agent.AgentFixture.delta;
import static dev.parley.agent.AgentFixture.failed;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a webhook is sent and what becomes of its answers, over a real connection. */
@Timeout(60)
class WebhookAgentTest {
  @RegisterExtension private static final AgentFixture fixture = new AgentFixture();

  @Test
  void is_sent_the_message_its_context_and_the_newest_of_the_history() throws Exception {
    try (StandIn standIn =
        new StandIn(exchange -> exchange.answer(200, "application/json", "{\"text\":\"ok\"}"))) {
      assertThat(fixture.outputs(fixture.webhook(standIn, LIMITS)))
          .containsExactly(completed("ok"));
      StandIn.Request request = standIn.requests().get(0);
      assertThat(request.line()).isEqualTo("POST /answer?v=1 HTTP/1.1");
      assertThat(request.headers())
          .containsEntry("host", "127.0.0.1:" + standIn.port())
          .containsEntry("content-type", "application/json")
          .containsEntry("accept-encoding", "identity")
          .containsEntry("x-parley-delivery", "m-7");
      assertThat(request.text())
          .isEqualTo(
              """
              {"type":"message","agentId":"11111111-2222-4333-8444-555555555555",\
              "session":{"id":"session_1","externalId":"ext-1"},\
              "channelId":null,"userId":"99999999-2222-4333-8444-555555555555",\
              "message":{"id":"m-7","content":"hi",\
              "attachments":[{"type":"image","url":"https://x.example/a.png","name":"a.png","size":5}],\
              "metadata":{"tone":"kind"}},\
              "history":[{"role":"user","content":"one","createdAt":"2030-01-02T03:03:45.000Z"},\
              {"role":"agent","content":"two","createdAt":"2030-01-02T03:03:55.000Z"}]}""");
    }
  }

  @Test
  void can_verify_the_signature_with_what_it_received() throws Exception {
    try (StandIn standIn =
        new StandIn(exchange -> exchange.answer(200, "application/json", "{\"text\":\"ok\"}"))) {
      fixture.outputs(fixture.webhook(standIn, LIMITS), AgentFixture.turn("größer 😀"));
      StandIn.Request request = standIn.requests().get(0);
      String time = "" + AgentFixture.NOW.getEpochSecond();
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(AgentFixture.SECRET.getBytes(StandardCharsets.UTF_8), "x"));
      String hex =
          HexFormat.of()
              .formatHex(
                  mac.doFinal((time + "." + request.text()).getBytes(StandardCharsets.UTF_8)));
      assertThat(request.headers())
          .containsEntry("x-parley-signature", "t=" + time + ",v1=" + hex)
          .allSatisfy((name, value) -> assertThat(value).doesNotContain(AgentFixture.SECRET));
    }
  }

  @Test
  void is_sent_whatever_a_message_may_hold() throws Exception {
    String deep = "{\"a\":" + "[".repeat(990) + "]".repeat(990) + "}";
    Turn turn =
        new Turn(
            "s",
            null,
            null,
            null,
            new Turn.Message("m", "\uD83D\u0000", List.of(), deep),
            List.of());
    try (StandIn standIn =
        new StandIn(exchange -> exchange.answer(200, "application/json", "{\"text\":\"ok\"}"))) {
      assertThat(fixture.outputs(fixture.webhook(standIn, LIMITS), turn))
          .containsExactly(completed("ok"));
      assertThat(standIn.requests().get(0).text())
          .contains(
              "\"metadata\":" + deep, "\"content\":\"\\ud83d\\u0000\"", "\"externalId\":null");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/x-ndjson", "text/event-stream; charset=utf-8"})
  void answers_piece_by_piece_as_it_streams(String type) throws Exception {
    boolean events = type.startsWith("text/event-stream");
    String begin = events ? "data: " : "";
    String end = events ? "\n\n" : "\n";
    try (StandIn standIn =
        new StandIn(
            exchange ->
                exchange.stream(type)
                    .chunk(begin + "{\"delta\":\"Hel")
                    .chunk("lo\"}" + end + begin + "{\"delta\":\" you\"}" + end)
                    .lastChunk())) {
      assertThat(fixture.outputs(fixture.webhook(standIn, LIMITS)))
          .containsExactly(delta("Hello"), delta(" you"), completed("Hello you"));
    }
  }

  @Test
  void has_nothing_to_say_with_204() throws Exception {
    try (StandIn standIn =
        new StandIn(exchange -> exchange.send("HTTP/1.1 204 No Content\r\n\r\n"))) {
      assertThat(fixture.outputs(fixture.webhook(standIn, LIMITS))).containsExactly(completed(""));
    }
  }

  @Test
  void has_not_answered_when_its_stream_breaks_off() throws Exception {
    try (StandIn standIn =
        new StandIn(
            exchange -> exchange.stream("application/x-ndjson").chunk("{\"delta\":\"Hel\"}\n"))) {
      List<AgentOutput> outputs = fixture.outputs(fixture.webhook(standIn, LIMITS));
      assertThat(outputs.get(outputs.size() - 1))
          .isEqualTo(failed("The agent's answer broke off.", true));
      assertThat(standIn.requests()).hasSize(1);
    }
  }

  @Test
  void has_not_answered_when_nobody_can_tell_an_end_from_a_broken_connection() throws Exception {
    try (StandIn standIn =
        new StandIn(
            exchange ->
                exchange.streamUntilClose("application/x-ndjson").send("{\"delta\":\"Hel\"}\n"))) {
      assertThat(fixture.outputs(fixture.webhook(standIn, LIMITS)))
          .containsExactly(
              delta("Hel"),
              failed("The agent's answer ended without saying that it is complete.", true));
    }
  }

  @Test
  void may_end_with_the_connection_when_it_says_so() throws Exception {
    try (StandIn standIn =
        new StandIn(
            exchange ->
                exchange
                    .streamUntilClose("application/x-ndjson")
                    .send("{\"delta\":\"Hel\"}\n{\"text\":\"Hello\"}\n"))) {
      assertThat(fixture.outputs(fixture.webhook(standIn, LIMITS)))
          .containsExactly(delta("Hel"), completed("Hello"));
    }
  }

  @Test
  void is_not_followed_elsewhere() throws Exception {
    try (StandIn standIn =
        new StandIn(
            exchange ->
                exchange.answer(302, "text/plain", "there", "Location: http://127.0.0.1:1/"))) {
      assertThat(fixture.outputs(fixture.webhook(standIn, LIMITS)))
          .containsExactly(failed("The agent's endpoint answered 302.", false));
    }
  }

  @Test
  void is_refused_what_it_compresses_unasked() throws Exception {
    try (StandIn standIn =
        new StandIn(
            exchange -> exchange.answer(200, "application/json", "{}", "Content-Encoding: gzip"))) {
      assertThat(fixture.outputs(fixture.webhook(standIn, LIMITS)))
          .containsExactly(
              failed(
                  "The agent's answer is of a type other than what was asked for (it is"
                      + " compressed).",
                  false));
    }
  }

  @Test
  void may_send_garbage_without_harm() throws Exception {
    try (StandIn standIn =
        new StandIn(
            exchange -> exchange.send("\u0000\u0001 this is no HTTP\r\n\r\n"),
            exchange -> exchange.answer(200, "application/json", "{\"text\":\"late\"}"))) {
      assertThat(fixture.outputs(fixture.webhook(standIn, LIMITS)))
          .containsExactly(completed("late"));
    }
  }

  @Test
  void may_send_a_line_without_end_without_filling_the_memory() throws Exception {
    String piece = "x".repeat(64 * 1024);
    try (StandIn standIn =
        new StandIn(
            exchange -> {
              exchange.stream("application/x-ndjson");
              // Ends with an exception when the client has had enough.
              while (true) {
                exchange.chunk(piece);
              }
            })) {
      assertThat(fixture.outputs(fixture.webhook(standIn, LIMITS)))
          .containsExactly(failed("The agent has sent a line of more than 1048576 bytes.", false));
    }
  }
}
