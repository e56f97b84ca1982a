package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.parley.agent.Network;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings of accounts and browser sessions (web-runtime.md section 1). */
class WebSettingsTest {
  private static final String SECRET = "0123456789abcdef";

  private static Settings with(Map<String, Object> settings) {
    return Settings.of(ConfigFactory.parseMap(settings).withFallback(ConfigFactory.load()));
  }

  private static Map<String, Object> production(String setting, Object value) {
    Map<String, Object> all =
        new HashMap<>(
            Map.of(
                "parley.env",
                "production",
                "parley.secret-key",
                "tr_prod_a_key_of_some_length",
                "parley.web.session.secret",
                SECRET));
    all.put(setting, value);
    return all;
  }

  @Test
  void defaults_are_those_of_the_contract() {
    WebSettings web = with(Map.of()).web();
    assertThat(web.cookie().name()).isEqualTo("sessionId");
    assertThat(web.cookie().domain()).isNull();
    assertThat(web.cookie().secure()).isFalse();
    assertThat(web.cookieTimeToLive()).isEqualTo(Duration.ofDays(7));
    assertThat(web.configuredTimeToLive()).isEmpty();
    assertThat(web.handOffPrefix()).isEqualTo("alloy_dev");
    assertThat(web.trustedProxies()).isEmpty();
    assertThat(web.ignored()).isEmpty();
    assertThat(web.realtimeKey().isIn("Bearer ")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "1000, PT1S",
    "86400000, PT24H",
    "12h, PT12H",
    "30 days, PT720H",
    "400d, PT9600H",
  })
  void a_ttl_is_milliseconds_or_a_span_and_drives_the_cookie(String ttl, Duration expected) {
    WebSettings web = with(Map.of("parley.web.session.ttl", ttl)).web();
    assertThat(web.configuredTimeToLive()).contains(expected);
    assertThat(web.cookie().timeToLive()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "session.ttl, 999",
    "session.ttl, 401d",
    "session.ttl, soon",
    "session.ttl, -5",
    "session.cookie-name, a b",
    "session.cookie-name, ''",
    "session.cookie-name, a=b",
    "session.domain, example.com; Secure",
    "session.domain, http://example.com",
    "hand-off.prefix, a|b",
    "hand-off.realtime-key, short",
  })
  void what_can_not_be_used_ends_the_start_and_names_the_setting(String setting, String value) {
    assertThatThrownBy(() -> with(Map.of("parley.web." + setting, value)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("parley.web." + setting);
  }

  @Test
  void a_key_is_not_shown_when_it_is_refused() {
    assertThatThrownBy(() -> with(Map.of("parley.web.hand-off.realtime-key", "hush-hush")))
        .hasMessageNotContaining("hush-hush");
    assertThatThrownBy(() -> with(production("parley.web.session.secret", "hush-hush")))
        .hasMessageContaining("SESSION_SECRET")
        .hasMessageNotContaining("hush-hush");
  }

  @Test
  void production_needs_a_secret_and_makes_the_cookie_secure() {
    assertThatThrownBy(() -> with(production("parley.web.session.secret", "")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("SESSION_SECRET");
    Settings settings = with(production("parley.web.session.domain", "example.com"));
    assertThat(settings.web().cookie().secure()).isTrue();
    assertThat(settings.web().cookie().domain()).isEqualTo("example.com");
    assertThat(settings.web().secrets()).containsExactly(SECRET);
  }

  @Test
  void several_secrets_are_separated_by_commas() {
    assertThat(with(Map.of("parley.web.session.secret", " a , b,")).web().secrets())
        .containsExactly("a", "b");
  }

  @Test
  void a_generated_secret_stays_the_same(@TempDir Path directory) {
    Map<String, Object> settings = Map.of("parley.data-dir", directory.toString());
    List<String> first = with(settings).web().secrets();
    assertThat(first).hasSize(1);
    assertThat(with(settings).web().secrets()).isEqualTo(first);
  }

  @Test
  void what_the_seed_says_of_its_store_is_accepted_and_named() {
    assertThat(
            with(Map.of(
                    "parley.web.session.redis.host",
                    "redis",
                    "parley.web.session.redis.port",
                    6379))
                .web()
                .ignored())
        .containsExactly("REDIS_SESSION_HOST", "REDIS_SESSION_PORT");
  }

  @ParameterizedTest
  @CsvSource({
    "auto, production, true",
    "auto, test, false",
    "auto, '', false",
    "development, production, false",
    "production, development, true",
  })
  void node_env_counts_where_parley_env_says_nothing(String env, String node, boolean production) {
    Map<String, Object> settings = production("parley.env", env);
    settings.put("parley.node-env", node);
    assertThat(with(settings).isProduction()).isEqualTo(production);
  }

  @Test
  void proxies_are_a_list_or_one_text() {
    List<Network> expected = List.of(Network.parse("10.0.0.0/8"), Network.parse("::1"));
    assertThat(
            with(Map.of("parley.http.trusted-proxies", List.of("10.0.0.0/8", "::1")))
                .web()
                .trustedProxies())
        .isEqualTo(expected);
    assertThat(
            with(Map.of("parley.http.trusted-proxies", "10.0.0.0/8, ::1")).web().trustedProxies())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"proxy.example.com", "10.0.0.0/33"})
  void what_is_no_proxy_ends_the_start(String proxy) {
    assertThatThrownBy(() -> with(Map.of("parley.http.trusted-proxies", proxy)))
        .hasMessageContaining("PARLEY_TRUSTED_PROXIES");
  }
}
