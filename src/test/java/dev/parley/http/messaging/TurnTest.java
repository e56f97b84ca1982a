package dev.parley.http.messaging;

import static dev.parley.http.messaging.Messaging.error;
import static dev.parley.http.messaging.Messaging.events;
import static dev.parley.http.messaging.Messaging.session;
import static dev.parley.http.messaging.TurnServer.AGENT;
import static dev.parley.http.messaging.TurnServer.IMPATIENT;
import static dev.parley.http.messaging.TurnServer.LIMIT;
import static dev.parley.http.messaging.TurnServer.STOPPED;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.Eventually;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionReply;
import dev.parley.session.TimeoutPolicy;
import dev.parley.session.Turn;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import okhttp3.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** eliza.md sections 6 and 8: what becomes of a message, whatever its agent does. */
@Timeout(120)
class TurnTest {
  @TempDir static Path directory;
  private static TurnServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new TurnServer(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static String idOf(JsonNode sent) {
    return sent.get("id").textValue();
  }

  private static List<String> contents(String id) {
    return server.history(id).stream().map(message -> message.get("content").textValue()).toList();
  }

  private static Answer join(CompletableFuture<Answer> answer) throws Exception {
    return answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  /** Waits until the agent's first words stand in {@code .out}. */
  private static void awaitWords(String id) {
    assertThat(
            Eventually.within(
                LIMIT,
                () ->
                    server.records(id, "out").stream()
                        .anyMatch(data -> data.path("type").asText().equals("text-delta"))))
        .isTrue();
  }

  @Test
  void a_failing_agent_leaves_the_message_and_says_so() {
    String id = server.created(AGENT);
    JsonNode error = error(server.send(id, "fail 1", "http"), 500, "MESSAGE_SEND_FAILED");
    JsonNode stored = server.history(id).get(0);
    assertThat(error.at("/details/messageId")).isEqualTo(stored.get("id"));
    assertThat(error.get("message").textValue()).contains(id);
    List<Messaging.Event> events = events(server.send(id, "fail 2", "sse"));
    assertThat(events).extracting(Messaging.Event::name).containsExactly("user_message", "error");
    assertThat(events.get(1).data().get("error").textValue()).isNotBlank();
    assertThat(server.send(id, "well", "http").json().at("/agentResponse/text").textValue())
        .isEqualTo("re: well");
    assertThat(contents(id)).containsExactly("re: well", "well", "fail 2", "fail 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"silent", "slow"})
  void item_14_an_answer_ends_although_the_agent_does_not(String way) {
    String id = server.created(IMPATIENT);
    List<Messaging.Event> events = events(server.send(id, way + " and no end", "sse"));
    assertThat(events.get(0).name()).isEqualTo("user_message");
    assertThat(events.get(events.size() - 1).name()).isEqualTo("error");
    assertThat(events.stream().filter(event -> event.name().matches("done|error"))).hasSize(1);
    assertThat(server.closed(way + " and no end")).succeedsWithin(LIMIT);
    error(server.send(id, way + " again", "http"), 500, "MESSAGE_SEND_FAILED");
    assertThat(contents(id)).containsExactly(way + " again", way + " and no end");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "sse", "websocket"})
  void item_16_without_its_agent_a_session_takes_no_message(String transport) {
    String id = Messaging.user();
    var parties = new MessagingSession.Parties(id, Messaging.user(), STOPPED, Messaging.user());
    // As if the agent had been stopped since: it would not be created now.
    SessionReply reply =
        server
            .server()
            .sessions()
            .ask(
                server.id(id),
                new SessionCommand.Create(
                    id,
                    MessagingSession.TYPE,
                    STOPPED,
                    parties.toTriggerConfig(),
                    parties.tags(),
                    "{}",
                    null,
                    new TimeoutPolicy(30, true, 720, 5),
                    STOPPED,
                    "run_1"))
            .toCompletableFuture()
            .join();
    assertThat(reply).isInstanceOf(SessionReply.Started.class);
    Answer answer = server.send(id, "anybody there?", transport);
    JsonNode error = error(answer, 503, "AGENT_NOT_AVAILABLE");
    assertThat(error.at("/details/agentId").textValue()).isEqualTo(STOPPED);
    assertThat(Integer.parseInt(answer.header("Retry-After"))).isPositive();
    assertThat(server.history(id)).isEmpty();
    JsonNode info = server.ok("GET", session(id), "");
    assertThat(info.get("renewalCount").intValue()).isZero();
    assertThat(info.get("lastActivity")).isEqualTo(info.get("createdAt"));
  }

  @Test
  void messages_sent_at_once_are_answered_one_after_the_other() throws Exception {
    String id = server.created(AGENT);
    List<CompletableFuture<Answer>> sends =
        IntStream.range(0, 20)
            .mapToObj(i -> server.sendAsync(id, "q" + i, i % 2 == 0 ? "http" : "sse"))
            .toList();
    for (int i = 0; i < 20; i++) {
      Answer answer = join(sends.get(i));
      String text =
          i % 2 == 0
              ? answer.json().at("/agentResponse/text").textValue()
              : events(answer).get(events(answer).size() - 1).data().get("text").textValue();
      assertThat(text).isEqualTo("re: q" + i);
      assertThat(server.requests("q" + i)).hasSize(1);
    }
    List<JsonNode> messages = server.history(id);
    List<String> asked = new ArrayList<>();
    List<String> answered = new ArrayList<>();
    for (JsonNode message : messages) {
      if (message.get("isAgent").booleanValue()) {
        answered.add(message.at("/metadata/inReplyTo").textValue());
      } else {
        asked.add(idOf(message));
      }
    }
    assertThat(answered).hasSize(20).isEqualTo(asked);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "sse"})
  void a_stop_keeps_what_was_said_and_the_next_message_is_answered(String transport)
      throws Exception {
    String id = server.created(AGENT);
    String content = "slow " + transport;
    CompletableFuture<Answer> slow = server.sendAsync(id, content, transport);
    awaitWords(id);
    CompletableFuture<Answer> next = server.sendAsync(id, "next", "http");
    assertThat(Eventually.within(LIMIT, () -> server.history(id).size() == 2)).isTrue();
    server.ok("POST", session(id) + "/stop", "");
    JsonNode said =
        transport.equals("http")
            ? join(slow).json().get("agentResponse")
            : events(join(slow)).get(events(join(slow)).size() - 1).data();
    assertThat(said.get("text").textValue()).isEqualTo("so far");
    assertThat(said.get("stopped").booleanValue()).isTrue();
    assertThat(server.closed(content)).succeedsWithin(LIMIT);
    assertThat(join(next).json().at("/agentResponse/text").textValue()).isEqualTo("re: next");
    assertThat(contents(id)).containsExactly("re: next", "so far", "next", content);
    assertThat(server.history(id).get(1).at("/metadata/stopped").booleanValue()).isTrue();
    // With nothing to stop it does nothing.
    server.ok("POST", session(id) + "/stop", "");
    assertThat(contents(id)).hasSize(4);
  }

  @Test
  void a_stop_before_the_first_word_leaves_no_answer() throws Exception {
    String id = server.created(AGENT);
    CompletableFuture<Answer> silent = server.sendAsync(id, "silent stop", "http");
    server.awaitRequest("silent stop");
    server.ok("POST", session(id) + "/stop", "");
    assertThat(join(silent).status()).isEqualTo(201);
    assertThat(join(silent).json().get("agentResponse").isNull()).isTrue();
    assertThat(contents(id)).containsExactly("silent stop");
  }

  @Test
  void item_23_a_deletion_cancels_the_agents_work_and_ends_all_who_wait() throws Exception {
    String id = server.created(AGENT);
    CompletableFuture<Answer> http = server.sendAsync(id, "slow delete", "http");
    awaitWords(id);
    CompletableFuture<Answer> queued = server.sendAsync(id, "never asked", "sse");
    assertThat(Eventually.within(LIMIT, () -> server.history(id).size() == 2)).isTrue();
    server.ok("DELETE", session(id), "");
    assertThat(server.closed("slow delete")).succeedsWithin(LIMIT);
    Answer ended = join(http);
    assertThat(ended.json().at("/error/code").textValue()).isEqualTo("MESSAGE_SEND_FAILED");
    List<Messaging.Event> events = events(join(queued));
    assertThat(events).extracting(Messaging.Event::name).containsExactly("user_message", "error");
    assertThat(server.requests("never asked")).isEmpty();
    // Readable on the durable face until retention ends.
    assertThat(server.records(id, "in")).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void the_agent_is_given_all_that_belongs_to_the_message() {
    String id = server.created(AGENT, ",\"metadata\":{\"plan\":\"pro\"}");
    for (int i = 0; i < 3; i++) {
      server.send(id, "before " + i, "http");
    }
    String attachment = "{\"type\":\"image\",\"url\":\"https://x.test/a.png\",\"name\":\"a\"}";
    JsonNode sent =
        server.ok(
            "POST",
            session(id) + "/messages",
            "{\"content\":\"look at this\",\"transport\":\"http\",\"metadata\":{\"tone\":\"kind\"},"
                + "\"attachments\":["
                + attachment
                + "]}");
    JsonNode request = server.requests("look at this").get(0);
    JsonNode info = server.ok("GET", session(id), "");
    assertThat(request.at("/session/externalId").textValue()).isEqualTo(id);
    assertThat(request.get("channelId")).isEqualTo(info.get("channelId"));
    assertThat(request.get("userId")).isEqualTo(info.get("userId"));
    assertThat(request.at("/message/id")).isEqualTo(sent.get("id"));
    assertThat(request.at("/message/attachments/0")).isEqualTo(Answer.parse(attachment));
    JsonNode metadata = request.at("/message/metadata");
    assertThat(metadata.get("plan").textValue()).isEqualTo("pro");
    assertThat(metadata.get("tone").textValue()).isEqualTo("kind");
    assertThat(metadata.get("sessionId").textValue()).isEqualTo(id);
    // As many as its setting says, the oldest first.
    assertThat(request.get("history"))
        .extracting(entry -> entry.get("role").textValue() + " " + entry.get("content").textValue())
        .containsExactly(
            "user before 1", "agent re: before 1", "user before 2", "agent re: before 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"late and well", "late and fails"})
  void the_headers_of_a_late_answer_do_not_wait_for_it(String content) throws Exception {
    String id = server.created(AGENT);
    String body = "{\"content\":\"" + content + "\",\"transport\":\"http\"}";
    try (Response response = server.open("POST", session(id) + "/messages", body)) {
      assertThat(response.code()).isEqualTo(201);
      assertThat(response.header("Content-Type")).startsWith("application/json");
      server.released(content).complete(null);
      JsonNode answer = Answer.parse(new String(response.body().bytes(), StandardCharsets.UTF_8));
      boolean fails = content.endsWith("fails");
      assertThat(answer.get("success").booleanValue()).isEqualTo(!fails);
      if (fails) {
        assertThat(answer.at("/error/code").textValue()).isEqualTo("MESSAGE_SEND_FAILED");
        assertThat(answer.at("/error/details/messageId"))
            .isEqualTo(server.history(id).get(0).get("id"));
      } else {
        assertThat(answer.at("/data/agentResponse/text").textValue()).isEqualTo("at last");
        assertThat(answer.at("/agentResponse/thought").textValue()).isEqualTo("hm");
        assertThat(server.history(id).get(0).at("/metadata/thought").textValue()).isEqualTo("hm");
      }
    }
  }

  @Test
  void a_durable_session_is_answered_by_the_agent_of_its_task() {
    String key = Fixtures.fresh("support");
    server.ok(
        "POST", Fixtures.SESSIONS, Fixtures.createBody(key).replace("my-agent", TurnServer.TASK));
    server.ok("POST", Fixtures.channel(key, "in/append"), "stream this");
    assertThat(Eventually.within(LIMIT, () -> texts(key).contains("message a b"))).isTrue();
    assertThat(texts(key)).contains("text-delta b");
    List<JsonNode> out = server.records(key, "out");
    JsonNode delta = out.get(0);
    JsonNode message =
        out.stream()
            .filter(data -> data.path("type").asText().equals("message"))
            .findFirst()
            .orElseThrow();
    assertThat(message.get("id")).isEqualTo(delta.get("messageId"));
    assertThat(message.get("inReplyTo")).isEqualTo(delta.get("inReplyTo"));
    assertThat(message.get("authorId").textValue()).isEqualTo(AGENT);
    // The next one hears what was said.
    server.ok("POST", Fixtures.channel(key, "in/append"), "again");
    server.awaitRequest("again");
    assertThat(server.requests("again").get(0).get("history"))
        .extracting(entry -> entry.get("content").textValue())
        .containsExactly("stream this", "a b");
  }

  /** What each record of {@code .out} is and says. */
  private static List<String> texts(String key) {
    return server.records(key, "out").stream()
        .map(
            data ->
                data.path("type").asText()
                    + " "
                    + data.path("delta").asText(data.path("content").asText()))
        .toList();
  }

  @Test
  void every_piece_of_every_answer_is_a_record() throws Exception {
    List<String> ids = IntStream.range(0, 4).mapToObj(i -> server.created(AGENT)).toList();
    List<CompletableFuture<Answer>> sends = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      for (String id : ids) {
        sends.add(server.sendAsync(id, "words " + i, "http"));
      }
    }
    for (CompletableFuture<Answer> send : sends) {
      assertThat(join(send).status()).isEqualTo(201);
    }
    for (String id : ids) {
      StringBuilder said = new StringBuilder();
      for (JsonNode record : server.records(id, "out")) {
        if (record.path("type").asText().equals("text-delta")) {
          said.append(record.get("delta").textValue());
        } else if (record.path("type").asText().equals("message")) {
          assertThat(said.toString()).isEqualTo(record.get("content").textValue());
          said.setLength(0);
        }
      }
    }
  }

  @Test
  void an_agent_that_was_cut_off_too_often_fails_that_message_and_no_other() throws Exception {
    String id = server.created(AGENT);
    CompletableFuture<Answer> cutOff = server.sendAsync(id, "silent crash", "http");
    server.awaitRequest("silent crash");
    CompletableFuture<Answer> next = server.sendAsync(id, "behind it", "http");
    assertThat(Eventually.within(LIMIT, () -> server.history(id).size() == 2)).isTrue();
    for (int attempt = 0; attempt < Turn.MAX_ATTEMPTS; attempt++) {
      server
          .server()
          .sessions()
          .ask(server.id(id), new SessionCommand.ResumeTurn())
          .toCompletableFuture()
          .join();
    }
    error(join(cutOff), 500, "MESSAGE_SEND_FAILED");
    assertThat(join(next).json().at("/agentResponse/text").textValue()).isEqualTo("re: behind it");
  }

  @Test
  void item_05_the_end_comes_by_itself_once_and_cuts_off_the_answer() throws Exception {
    String id = server.created(AGENT, ",\"timeoutConfig\":{\"autoRenew\":false}");
    CompletableFuture<Answer> slow = server.sendAsync(id, "slow end", "sse");
    awaitWords(id);
    server.advance(Duration.ofMinutes(31));
    List<Messaging.Event> events = events(join(slow));
    assertThat(events.get(events.size() - 1).name()).isEqualTo("error");
    assertThat(server.closed("slow end")).succeedsWithin(LIMIT);
    List<String> types = new ArrayList<>();
    server
        .records(id, "channels/lifecycle/out")
        .forEach(record -> types.add(record.path("type").asText()));
    assertThat(types.stream().filter("expired"::equals)).hasSize(1);
    assertThat(types.get(types.size() - 1)).isEqualTo("expired");
    error(server.send(id, "too late", "http"), 410, "SESSION_EXPIRED");
    JsonNode row = server.ok("GET", Fixtures.session(id), "");
    assertThat(row.get("closedAt").isNull()).isTrue();
    assertThat(server.call("POST", Fixtures.channel(id, "in/append"), "x").status()).isEqualTo(400);
  }

  @Test
  void item_17_what_races_with_the_end_is_stored_and_counted_or_neither() throws Exception {
    String id = server.created(AGENT);
    Set<Integer> counts = new TreeSet<>();
    counts.add(renewalCount(join(server.sendAsync(id, "before", "websocket"))));
    List<CompletableFuture<Answer>> sends = new ArrayList<>();
    // Each accepted one moves the end, so the clock is put over it while they come.
    CompletableFuture<Void> jump =
        CompletableFuture.runAsync(() -> server.advance(Duration.ofMinutes(31)));
    for (int i = 0; i < 40; i++) {
      sends.add(server.sendAsync(id, "race " + i, "websocket"));
    }
    jump.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    int accepted = 1;
    for (CompletableFuture<Answer> send : sends) {
      Answer answer = join(send);
      if (answer.status() == 201) {
        accepted++;
        counts.add(renewalCount(answer));
      } else {
        error(answer, 410, "SESSION_EXPIRED");
      }
    }
    long stored =
        server.records(id, "in").stream()
            .filter(record -> record.path("type").asText().equals("message"))
            .count();
    assertThat(stored).isEqualTo(accepted);
    assertThat(counts).hasSize(accepted).contains(1, accepted);
    List<JsonNode> lifecycle = server.records(id, "channels/lifecycle/out");
    assertThat(lifecycle.get(0).get("type").textValue()).isEqualTo("created");
  }

  private static int renewalCount(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json().at("/sessionStatus/renewalCount").intValue();
  }
}
