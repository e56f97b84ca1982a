package dev.parley;

import dev.parley.entity.Sessions;
import dev.parley.journal.Database;
import dev.parley.journal.JournalPool;
import dev.parley.ops.Metrics;
import dev.parley.ops.metrics.ClusterMeters;
import dev.parley.tracing.Export;
import dev.parley.tracing.Tracing;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;

/** By what a node is watched: its metrics and its traces. */
final class Watching implements AutoCloseable {
  private final Metrics metrics = new Metrics(version());
  private final @Nullable Export export;
  private final Tracing tracing;

  private Watching(@Nullable Export export, Tracing tracing) {
    this.export = export;
    this.tracing = tracing;
  }

  /**
   * As the settings want it.
   *
   * @throws ConfigurationException when OpenTelemetry can't use what its variables say
   */
  static Watching start(Settings settings) {
    try {
      return settings
          .watching()
          .traceEndpoint()
          .map(endpoint -> Export.to(endpoint, version()))
          .map(export -> new Watching(export, export.tracing()))
          .orElseGet(() -> by(Tracing.OFF));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "Traces can't be sent with these OTEL_… variables: " + e.getMessage());
    }
  }

  /** With traces that somebody else takes. */
  static Watching by(Tracing tracing) {
    return new Watching(null, tracing);
  }

  /** What was built; in the build directory it has no name. */
  private static String version() {
    String version = Watching.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }

  Metrics metrics() {
    return metrics;
  }

  Tracing tracing() {
    return tracing;
  }

  /** Watches what has been started, and returns what must be asked before each look. */
  ClusterMeters watch(
      ActorSystem<?> system, Database database, Sessions sessions, Settings settings) {
    database.pools().forEach(metrics::watch);
    metrics.watch(JournalPool.of(system));
    metrics.watch(system, sessions, settings.entity());
    return new ClusterMeters(system, metrics.registry());
  }

  @Override
  public void close() {
    metrics.close();
    if (export != null) {
      export.close();
    }
  }
}
