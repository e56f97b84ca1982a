package dev.parley.tracing;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Sends traces by OTLP over HTTP. Where they go is said here; all else (sampling, headers, the name
 * of the service) by OpenTelemetry's own environment variables.
 */
public final class Export implements AutoCloseable {
  private static final long LAST_SPANS_WITHIN_SECONDS = 5;

  private final OpenTelemetrySdk sdk;

  private Export(OpenTelemetrySdk sdk) {
    this.sdk = sdk;
  }

  /**
   * @param endpoint of the collector, such as {@code http://localhost:4318}
   * @param version of this program
   * @throws IllegalArgumentException when OpenTelemetry can't use what its variables say
   */
  public static Export to(String endpoint, String version) {
    // What the environment does not say otherwise.
    Map<String, String> defaults =
        Map.of(
            "otel.service.name",
            "parley",
            "otel.resource.attributes",
            "service.version=" + version,
            "otel.metrics.exporter",
            "none",
            "otel.logs.exporter",
            "none");
    // The JDK's client knows no gRPC.
    Map<String, String> fixed =
        Map.of(
            "otel.exporter.otlp.endpoint",
            endpoint,
            "otel.exporter.otlp.protocol",
            "http/protobuf",
            "otel.exporter.otlp.traces.protocol",
            "http/protobuf");
    try {
      return new Export(
          AutoConfiguredOpenTelemetrySdk.builder()
              .disableShutdownHook()
              .addPropertiesSupplier(() -> defaults)
              .addPropertiesCustomizer(given -> fixed)
              .build()
              .getOpenTelemetrySdk());
    } catch (ConfigurationException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  public Tracing tracing() {
    return Tracing.by(sdk);
  }

  /** Sends what was not sent yet, for some seconds at most. */
  @Override
  public void close() {
    sdk.getSdkTracerProvider().shutdown().join(LAST_SPANS_WITHIN_SECONDS, TimeUnit.SECONDS);
  }
}
