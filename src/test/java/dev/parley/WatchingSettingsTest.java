package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.parley.ops.logs.LogFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchingSettingsTest {
  private static WatchingSettings with(String key, String value) {
    return Settings.of(
            ConfigFactory.parseMap(Map.of("parley." + key, value))
                .withFallback(ConfigFactory.load()))
        .watching();
  }

  @Test
  void the_log_is_text_unless_json_is_wanted() {
    assertThat(with("env", "auto").logFormat()).isEqualTo(LogFormat.TEXT);
    assertThat(with("log", "json").logFormat()).isEqualTo(LogFormat.JSON);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "JSON", "xml"})
  void another_format_ends_the_start(String format) {
    assertThatThrownBy(() -> with("log", format))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("PARLEY_LOG (parley.log) is '" + format + "'; it must be text or json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://localhost:4318", "https://c.example/otlp", " http://[::1]:4318/ "})
  void traces_go_to_a_collector(String endpoint) {
    assertThat(with("tracing.endpoint", endpoint).traceEndpoint()).contains(endpoint.trim());
  }

  @Test
  void there_are_no_traces_unless_somebody_takes_them() {
    assertThat(with("tracing.endpoint", " ").traceEndpoint()).isEmpty();
  }

  @Test
  void orchestrators_have_a_port_only_if_it_is_named() {
    assertThat(with("management.port", " ").managementAddress()).isEmpty();
    assertThat(with("management.port", "7626").managementAddress())
        .hasValueSatisfying(address -> assertThat(address.port()).isEqualTo(7626));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "65536", "7626/tcp"})
  void what_is_no_port_ends_the_start(String port) {
    assertThatThrownBy(() -> with("management.port", port))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("PARLEY_MANAGEMENT_PORT (parley.management.port) is '" + port);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:4318", "grpc://localhost:4317", "http://", "http://a b"})
  void what_is_no_url_ends_the_start(String endpoint) {
    assertThatThrownBy(() -> with("tracing.endpoint", endpoint))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(
            "OTEL_EXPORTER_OTLP_ENDPOINT (parley.tracing.endpoint) is '" + endpoint);
  }
}
