package dev.parley.ops;

import static java.util.Locale.ROOT;

import dev.parley.entity.CommitListener;
import dev.parley.projection.ProjectionStatus;
import dev.parley.session.Activity;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionInfo;
import dev.parley.session.StreamAppend;
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

/**
 * What this node has done since its start, for Prometheus (eliza.md part 12, item 25). Names follow
 * its conventions; no label has values that clients choose.
 */
public final class Metrics implements CommitListener {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AtomicLong active = registry.gauge("parley.sessions.active", new AtomicLong());
  private final MultiGauge lag =
      MultiGauge.builder("parley.projection.lag").baseUnit("seconds").register(registry);
  private final MultiGauge behind =
      MultiGauge.builder("parley.projection.events.behind").register(registry);
  private final MultiGauge parked =
      MultiGauge.builder("parley.projection.parked.events").register(registry);

  @Override
  public void committed(Session after, SessionEvent event) {
    if (event instanceof SessionEvent.RecordsAppended appended) {
      appended.appends().forEach(this::messages);
    } else if (event instanceof SessionEvent.Created) {
      count("parley.sessions.opened", "face", face(after));
    } else if (event instanceof SessionEvent.Touched touched) {
      renewed(touched);
    } else if (event instanceof SessionEvent.Warned) {
      count("parley.sessions.warned", "face", face(after));
    } else if (event instanceof SessionEvent.Expired) {
      count("parley.sessions.expired", "face", face(after));
    } else if (event instanceof SessionEvent.Closed closed) {
      boolean deleted = SessionInfo.DELETED.equals(closed.reason());
      count(deleted ? "parley.sessions.deleted" : "parley.sessions.closed", "face", face(after));
    } else if (event instanceof SessionEvent.TurnEnded ended) {
      registry
          .timer("parley.turns", "outcome", ended.outcome().name().toLowerCase(ROOT))
          .record(Duration.between(ended.startedAt(), ended.at()));
    }
  }

  private void messages(StreamAppend append) {
    long messages = append.records().stream().filter(StreamAppend.Entry::message).count();
    if (messages > 0) {
      String role = append.channel().direction().name().equals("IN") ? "user" : "agent";
      registry.counter("parley.messages", "role", role).increment(messages);
    }
  }

  /** Output of an agent moves the end without counting as a renewal. */
  private void renewed(SessionEvent.Touched touched) {
    if (touched.cause() != Activity.AGENT
        && touched.lifetime().base().equals(touched.lifetime().lastActivity())) {
      count("parley.sessions.renewed", "cause", touched.cause().cause());
    }
  }

  private static String face(Session session) {
    return session.isMessaging() ? "messaging" : "durable";
  }

  private void count(String name, String label, String value) {
    registry.counter(name, label, value).increment();
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
}
