package dev.parley.ops;

import com.zaxxer.hikari.HikariDataSource;
import dev.parley.entity.CommitListener;
import dev.parley.entity.EntitySettings;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.KnownRoutes;
import dev.parley.http.shared.RequestMeter;
import dev.parley.ops.metrics.AppendMeters;
import dev.parley.ops.metrics.DispatcherMeters;
import dev.parley.ops.metrics.LifecycleMeters;
import dev.parley.ops.metrics.PoolMeters;
import dev.parley.ops.metrics.RequestMeters;
import dev.parley.ops.metrics.RuntimeMeters;
import dev.parley.ops.metrics.SessionMeters;
import dev.parley.projection.ProjectionStatus;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionReply;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * What this node has done since its start, for Prometheus (eliza.md part 12, item 25). Names follow
 * its conventions; no label has values that clients choose.
 */
public final class Metrics implements CommitListener, RequestMeter, AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AppendMeters appends = new AppendMeters(registry);
  private final LifecycleMeters lifecycle = new LifecycleMeters(registry);
  private final RequestMeters requests = new RequestMeters(registry);
  private final PoolMeters pools = new PoolMeters(registry);
  private final RuntimeMeters runtime;
  private final AtomicLong active = registry.gauge("parley.sessions.active", new AtomicLong());
  private final MultiGauge lag =
      MultiGauge.builder("parley.projection.lag").baseUnit("seconds").register(registry);
  private final MultiGauge behind =
      MultiGauge.builder("parley.projection.events.behind").register(registry);
  private final MultiGauge parked =
      MultiGauge.builder("parley.projection.parked.events").register(registry);

  /**
   * @param version of this program
   */
  public Metrics(String version) {
    this.runtime = new RuntimeMeters(registry, version);
  }

  /** Where further meters are registered. */
  public MeterRegistry registry() {
    return registry;
  }

  /** Watches connections to PostgreSQL from now on. */
  public void watch(HikariDataSource pool) {
    pools.watch(pool);
  }

  /** Watches what is under way from now on. */
  public void watch(ActorSystem<?> system, Sessions sessions, EntitySettings settings) {
    SessionMeters.watch(system, sessions, settings, registry);
    DispatcherMeters.watch(system, registry);
  }

  @Override
  public void committed(Session after, SessionEvent event) {
    if (event instanceof SessionEvent.RecordsAppended appended) {
      appends.committed(appended);
    } else {
      lifecycle.committed(after, event);
    }
  }

  @Override
  public void durable(long nanos) {
    appends.durable(nanos);
  }

  @Override
  public void answered(SessionReply reply, long nanos) {
    appends.answered(reply, nanos);
  }

  @Override
  public void answered(KnownRoutes.Known route, String method, int status, long nanos) {
    requests.answered(route, method, status, nanos);
  }

  /**
   * A request to the messaging face was answered.
   *
   * @param method of those the face serves
   * @param code of the error; empty for none
   */
  public void messagingRequest(String method, int status, String code, Duration took) {
    Timer.builder("parley.messaging.requests")
        .tags("method", method, "status", Integer.toString(status), "code", code)
        .register(registry)
        .record(took);
  }

  /** The sessions that live in the cluster, as the index says. */
  void active(long count) {
    active.set(count);
  }

  /** How far the projections of the cluster are. */
  void projections(List<ProjectionStatus> projections) {
    show(lag, projections, status -> status.lag().toMillis() / 1000.0);
    show(behind, projections, ProjectionStatus::eventsBehind);
    show(parked, projections, ProjectionStatus::parked);
  }

  private static void show(
      MultiGauge gauge,
      List<ProjectionStatus> projections,
      Function<ProjectionStatus, Number> value) {
    gauge.register(
        projections.stream()
            .map(
                status ->
                    MultiGauge.Row.of(Tags.of("projection", status.name()), value.apply(status)))
            .collect(Collectors.toList()),
        true);
  }

  /** All of it in the text format of Prometheus. */
  String text() {
    return registry.scrape();
  }

  @Override
  public void close() {
    runtime.close();
  }
}
