package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings of webchats and sockets. */
class WebchatSettingsTest {
  private static Settings settings(Map<String, ?> changed) {
    return Settings.of(
        ConfigFactory.load(
            ConfigFactory.parseMap(changed).withFallback(ConfigFactory.defaultApplication())));
  }

  private static WebchatSettings webchat(String name, Object value) {
    return settings(Map.of("parley.webchat." + name, value)).webchat();
  }

  @Test
  void lives_are_those_of_the_contract() {
    WebchatSettings webchat = settings(Map.of()).webchat();
    assertThat(webchat.sessionTokenLife()).isEqualTo(Duration.ofDays(7));
    assertThat(webchat.visitorTokenLife()).isEqualTo(Duration.ofHours(24));
    assertThat(webchat.userTokenLife()).isEqualTo(Duration.ofDays(7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void an_empty_life_is_as_good_as_none(String text) {
    Settings settings =
        settings(Map.of("parley.webchat.socket-token-ttl", text, "parley.http.ws.token-ttl", text));
    assertThat(settings.webchat().visitorTokenLife()).isEqualTo(Duration.ofHours(24));
    assertThat(settings.webchat().userTokenLife()).isEqualTo(Duration.ofDays(7));
  }

  @ParameterizedTest
  @CsvSource({"60000,PT1M", "12h,PT12H", "7d,PT168H", "90s,PT1M30S"})
  void a_life_is_a_number_of_milliseconds_or_a_span(String text, Duration life) {
    assertThat(webchat("session-token-ttl", text).sessionTokenLife()).isEqualTo(life);
  }

  @ParameterizedTest
  @CsvSource({"0", "-5", "soon", "999", "4000d"})
  void another_life_is_refused_with_the_variable(String text) {
    assertThatThrownBy(() -> webchat("session-token-ttl", text))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("WEBCHAT_JWT_TTL")
        .hasMessageContaining(text);
  }

  @ParameterizedTest
  @CsvSource({
    "api.example.com,https://api.example.com",
    "http://localhost:8080/,http://localhost:8080",
    "https://api.example.com,https://api.example.com"
  })
  void a_domain_may_carry_a_scheme(String text, String domain) {
    assertThat(webchat("api-domain", text).apiDomain()).contains(domain);
    assertThat(webchat("api-proxy-domain", text).proxyDomain()).contains(domain);
  }

  @ParameterizedTest
  @CsvSource({"a b", "ftp://a", "https://a/path", "https://", "a?b"})
  void another_domain_is_refused_with_the_variable(String text) {
    assertThatThrownBy(() -> webchat("api-domain", text))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("API_DOMAIN");
  }

  @Test
  void the_demo_is_for_development_alone() {
    assertThat(settings(Map.of()).webchat().events()).containsOnlyKeys("demo");
    assertThat(
            settings(
                    Map.of(
                        "parley.env",
                        "production",
                        "parley.secret-key",
                        "k",
                        "parley.web.session.secret",
                        "a-secret-of-some-length"))
                .webchat()
                .events())
        .isEmpty();
  }

  @Test
  void events_of_the_configuration_are_checked() {
    Map<String, Object> event =
        Map.of(
            "id", "support",
            "agent-id", "00000000-0000-4000-8000-0000000000ec",
            "organization-id", "acme");
    assertThat(webchat("events", List.of(event)).events().get("support").published()).isTrue();
    for (String field : List.of("id", "agent-id", "organization-id")) {
      Map<String, Object> wrong = new HashMap<>(event);
      wrong.put(field, "a b");
      assertThatThrownBy(() -> webchat("events", List.of(wrong)))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("parley.webchat.events");
    }
  }

  @Test
  void bounds_of_sockets_are_checked_and_pings_come_in_time() {
    assertThatThrownBy(() -> settings(Map.of("parley.http.ws.max-sockets", 0)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("max-sockets");
    assertThat(settings(Map.of("parley.http.keep-alive", "10s")).webchat().sockets().pingInterval())
        .isEqualTo(Duration.ofSeconds(5));
    assertThat(settings(Map.of()).webchat().sockets().pingInterval())
        .isEqualTo(Duration.ofSeconds(15));
  }
}
