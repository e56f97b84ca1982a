package dev.parley.http.agents;

import static dev.parley.http.agents.AdminClient.AGENTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.OwnServer;
import dev.parley.agent.AgentDefinition;
import dev.parley.http.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The registry of agents as an operator sees it, across restarts of the server. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RegisteredAgentsTest {
  private static final String OTHER_KEY = "tr_dev_key_of_another_tenant";
  private static final String CONFIGURED = "00000000-0000-0000-8000-0000000000b1";
  private static final String SESSIONS = "/api/messaging/sessions";

  /** A variable that every process has stands for the secret; the test can't set one. */
  private static final String SECRET = "PATH";

  @TempDir static Path directory;
  private static OwnServer server;
  private static AdminClient client;

  @BeforeAll
  static void start() throws Exception {
    start(Map.of("id", CONFIGURED, "name", "Mine", "kind", "echo", "started", false));
  }

  private static void start(Map<String, Object> configured) throws Exception {
    server =
        OwnServer.start(
            directory,
            Map.of(
                "parley.agent-registry.secret-env-prefix",
                "PATH",
                "parley.environments",
                List.of(Map.of("id", "env_other", "secret-keys", List.of(OTHER_KEY))),
                "parley.agents",
                List.of(
                    Map.of("id", AgentDefinition.ECHO_ID, "name", "Echo", "kind", "echo"),
                    configured)));
    client = new AdminClient(server);
  }

  @AfterAll
  static void stop() {
    AdminClient.disconnect();
    server.close();
  }

  private static void restart(Map<String, Object> configured) throws Exception {
    stop();
    start(configured);
  }

  private static String id() {
    return UUID.randomUUID().toString();
  }

  /** An echo agent with these fields more, each with a comma before it. */
  private static String echo(String more) {
    return "{\"name\":\"E\",\"kind\":\"echo\"" + more + "}";
  }

  private static String register(String document) {
    String id = id();
    client.expect(201, "PUT", AGENTS + id, document);
    return id;
  }

  private static Answer session(String agentId) {
    return client.send(
        "POST", SESSIONS, "{\"agentId\":\"%s\",\"userId\":\"%s\"}".formatted(agentId, id()));
  }

  private static List<String> ids(String key) {
    List<String> ids = new ArrayList<>();
    client
        .send("GET", "/api/admin/agents", "", key)
        .json()
        .get("agents")
        .forEach(agent -> ids.add(agent.get("id").textValue()));
    return ids;
  }

  @Test
  @Order(1)
  void an_agent_is_registered_shown_changed_and_removed() {
    String id = id();
    String document =
        """
        {"id":"%s","name":"Support","taskIdentifiers":["support"],"kind":"webhook",
         "url":"https://agents.example.com/answer?v=1","secretEnv":"%s","history":7,
         "settings":{"SESSION_TIMEOUT_MINUTES":45,"SESSION_AUTO_RENEW":false},
         "timeLimit":"20s","retryPause":250,"source":null}"""
            .formatted(id, SECRET);
    JsonNode created = client.expect(201, "PUT", AGENTS + id, document);
    assertThat(created)
        .isEqualTo(
            Answer.parse(
                """
                {"id":"%s","name":"Support","taskIdentifiers":["support"],
                 "settings":{"SESSION_TIMEOUT_MINUTES":"45","SESSION_AUTO_RENEW":"false"},
                 "started":true,"kind":"webhook","url":"https://agents.example.com/answer?v=1",
                 "secretEnv":"%s","history":7,"timeLimit":"20s","stallLimit":"60s","tries":4,
                 "retryPause":"250ms","source":"api"}"""
                    .formatted(id, SECRET)));
    assertThat(client.get(AGENTS + id)).isEqualTo(created);
    assertThat(client.expect(200, "PUT", AGENTS + id, created.toString())).isEqualTo(created);
    JsonNode changed = client.expect(200, "PUT", AGENTS + id.toUpperCase(), echo(""));
    assertThat(changed.get("kind").textValue()).isEqualTo("echo");
    assertThat(client.get(AGENTS + id)).isEqualTo(changed);
    client.expect(204, "DELETE", AGENTS + id, "");
    for (String method : List.of("GET", "DELETE")) {
      client.expect(404, method, AGENTS + id, "");
    }
    client.expect(404, "POST", AGENTS + id + "/start", "");
  }

  @Test
  @Order(1)
  void every_kind_of_agent_is_given_back_as_it_was_put() {
    for (String fields :
        List.of(
            "\"kind\":\"openai\",\"baseUrl\":\"https://m.example/v1\",\"model\":\"m\","
                + "\"keyEnv\":\"PATH\",\"systemPrompt\":\"Be brief.\",\"history\":0",
            "\"kind\":\"openai\",\"baseUrl\":\"https://m.example/v1\",\"model\":\"m\"",
            "\"kind\":\"attached\",\"lease\":\"45s\"",
            "\"kind\":\"attached\"",
            "\"kind\":\"echo\",\"started\":false")) {
      String id = register("{\"name\":\"K\"," + fields + "}");
      JsonNode shown = client.get(AGENTS + id);
      Answer.parse("{" + fields + "}")
          .fields()
          .forEachRemaining(
              field -> assertThat(shown.get(field.getKey())).isEqualTo(field.getValue()));
      assertThat(client.expect(200, "PUT", AGENTS + id, shown.toString())).isEqualTo(shown);
    }
  }

  static Stream<Arguments> mistakes() {
    String webhook = "{\"name\":\"W\",\"kind\":\"webhook\",\"url\":\"https://a.example\",%s}";
    return Stream.of(
        Arguments.of("", "the body must be a JSON object"),
        Arguments.of("[]", "the body must be a JSON object"),
        Arguments.of("{\"kind\":\"echo\"}", "name is missing"),
        Arguments.of("{\"name\":\"E\"}", "kind is missing"),
        Arguments.of("{\"name\":null,\"kind\":\"echo\"}", "name is missing"),
        Arguments.of("{\"name\":\"E\",\"kind\":\"magic\"}", "kind is 'magic'; it must be one of "),
        Arguments.of("{\"name\":\" \",\"kind\":\"echo\"}", "the name is ' '; it must be 1 to 128"),
        Arguments.of(
            "{\"name\":\"\\ud800\",\"kind\":\"echo\"}", "text must be well-formed Unicode"),
        Arguments.of(echo(",\"id\":\"" + id() + "\""), "id is '"),
        Arguments.of(echo(",\"stared\":true"), "stared is no setting of an agent of the kind echo"),
        Arguments.of(
            echo(",\"time-limit\":\"5s\""), "time-limit is no setting of an agent of the kind"),
        Arguments.of(echo(",\"timeLimit\":\"soon\""), "timeLimit can't be used: "),
        Arguments.of(echo(",\"timeLimit\":\"25h\""), "the time limit is PT25H; it must be from"),
        Arguments.of(echo(",\"tries\":0"), "the number of tries is 0; it must be 1 to 10"),
        Arguments.of(echo(",\"tries\":[]"), "tries can't be used: "),
        Arguments.of(echo(",\"started\":\"maybe\""), "started can't be used: "),
        Arguments.of(echo(",\"taskIdentifiers\":\"a\""), "taskIdentifiers can't be used: "),
        Arguments.of(echo(",\"taskIdentifiers\":[\"\"]"), "a task identifier is ''; it must be"),
        Arguments.of(echo(",\"settings\":{\"A\":1}"), "settings: 'A' is no setting of an agent"),
        Arguments.of(
            echo(",\"settings\":{\"SESSION_TIMEOUT_MINUTES\":\"x\"}"),
            "settings: SESSION_TIMEOUT_MINUTES is 'x'; it must be a number of minutes above 0"),
        Arguments.of(
            "{\"name\":\"A\",\"kind\":\"attached\",\"lease\":\"4s\"}",
            "the lease is 4 s; it must be from 5 to 300 s"),
        Arguments.of(webhook.formatted("\"tries\":2"), "secretEnv is missing"),
        Arguments.of(
            webhook.formatted("\"secretEnv\":\"no variable!\""),
            "secretEnv: must be the name of an environment variable"),
        Arguments.of(
            webhook.formatted("\"secretEnv\":\"HOME\""),
            "secretEnv: the environment variable HOME can't be used by API; only those that begin"
                + " with PATH"),
        Arguments.of(
            webhook.formatted("\"secretEnv\":\"PATH_NOBODY_SETS\""),
            "secretEnv: the environment variable PATH_NOBODY_SETS is not set"),
        Arguments.of(
            webhook.formatted("\"secretEnv\":\"PATH\",\"allowedNetworks\":[\"10.0.0.0/8\"]"),
            "allowedNetworks is no setting of an agent of the kind webhook"),
        Arguments.of(
            "{\"name\":\"W\",\"kind\":\"webhook\",\"url\":\"ftp://a\",\"secretEnv\":\"PATH\"}",
            "url: the URL must begin with http:// or https://"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  @Order(1)
  void a_mistake_is_named_with_its_place_and_nothing_is_stored(String document, String text) {
    String id = id();
    Answer answer = client.send("PUT", AGENTS + id, document);
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.error()).startsWith("Validation error: " + text);
    client.expect(404, "GET", AGENTS + id, "");
  }

  @Test
  @Order(1)
  void what_is_no_uuid_or_too_large_is_refused() {
    Answer answer = client.send("PUT", AGENTS + "support", echo(""));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error()).contains("the id is 'support'; it must be a UUID");
    client.expect(413, "PUT", AGENTS + id(), " ".repeat(65_537));
  }

  @Test
  @Order(1)
  void an_id_and_a_task_belong_to_one_agent() {
    String task = id();
    String first = register(echo(",\"taskIdentifiers\":[\"" + task + "\"]"));
    for (String body :
        List.of(
            echo(",\"taskIdentifiers\":[\"" + task + "\"]"),
            echo(",\"taskIdentifiers\":[\"" + first + "\"]"),
            echo(",\"taskIdentifiers\":[\"" + AgentDefinition.ECHO_ID + "\"]"),
            echo(",\"taskIdentifiers\":[\"twice\",\"twice\"]"))) {
      Answer answer = client.send("PUT", AGENTS + id(), body);
      assertThat(answer.status()).as(answer.body()).isEqualTo(409);
      assertThat(answer.error()).contains("both serve the task identifier");
      assertThat(answer.header("x-should-retry")).isEqualTo("false");
    }
    assertThat(client.expect(409, "PUT", AGENTS + task, echo("")).get("error").textValue())
        .contains("both serve the task identifier");
    // Its own id and its own tasks are no conflict, and what is given up is free.
    client.expect(
        200, "PUT", AGENTS + first, echo(",\"taskIdentifiers\":[\"%s\"]".formatted(first)));
    register(echo(",\"taskIdentifiers\":[\"" + task + "\"]"));
  }

  @Test
  @Order(1)
  void only_the_secret_key_opens_and_each_environment_has_its_own_agents() {
    String id = register(echo(""));
    assertThat(ids(OwnServer.KEY)).contains(AgentDefinition.ECHO_ID, CONFIGURED, id);
    assertThat(ids(OTHER_KEY)).containsExactly(AgentDefinition.ECHO_ID, CONFIGURED);
    assertThat(client.send("GET", AGENTS + id, "", OTHER_KEY).status()).isEqualTo(404);
    assertThat(client.send("DELETE", AGENTS + id, "", OTHER_KEY).status()).isEqualTo(404);
    assertThat(client.send("PUT", AGENTS + id, echo(""), OTHER_KEY).status()).isEqualTo(201);
    assertThat(client.send("DELETE", AGENTS + id, "", OTHER_KEY).status()).isEqualTo(204);
    client.get(AGENTS + id);
    assertThat(client.send("GET", AGENTS + id, "", "wrong").status()).isEqualTo(401);
    assertThat(client.send("PUT", AGENTS + id, "{", "wrong").status()).isEqualTo(401);
  }

  @Test
  @Order(1)
  void changed_settings_are_seen_by_the_next_session_and_a_stopped_agent_by_none() {
    String id = register(echo(",\"settings\":{\"SESSION_TIMEOUT_MINUTES\":45}"));
    assertThat(session(id).json().at("/timeoutConfig/timeoutMinutes").intValue()).isEqualTo(45);
    client.expect(200, "PUT", AGENTS + id, echo(",\"settings\":{\"SESSION_TIMEOUT_MINUTES\":46}"));
    assertThat(session(id).json().at("/timeoutConfig/timeoutMinutes").intValue()).isEqualTo(46);
    assertThat(client.expect(200, "POST", AGENTS + id + "/stop", "").get("started").booleanValue())
        .isFalse();
    Answer refused = session(id);
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.json().at("/error/code").textValue()).isEqualTo("AGENT_NOT_FOUND");
    client.expect(200, "POST", AGENTS + id + "/start", "");
    assertThat(session(id).status()).isEqualTo(201);
    client.expect(204, "DELETE", AGENTS + id, "");
    assertThat(session(id).status()).isEqualTo(404);
  }

  @Test
  @Order(1)
  void an_agent_does_not_start_without_its_secret() {
    String id =
        register(
            "{\"name\":\"W\",\"kind\":\"webhook\",\"url\":\"https://a.example\","
                + "\"secretEnv\":\"PATH_NOBODY_SETS\",\"started\":false}");
    Answer answer = client.send("POST", AGENTS + id + "/start", "");
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.error()).contains("PATH_NOBODY_SETS is not set");
    assertThat(client.get(AGENTS + id).get("started").booleanValue()).isFalse();
  }

  @Test
  @Order(2)
  void an_agent_of_the_configuration_is_only_started_and_stopped_and_that_is_durable()
      throws Exception {
    JsonNode before = client.get(AGENTS + CONFIGURED);
    assertThat(before.get("source").textValue()).isEqualTo("configuration");
    for (String method : List.of("PUT", "DELETE")) {
      Answer answer = client.send(method, AGENTS + CONFIGURED, echo(""));
      assertThat(answer.status()).isEqualTo(409);
      assertThat(answer.error()).contains("parley.agents", "started and stopped");
    }
    assertThat(client.get(AGENTS + CONFIGURED)).isEqualTo(before);
    client.expect(200, "POST", AGENTS + CONFIGURED + "/start", "");
    client.expect(200, "POST", AGENTS + AgentDefinition.ECHO_ID + "/stop", "");
    assertThat(session(CONFIGURED).status()).isEqualTo(201);
    assertThat(session(AgentDefinition.ECHO_ID).status()).isEqualTo(404);
    assertThat(
            client
                .send("GET", AGENTS + CONFIGURED, "", OTHER_KEY)
                .json()
                .get("started")
                .booleanValue())
        .isFalse();
    restart(Map.of("id", CONFIGURED, "name", "Mine", "kind", "echo", "started", false));
    assertThat(session(CONFIGURED).status()).isEqualTo(201);
    assertThat(session(AgentDefinition.ECHO_ID).status()).isEqualTo(404);
  }

  /** Beyond what one answer of the registry holds, and with a snapshot on the way. */
  @Test
  @Order(3)
  void a_large_registry_is_there_after_a_restart() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      ids.add(
          register(
              "{\"name\":\"M\",\"kind\":\"openai\",\"baseUrl\":\"https://m.example\","
                  + "\"model\":\"m\",\"systemPrompt\":\"%s\"}".formatted("x".repeat(60_000))));
    }
    for (int i = 0; i < 100; i++) {
      client.expect(200, "POST", AGENTS + ids.get(0) + (i % 2 == 0 ? "/stop" : "/start"), "");
    }
    client.expect(204, "DELETE", AGENTS + ids.remove(5), "");
    String before = client.send("GET", "/api/admin/agents", "").body();
    assertThat(ids(OwnServer.KEY)).containsAll(ids);
    restart(Map.of("id", CONFIGURED, "name", "Mine", "kind", "echo", "started", false));
    assertThat(client.send("GET", "/api/admin/agents", "").body()).isEqualTo(before);
  }

  @Test
  @Order(4)
  void what_the_configuration_says_later_comes_first() throws Exception {
    String id = register(echo(",\"taskIdentifiers\":[\"contested\"]"));
    restart(
        Map.of(
            "id",
            CONFIGURED,
            "name",
            "Mine",
            "kind",
            "echo",
            "task-identifiers",
            List.of("contested")));
    client.get(AGENTS + CONFIGURED);
    client.expect(404, "GET", AGENTS + id, "");
    client.expect(200, "PUT", AGENTS + id, echo(",\"taskIdentifiers\":[\"another\"]"));
    client.get(AGENTS + id);
  }
}
