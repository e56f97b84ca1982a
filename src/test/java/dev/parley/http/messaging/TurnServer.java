package dev.parley.http.messaging;

import static dev.parley.http.messaging.Messaging.SESSIONS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.Eventually;
import dev.parley.OwnServer;
import dev.parley.agent.StandIn;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import dev.parley.session.SessionId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import okhttp3.Dispatcher;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * A server whose agents are webhooks of a stand-in, which does what the first word of a message
 * says: fail; stream; say words with pauses; be silent; be slow, that is say something and then no
 * more; or be late, that is wait until it is released. Anything else is answered.
 */
final class TurnServer implements AutoCloseable {
  static final String AGENT = "00000000-0000-0000-8000-0000000000b1";
  static final String IMPATIENT = "00000000-0000-0000-8000-0000000000b2";
  static final String STOPPED = "00000000-0000-0000-8000-0000000000b3";
  static final String TASK = "support";
  static final Duration LIMIT = Duration.ofSeconds(30);

  /** The environment id of the server's own configuration. */
  private static final String ENVIRONMENT = "env_default";

  private final Map<String, CompletableFuture<Void>> closed = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Void>> released = new ConcurrentHashMap<>();
  private final StandIn standIn;
  private final OwnServer server;
  private final OkHttpClient http;

  TurnServer(Path directory) throws Exception {
    standIn = new StandIn(this::serve);
    server =
        OwnServer.start(
            directory,
            Map.of(
                "parley.test-clock",
                "on",
                "parley.messaging.headers-within",
                "3s",
                "parley.agents",
                List.of(
                    webhook(AGENT, Map.of("task-identifiers", List.of(TASK), "history", 4)),
                    webhook(IMPATIENT, Map.of("stall-limit", "1s")),
                    Map.of("id", STOPPED, "name", "S", "kind", "echo", "started", false))));
    Dispatcher dispatcher = new Dispatcher();
    dispatcher.setMaxRequestsPerHost(100);
    http = new OkHttpClient.Builder().dispatcher(dispatcher).readTimeout(LIMIT).build();
  }

  private Map<String, Object> webhook(String id, Map<String, Object> more) {
    Map<String, Object> agent = new java.util.HashMap<>(more);
    // Any variable that is sure to be set: nobody looks at the signature here.
    agent.putAll(Map.of("id", id, "name", "W", "kind", "webhook", "secret-env", "PATH"));
    agent.putAll(Map.of("url", standIn.url("/"), "tries", 1));
    return agent;
  }

  private void serve(StandIn.Exchange exchange) throws IOException {
    String content = Answer.parse(exchange.request().text()).at("/message/content").textValue();
    switch (content.split(" ")[0]) {
      case "fail" -> exchange.answer(500, "text/plain", "out of order");
      case "silent" -> exchange.awaitClose(closed(content));
      case "slow" -> {
        exchange.stream("application/x-ndjson").chunk("{\"delta\":\"so far\"}\n");
        exchange.awaitClose(closed(content));
      }
      case "late" -> {
        released(content).join();
        boolean fails = content.endsWith("fails");
        exchange.answer(
            fails ? 500 : 200, "application/json", "{\"text\":\"at last\",\"thought\":\"hm\"}");
      }
      case "stream" -> {
        exchange.stream("application/x-ndjson").chunk("{\"delta\":\"a \"}\n{\"delta\":\"b\"}\n");
        exchange.lastChunk();
      }
      case "words" -> {
        exchange.stream("application/x-ndjson");
        for (int i = 0; i < 12; i++) {
          exchange.chunk("{\"delta\":\"" + i + " \"}\n");
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        exchange.lastChunk();
      }
      default -> exchange.answer(200, "application/json", "{\"text\":\"re: " + content + "\"}");
    }
  }

  /** When the agent's connection about that message is closed by the server. */
  CompletableFuture<Void> closed(String content) {
    return closed.computeIfAbsent(content, key -> new CompletableFuture<>());
  }

  CompletableFuture<Void> released(String content) {
    return released.computeIfAbsent(content, key -> new CompletableFuture<>());
  }

  /** What the agent was asked about that message. */
  List<JsonNode> requests(String content) {
    return standIn.requests().stream()
        .map(request -> Answer.parse(request.text()))
        .filter(body -> body.at("/message/content").textValue().equals(content))
        .toList();
  }

  /** Waits until the agent is asked about that message. */
  void awaitRequest(String content) {
    assertThat(Eventually.within(LIMIT, () -> !requests(content).isEmpty())).isTrue();
  }

  OwnServer server() {
    return server;
  }

  SessionId id(String sessionId) {
    return SessionId.ofExternal(ENVIRONMENT, sessionId);
  }

  Answer call(String method, String path, String body) {
    try (Response response = open(method, path, body)) {
      return Answer.of(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The answer as far as its headers; the caller reads and closes it. */
  Response open(String method, String path, String body) {
    Request.Builder request =
        new Request.Builder()
            .url(server.origin() + path)
            .header("Authorization", "Bearer " + OwnServer.KEY)
            .method(
                method,
                method.equals("GET")
                    ? null
                    : RequestBody.create(body, MediaType.get("application/json")));
    try {
      return http.newCall(request.build()).execute();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode ok(String method, String path, String body) {
    Answer answer = call(method, path, body);
    assertThat(answer.status()).as(answer.body()).isIn(200, 201);
    return answer.json();
  }

  String created(String agent) {
    return created(agent, "");
  }

  /**
   * @param more fields, each with a comma before it
   */
  String created(String agent, String more) {
    String body =
        "{\"agentId\":\"%s\",\"userId\":\"%s\"%s}".formatted(agent, Messaging.user(), more);
    return ok("POST", SESSIONS, body).get("sessionId").textValue();
  }

  Answer send(String sessionId, String content, String transport) {
    String body = "{\"content\":\"%s\",\"transport\":\"%s\"}".formatted(content, transport);
    return call("POST", Messaging.session(sessionId) + "/messages", body);
  }

  CompletableFuture<Answer> sendAsync(String sessionId, String content, String transport) {
    return CompletableFuture.supplyAsync(
        () -> send(sessionId, content, transport), command -> new Thread(command).start());
  }

  /** The messages, the newest first. */
  List<JsonNode> history(String sessionId) {
    List<JsonNode> messages = new ArrayList<>();
    ok("GET", Messaging.session(sessionId) + "/messages?limit=100", "")
        .get("messages")
        .forEach(messages::add);
    return messages;
  }

  /** The data of the records of a stream; empty objects in the place of control records. */
  List<JsonNode> records(String key, String stream) {
    List<JsonNode> records = new ArrayList<>();
    ok("GET", "/realtime/v1/sessions/" + Wire.segment(key) + "/" + stream + "/records", "")
        .get("records")
        .forEach(record -> records.add(Messaging.data(record)));
    return records;
  }

  void advance(Duration by) {
    ok("POST", "/test/clock/advance", "{\"ms\":" + by.toMillis() + "}");
  }

  @Override
  public void close() throws Exception {
    released.values().forEach(late -> late.complete(null));
    server.close();
    standIn.close();
    http.connectionPool().evictAll();
  }
}
