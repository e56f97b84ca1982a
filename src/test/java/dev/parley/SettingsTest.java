package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import dev.parley.agent.AgentDefinition;
import dev.parley.agent.Network;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that no environment variable can set. */
class SettingsTest {
  private static Config with(String agents) {
    return ConfigFactory.load(
        ConfigFactory.parseString("parley.agents = " + agents)
            .withFallback(ConfigFactory.defaultApplication()));
  }

  private static Config withCallbacks(String setting) {
    return ConfigFactory.load(
        ConfigFactory.parseString("parley.callbacks." + setting)
            .withFallback(ConfigFactory.defaultApplication()));
  }

  @Test
  void an_agent_that_can_not_be_used_ends_the_start() {
    assertThatThrownBy(() -> Settings.of(with("[{ id = x, name = X, kind = magic }]")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "parley.agents[0].kind is 'magic'; it must be one of attached, echo, openai, webhook");
  }

  private static Settings keeping(String retention) {
    return Settings.of(
        ConfigFactory.parseMap(Map.of("parley.retention", retention))
            .withFallback(ConfigFactory.load()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "99ms", "-1s", "soon"})
  void a_request_gets_some_time_to_come(String within) {
    assertThatThrownBy(
            () ->
                Settings.of(
                    ConfigFactory.parseString("parley.http.request-timeout = " + within)
                        .withFallback(ConfigFactory.load())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("request-timeout");
  }

  @ParameterizedTest
  @CsvSource({"30, P30D", "0.5, PT12H", "36500, P36500D", "0.000000001, PT0.001S"})
  void sessions_stay_for_days_and_parts_of_days(String retention, Duration kept) {
    assertThat(keeping(retention).retention()).contains(kept);
    assertThat(keeping(retention).entity().retention()).isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.0", "forever"})
  void sessions_may_stay_for_ever(String retention) {
    assertThat(keeping(retention).retention()).isEmpty();
    assertThat(keeping(retention).entity().retention()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "", "36501", "1e3", "NaN", "30d", "never", ".5"})
  void another_retention_ends_the_start(String retention) {
    assertThatThrownBy(() -> keeping(retention))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(
            "PARLEY_RETENTION (parley.retention) is '" + retention + "'; it must");
  }

  @Test
  void networks_of_callbacks_are_a_list_or_one_text() {
    for (String value : List.of("[\"10.0.0.0/8\", \"::1\"]", "\"10.0.0.0/8, ::1\"")) {
      assertThat(Settings.of(withCallbacks("allowed-networks = " + value)).callbackNetworks())
          .containsExactly(Network.parse("10.0.0.0/8"), Network.parse("::1"));
    }
    assertThat(Settings.of(withCallbacks("allowed-networks = \"\"")).callbackNetworks()).isEmpty();
    assertThat(Settings.of(ConfigFactory.load()).callbackNetworks()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "allowed-networks = [\"example.com\"]",
        "allowed-networks = \"10.0.0.0/99\"",
        "time-limit = 0s",
        "first-pause = 0s",
        "longest-pause = 1ms",
        "give-up-after = -1s",
        "session-max-in-flight = 0"
      })
  void a_setting_of_callbacks_that_can_not_be_used_ends_the_start(String setting) {
    assertThatThrownBy(() -> Settings.of(withCallbacks(setting)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("parley.callbacks")
        .hasMessageContaining(setting.substring(0, setting.indexOf(' ')));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clickhouse.url = \"http://u:geheim@h/a-b\" | PARLEY_CLICKHOUSE_URL",
        "clickhouse.url = \"tcp://u:geheim@h/d\" | PARLEY_CLICKHOUSE_URL",
        "clickhouse.when-away = panic | PARLEY_CLICKHOUSE_WHEN_AWAY",
        "projection.pause = 0s | parley.projection.pause",
        "projection.pause = 2m | parley.projection.pause",
        "shutdown.delay = 101s | parley.shutdown can't be used: delay (PARLEY_SHUTDOWN_DELAY)",
        "shutdown.delay = -1s | parley.shutdown can't be used: delay (PARLEY_SHUTDOWN_DELAY)",
        "shutdown.requests-within = 201s | parley.shutdown can't be used: requests-within (PARLEY_"
      })
  void a_setting_that_can_not_be_used_ends_the_start(String setting, String named) {
    Config config =
        ConfigFactory.load(
            ConfigFactory.parseString("parley." + setting)
                .withFallback(ConfigFactory.defaultApplication()));
    assertThatThrownBy(() -> Settings.of(config))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(named)
        .hasMessageNotContaining("geheim");
  }

  @Test
  void a_node_takes_no_longer_than_450_s_to_stop() {
    Config shutdown = ConfigFactory.load().getConfig("pekko.coordinated-shutdown");
    Duration usual = shutdown.getDuration("default-phase-timeout");
    Config phases = shutdown.getConfig("phases");
    Duration all =
        phases.root().keySet().stream()
            .map(phases::getConfig)
            .map(phase -> phase.hasPath("timeout") ? phase.getDuration("timeout") : usual)
            .reduce(Duration.ZERO, Duration::plus);
    assertThat(all).isBetween(Duration.ofSeconds(400), Duration.ofSeconds(450));
  }

  private static Settings withDemoPage(String wanted, String env) {
    return Settings.of(
        ConfigFactory.load(
            ConfigFactory.parseMap(
                    Map.of(
                        "parley.http.demo-page",
                        wanted,
                        "parley.env",
                        env,
                        "parley.web.session.secret",
                        "another-secret-of-some-length",
                        "parley.secret-key",
                        "a key of some length"))
                .withFallback(ConfigFactory.defaultApplication())));
  }

  @ParameterizedTest
  @CsvSource({
    "auto, development, true",
    "auto, production, false",
    "on, production, true",
    "off, development, false"
  })
  void the_demo_page_is_for_development_unless_it_is_wanted(
      String wanted, String env, boolean served) {
    assertThat(withDemoPage(wanted, env).web().demoPage()).isEqualTo(served);
  }

  @Test
  void another_wish_for_the_demo_page_ends_the_start() {
    assertThatThrownBy(() -> withDemoPage("perhaps", "development"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "PARLEY_DEMO_PAGE (parley.http.demo-page) is 'perhaps'; it must be on, off or auto");
  }

  @Test
  void the_agents_are_those_of_the_configuration() {
    assertThat(Settings.of(ConfigFactory.load()).agents().byId(AgentDefinition.ECHO_ID))
        .isPresent();
    assertThat(Settings.of(with("[]")).agents().all()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"30s, PT25S", "60s, PT25S", "6s, PT5S"})
  void a_quiet_socket_is_pinged_before_it_counts_as_idle(String keepAlive, Duration pings) {
    Settings settings =
        Settings.of(
            ConfigFactory.load(
                ConfigFactory.parseString("parley.http.keep-alive = " + keepAlive)
                    .withFallback(ConfigFactory.defaultApplication())));
    assertThat(settings.socketIo().pingInterval()).isEqualTo(pings);
  }
}
