package dev.parley.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The agents of a configuration, and what it says when one can't be used. */
class AgentsConfigTest {
  private static final String A = "aaaaaaaa-0000-0000-0000-00000000000A";
  private static final Map<String, String> ENVIRONMENT =
      Map.of("GOOD", "geheim", "EMPTY", "", "BAD", "ge heim");

  /** What an operator's own file does. */
  private static AgentSnapshot read(String more) {
    Config config =
        ConfigFactory.load(
            ConfigFactory.parseString("include classpath(\"application.conf\")\n" + more));
    return AgentsConfig.read(config.getConfig("parley"), ENVIRONMENT::get);
  }

  private static AgentSnapshot with(String agent) {
    return read("parley.agents += " + agent);
  }

  @Test
  void the_echo_agent_is_there_by_itself() {
    AgentSnapshot agents =
        AgentsConfig.read(ConfigFactory.load().getConfig("parley"), ENVIRONMENT::get);
    assertThat(agents.all())
        .containsExactly(
            new AgentDefinition(
                AgentDefinition.ECHO_ID,
                "Echo",
                List.of(),
                AgentSettings.NONE,
                true,
                new AgentKind.Echo(),
                new AgentLimits(
                    Duration.ofMinutes(5), Duration.ofSeconds(60), 4, Duration.ofMillis(500))));
  }

  @Test
  void an_agent_has_what_it_says_and_else_the_defaults() {
    AgentSnapshot agents =
        with(
            """
            { id = %s, name = Support, task-identifiers = [support], kind = webhook,
              url = "https://agents.example.com/answer?v=1", secret-env = GOOD, history = 7,
              settings { SESSION_TIMEOUT_MINUTES = 45.5, SESSION_AUTO_RENEW = "false" },
              started = off, time-limit = 20s, allowed-networks = ["10.0.0.0/8"] }
            """
                .formatted(A));
    AgentDefinition agent = agents.byId(A).orElseThrow();
    assertThat(agents.all()).hasSize(2);
    assertThat(agent.started()).isFalse();
    assertThat(agent.taskIdentifiers()).containsExactly("support");
    assertThat(agent.settings().timeoutMinutes()).hasValue(45.5);
    assertThat(agent.settings().autoRenew()).contains(false);
    assertThat(agent.settings().maxDurationMinutes()).isEmpty();
    assertThat(agent.limits())
        .isEqualTo(
            new AgentLimits(
                Duration.ofSeconds(20), Duration.ofSeconds(60), 4, Duration.ofMillis(500)));
    assertThat(agent.kind())
        .isEqualTo(
            new AgentKind.Webhook(
                HttpEndpoint.of(
                    "https://agents.example.com/answer?v=1", List.of(Network.parse("10.0.0.0/8"))),
                "GOOD",
                7));
  }

  @Test
  void a_model_needs_no_key_and_no_prompt() {
    AgentDefinition agent =
        with("{ id = %s, name = M, kind = openai, base-url = \"http://127.0.0.1:1/v1\", model = m }"
                .formatted(A))
            .byId(A)
            .orElseThrow();
    assertThat(agent.kind())
        .isEqualTo(
            new AgentKind.OpenAi(
                HttpEndpoint.of(
                    "http://127.0.0.1:1/v1",
                    List.of(Network.parse("127.0.0.0/8"), Network.parse("::1"))),
                "m",
                null,
                "",
                50));
  }

  @Test
  void workers_live_for_half_a_minute_where_nothing_else_is_said() {
    AgentSnapshot agents = with("{ id = %s, name = A, kind = attached }".formatted(A));
    assertThat(agents.byId(A).orElseThrow().kind())
        .isEqualTo(new AgentKind.Attached(Duration.ofSeconds(30)));
  }

  @Test
  void true_means_true_as_text_and_as_boolean() {
    for (String value : List.of("true", "\"true\"", "\"True\"")) {
      assertThat(
              with("{ id = %s, name = E, kind = echo, settings { SESSION_AUTO_RENEW = %s } }"
                      .formatted(A, value))
                  .byId(A)
                  .orElseThrow()
                  .settings()
                  .autoRenew())
          .contains(true);
    }
  }

  @Test
  void an_agent_is_found_by_id_in_any_spelling_and_by_its_tasks() {
    AgentSnapshot agents =
        with("{ id = %s, name = E, kind = echo, task-identifiers = [one, two] }".formatted(A));
    assertThat(agents.byId(A.toLowerCase())).isPresent().isEqualTo(agents.byId(A.toUpperCase()));
    assertThat(agents.byTaskIdentifier("two")).isEqualTo(agents.byId(A));
    assertThat(agents.byTaskIdentifier("Two")).isEmpty();
    assertThat(agents.byTaskIdentifier(A.toLowerCase())).isEqualTo(agents.byId(A));
    assertThat(agents.byId("three")).isEmpty();
    assertThat(AgentRegistry.fixed(agents).now("any")).isSameAs(agents);
  }

  @Test
  void a_stopped_agent_needs_no_secret() {
    assertThat(with(webhook("secret-env = NONE, started = off")).byId(A)).isPresent();
  }

  private static String webhook(String more) {
    return "{ id = %s, name = W, kind = webhook, url = \"https://a.example/\", %s }"
        .formatted(A, more);
  }

  private static String echo(String more) {
    return "{ id = %s, name = E, kind = echo, %s }".formatted(A, more);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of("{ name = E, kind = echo }", "parley.agents[1].id is missing"),
        Arguments.of(
            "{ id = x, name = E, kind = echo }",
            "parley.agents[1]: the id is 'x'; it must be a UUID, for example "),
        Arguments.of(
            "{ id = %s, name = \" \", kind = echo }".formatted(A),
            "parley.agents[1]: the name is ' '; it must be 1 to 128 characters"),
        Arguments.of("{ id = %s, name = E }".formatted(A), "parley.agents[1].kind is missing"),
        Arguments.of(
            "{ id = %s, name = E, kind = magic }".formatted(A),
            "parley.agents[1].kind is 'magic'; it must be one of attached, echo, openai, webhook"),
        Arguments.of(
            echo("stared = off"),
            "parley.agents[1].stared is no setting of an agent of the kind echo; there are "),
        Arguments.of(echo("url = \"http://a.example\""), "parley.agents[1].url is no setting"),
        Arguments.of(echo("started = maybe"), "parley.agents[1].started can't be used: "),
        Arguments.of(echo("time-limit = soon"), "parley.agents[1].time-limit can't be used: "),
        Arguments.of(
            echo("time-limit = 25h"),
            "parley.agents[1]: the time limit is PT25H; it must be from 1 ms to 24 h"),
        Arguments.of(echo("tries = 0"), "parley.agents[1]: the number of tries is 0; it must be"),
        Arguments.of(
            echo("settings { SESSION_TIMEOUT = 5 }"),
            "parley.agents[1].settings: 'SESSION_TIMEOUT' is no setting of an agent; there are "
                + "SESSION_AUTO_RENEW, "),
        Arguments.of(
            echo("settings { SESSION_TIMEOUT_MINUTES = 0 }"),
            "parley.agents[1].settings: SESSION_TIMEOUT_MINUTES is '0'; it must be a number of"),
        Arguments.of(
            echo("settings { SESSION_AUTO_RENEW = 1 }"),
            "parley.agents[1].settings: SESSION_AUTO_RENEW is '1'; it must be true or false"),
        Arguments.of(
            "{ id = %s, name = E, kind = echo }".formatted(AgentDefinition.ECHO_ID),
            "parley.agents: 'Echo' and 'E' have the same id " + AgentDefinition.ECHO_ID),
        Arguments.of(
            echo("task-identifiers = [a, a]"),
            "parley.agents: 'E' and 'E' both serve the task identifier 'a'"),
        Arguments.of(
            echo("task-identifiers = [%s]".formatted(AgentDefinition.ECHO_ID)),
            "parley.agents: 'Echo' and 'E' both serve the task identifier '%s'"
                .formatted(AgentDefinition.ECHO_ID)),
        Arguments.of(
            "{ id = %s, name = A, kind = attached, lease = 301s }".formatted(A),
            "parley.agents[1]: the lease is 301 s; it must be from 5 to 300 s"),
        Arguments.of(webhook("history = 5"), "parley.agents[1].secret-env is missing"),
        Arguments.of(
            webhook("secret-env = \"geheim!\""),
            "parley.agents[1].secret-env: must be the name of an environment variable"),
        Arguments.of(
            webhook("secret-env = NONE"),
            "parley.agents[1].secret-env: the environment variable NONE is not set; put the"),
        Arguments.of(
            webhook("secret-env = EMPTY"),
            "parley.agents[1].secret-env: the environment variable EMPTY is not set; put the"),
        Arguments.of(
            webhook("secret-env = BAD"),
            "parley.agents[1].secret-env: the environment variable BAD holds white space"),
        Arguments.of(
            webhook("secret-env = GOOD, history = 1001"),
            "parley.agents[1]: the history is 1001; it must be from 0 to 1000 messages"),
        Arguments.of(
            webhook("secret-env = GOOD, allowed-networks = [home]"),
            "parley.agents[1].allowed-networks: 'home' is no network; write it as 10.0.0.0/8"),
        Arguments.of(
            webhook("secret-env = GOOD, url = \"ftp://a.example\""),
            "parley.agents[1].url: the URL must begin with http:// or https:// and a host"),
        Arguments.of(
            webhook("secret-env = GOOD, url = \"https://u:geheim@a.example\""),
            "parley.agents[1].url: the URL must have no user, password or fragment"),
        Arguments.of(
            webhook("secret-env = GOOD, url = \"https://u:geheim^@a.example\""),
            "parley.agents[1].url: the text is no URL"),
        Arguments.of(
            "{ id = %s, name = M, kind = openai, base-url = \"http://a.example\" }".formatted(A),
            "parley.agents[1].model is missing"),
        Arguments.of(
            ("{ id = %s, name = M, kind = openai, base-url = \"http://a.example\", model = m,"
                    + " key-env = NONE }")
                .formatted(A),
            "parley.agents[1].key-env: the environment variable NONE is not set"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void a_mistake_is_named_with_its_place_and_its_remedy(String agent, String text) {
    assertThatThrownBy(() -> with(agent))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(text)
        .message()
        .doesNotContain("geheim", "ge heim");
  }

  @Test
  void a_secret_shows_itself_to_nobody() {
    Secret secret = Secret.of("GOOD", ENVIRONMENT::get);
    assertThat(secret).hasToString("***");
    assertThat(secret.redact("a geheim b")).isEqualTo("a *** b");
  }
}
