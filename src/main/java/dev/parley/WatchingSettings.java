package dev.parley;

import static dev.parley.Settings.require;

import com.typesafe.config.Config;
import dev.parley.ops.logs.LogFormat;
import java.util.Locale;
import java.util.Optional;

/** The settings {@code parley.log} and {@code parley.tracing}. */
record WatchingSettings(Config config) {
  /**
   * @throws ConfigurationException when a value is not what it must be
   */
  void check() {
    logFormat();
    traceEndpoint();
  }

  LogFormat logFormat() {
    String format = config.getString("log");
    require(
        format.equals("text") || format.equals("json"),
        "PARLEY_LOG (parley.log) is '%s'; it must be text or json",
        format);
    return LogFormat.valueOf(format.toUpperCase(Locale.ROOT));
  }

  /** Where traces are sent; empty for none. */
  Optional<String> traceEndpoint() {
    String endpoint = config.getString("tracing.endpoint").trim();
    require(
        endpoint.isEmpty() || endpoint.matches("https?://[^/?#@\\s]+(/[^?#\\s]*)?"),
        "OTEL_EXPORTER_OTLP_ENDPOINT (parley.tracing.endpoint) is '%s'; it must be the URL of a"
            + " collector that takes OTLP over HTTP, such as http://localhost:4318",
        endpoint);
    return Optional.of(endpoint).filter(url -> !url.isEmpty());
  }
}
