package dev.parley;

import static dev.parley.Settings.require;

import com.typesafe.config.Config;
import dev.parley.ops.logs.LogFormat;
import java.util.Locale;
import java.util.Optional;

/** The settings {@code parley.log}, {@code parley.tracing} and {@code parley.management}. */
record WatchingSettings(Config config) {
  /**
   * @throws ConfigurationException when a value is not what it must be
   */
  void check() {
    logFormat();
    traceEndpoint();
    managementAddress();
  }

  LogFormat logFormat() {
    String format = config.getString("log");
    require(
        format.equals("text") || format.equals("json"),
        "PARLEY_LOG (parley.log) is '%s'; it must be text or json",
        format);
    return LogFormat.valueOf(format.toUpperCase(Locale.ROOT));
  }

  /** Where orchestrators ask; empty for nowhere. */
  Optional<ListenAddress> managementAddress() {
    String port = config.getString("management.port").trim();
    require(
        port.isEmpty() || port.matches("[1-9][0-9]{0,4}") && Integer.parseInt(port) <= 65_535,
        "PARLEY_MANAGEMENT_PORT (parley.management.port) is '%s'; it must be a whole number from 1 to"
            + " 65535, or empty for none",
        port);
    return port.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ListenAddress(
                "PARLEY_CLUSTER_HOST and PARLEY_MANAGEMENT_PORT (parley.management)",
                config.getString("cluster.host"),
                Integer.parseInt(port)));
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
