package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.agent.StandIn;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every message gets one whole answer, however often the server dies in the middle of them. */
class AnswerCrashIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String AGENT = "00000000-0000-4000-8000-00000000c4a5";
  private static final String MESSAGING = "/api/messaging/sessions";
  private static final int SESSIONS = 4;
  private static final int KILLS = 3;
  private static final int WORDS = 12;

  /** How soon after its start a server has answered what little was left. */
  private static final Duration CATCH_UP = Duration.ofSeconds(15);

  @TempDir private Path directory;

  private final long seed = Long.getLong("parley.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @BeforeEach
  void showSeed() {
    System.out.println("AnswerCrashIT: repeat with -Dparley.seed=" + seed);
  }

  @Test
  void item_01_every_message_is_answered_once_and_whole_across_kills() throws Exception {
    try (StandIn agent = new StandIn(AnswerCrashIT::answer);
        ParleyProcess server = ParleyProcess.start(directory.resolve("data"), environment(agent))) {
      TestClient client = new TestClient(server, ParleyProcess.SECRET_KEY);
      List<User> users = new ArrayList<>();
      for (int i = 0; i < SESSIONS; i++) {
        users.add(new User(client, newSession(client), i));
      }
      users.forEach(Thread::start);
      for (int kill = 1; kill <= KILLS; kill++) {
        int wanted = agent.requests().size() + 4 + random.nextInt(12);
        assertThat(Eventually.within(LIMIT, () -> agent.requests().size() >= wanted)).isTrue();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(150)));
        if (kill == KILLS) {
          for (User user : users) {
            user.finish();
          }
        }
        server.kill9();
        server.restart();
      }
      Instant ready = Instant.now();
      // Nobody asks for as long as the server may take.
      assertThat(Eventually.within(LIMIT, () -> Instant.now().isAfter(ready.plus(CATCH_UP))))
          .isTrue();
      for (User user : users) {
        Records records = Records.read(client, user.session);
        records.assertAnswered(user);
        assertThat(history(client, user.session)).isEqualTo(records.newestFirst());
      }
      Map<String, List<String>> askedAs = new HashMap<>();
      for (StandIn.Request request : agent.requests()) {
        JsonNode message = JSON.readTree(request.text()).get("message");
        askedAs
            .computeIfAbsent(message.get("content").asText(), content -> new ArrayList<>())
            .add(message.get("id").asText());
      }
      assertThat(askedAs.values())
          .allSatisfy(
              ids -> {
                assertThat(ids).hasSizeLessThanOrEqualTo(KILLS + 1);
                assertThat(ids.stream().distinct()).hasSize(1);
              });
    }
  }

  /** Speaks so slowly that a kill finds it in the middle of an answer. */
  private static void answer(StandIn.Exchange exchange) throws IOException {
    String content = JSON.readTree(exchange.request().text()).at("/message/content").textValue();
    exchange.stream("application/x-ndjson");
    for (String word : words(content)) {
      exchange.chunk("{\"delta\":\"" + word + "\"}\n");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    exchange.lastChunk();
  }

  private static List<String> words(String content) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < WORDS; i++) {
      words.add(content + ":" + i + " ");
    }
    return words;
  }

  private Map<String, String> environment(StandIn agent) throws IOException {
    Path file = directory.resolve("crash.conf");
    Files.writeString(
        file,
        """
        include classpath("application.conf")
        parley.agents += { id = "%s", name = "Slow", kind = webhook, url = "%s", secret-env = SLOW_SECRET }
        """
            .formatted(AGENT, agent.url("/")));
    return Map.of(
        "PARLEY_SECRET_KEY",
        ParleyProcess.SECRET_KEY,
        "SLOW_SECRET",
        "a-secret-of-some-length",
        "JAVA_TOOL_OPTIONS",
        "-Dconfig.file=" + file);
  }

  private static String newSession(TestClient client) throws Exception {
    String body = "{\"agentId\":\"%s\",\"userId\":\"%s\"}".formatted(AGENT, UUID.randomUUID());
    HttpResponse<String> response = client.send("POST", MESSAGING, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return JSON.readTree(response.body()).get("sessionId").asText();
  }

  /** The ids of the messages, page by page. */
  private static List<String> history(TestClient client, String session) throws Exception {
    List<String> ids = new ArrayList<>();
    String query = "?limit=9";
    while (true) {
      HttpResponse<String> response =
          client.send("GET", MESSAGING + "/" + session + "/messages" + query, "");
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      JsonNode page = JSON.readTree(response.body());
      page.get("messages").forEach(message -> ids.add(message.get("id").asText()));
      if (!page.get("hasMore").asBoolean()) {
        return ids;
      }
      query = "?limit=9&before=" + page.at("/cursors/before").asLong();
    }
  }

  /** What stands in both directions of a session. */
  private record Records(List<JsonNode> in, List<JsonNode> out, int turnsCompleted) {
    static Records read(TestClient client, String session) throws Exception {
      List<JsonNode> in = new ArrayList<>();
      records(client, session, "in").forEach(record -> in.add(record.get("data")));
      List<JsonNode> out = new ArrayList<>();
      int completed = 0;
      for (JsonNode record : records(client, session, "out")) {
        assertThat(record.get("seqNum").asInt()).isEqualTo(completed + out.size());
        if (record.has("headers")) {
          completed++;
        } else {
          out.add(record.get("data"));
        }
      }
      return new Records(in, out, completed);
    }

    private static JsonNode records(TestClient client, String session, String io) throws Exception {
      HttpResponse<String> response =
          client.send("GET", "/realtime/v1/sessions/" + session + "/" + io + "/records", "");
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return JSON.readTree(response.body()).get("records");
    }

    void assertAnswered(User user) {
      assertThat(in).extracting(message -> message.get("id").asText()).isEqualTo(user.ids);
      assertThat(out)
          .extracting(record -> record.get("type").asText())
          .containsOnly("text-delta", "message");
      List<JsonNode> answers =
          out.stream().filter(record -> record.get("type").asText().equals("message")).toList();
      assertThat(answers)
          .extracting(answer -> answer.get("inReplyTo").asText())
          .isEqualTo(user.ids);
      assertThat(turnsCompleted).isEqualTo(in.size());
      for (int i = 0; i < in.size(); i++) {
        String asked = in.get(i).get("content").asText();
        assertThat(asked).isEqualTo(user.text(i));
        JsonNode answer = answers.get(i);
        assertThat(answer.get("content").asText()).isEqualTo(String.join("", words(asked)));
        StringBuilder said = new StringBuilder();
        out.stream()
            .filter(record -> record.path("messageId").asText().equals(answer.get("id").asText()))
            .forEach(delta -> said.append(delta.get("delta").asText()));
        assertThat(said.toString())
            .as("the pieces of %s among %s", answer, out)
            .isEqualTo(answer.get("content").asText());
      }
    }

    List<String> newestFirst() {
      List<JsonNode> messages = new ArrayList<>(in);
      out.stream()
          .filter(record -> record.get("type").asText().equals("message"))
          .forEach(messages::add);
      messages.sort(
          (one, other) -> other.get("createdAt").asText().compareTo(one.get("createdAt").asText()));
      return messages.stream().map(message -> message.get("id").asText()).toList();
    }
  }

  /** Sends one message after the other, a little faster than they are answered. */
  private static final class User extends Thread {
    private final TestClient client;
    private final String session;
    private final int number;
    private final List<String> ids = new ArrayList<>();
    private volatile boolean finishing;
    private volatile Throwable failure;

    User(TestClient client, String session, int number) {
      this.client = client;
      this.session = session;
      this.number = number;
      setDaemon(true);
      setUncaughtExceptionHandler((thread, thrown) -> failure = thrown);
    }

    String text(int i) {
      return number + "/" + i;
    }

    @Override
    public void run() {
      for (int i = 0; !finishing; i++) {
        ids.add(send(i));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
      }
    }

    private String send(int i) {
      String body =
          "{\"content\":\"%s\",\"metadata\":{\"clientMessageId\":\"%d\"}}".formatted(text(i), i);
      while (true) {
        try {
          HttpResponse<String> response =
              client.send("POST", MESSAGING + "/" + session + "/messages", body);
          if (response.statusCode() == 201) {
            return JSON.readTree(response.body()).get("id").asText();
          }
          assertThat(response.statusCode()).as(response.body()).isGreaterThanOrEqualTo(500);
        } catch (IOException e) {
          // The server is gone; what became of the message is not known.
        } catch (InterruptedException e) {
          throw new IllegalStateException("Interrupted", e);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }

    void finish() throws InterruptedException {
      finishing = true;
      join(LIMIT.toMillis());
      assertThat(failure).isNull();
      assertThat(isAlive()).isFalse();
    }
  }
}
