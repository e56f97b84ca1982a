package dev.parley.ops;

import static org.apache.pekko.http.javadsl.server.Directives.path;

import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Endpoints.Access;
import dev.parley.journal.RepeatedFailure;
import dev.parley.ops.metrics.ClusterMeters;
import dev.parley.projection.ProjectionStatus;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.slf4j.LoggerFactory;

/** {@code GET /metrics} for whoever has the secret key. */
public final class MetricsRoutes {
  private static final RepeatedFailure NO_SESSIONS = uncounted("living sessions");
  private static final RepeatedFailure NO_PROJECTIONS = uncounted("projections");
  private static final RepeatedFailure NO_ENTITIES = uncounted("entities of this node");

  private static final ContentType.NonBinary PROMETHEUS =
      (ContentType.NonBinary) ContentTypes.parse("text/plain; version=0.0.4; charset=utf-8");

  private final Endpoints endpoints;
  private final Metrics metrics;
  private final Supplier<CompletionStage<Long>> activeSessions;
  private final Supplier<CompletionStage<List<ProjectionStatus>>> projections;
  private final ClusterMeters cluster;

  /**
   * @param activeSessions counts the sessions that live in the cluster
   * @param projections tells how far the projections of the cluster are
   * @param cluster counts what lives on this node
   */
  public MetricsRoutes(
      Endpoints endpoints,
      Metrics metrics,
      Supplier<CompletionStage<Long>> activeSessions,
      Supplier<CompletionStage<List<ProjectionStatus>>> projections,
      ClusterMeters cluster) {
    this.endpoints = endpoints;
    this.metrics = metrics;
    this.activeSessions = activeSessions;
    this.projections = projections;
    this.cluster = cluster;
  }

  public Route routes() {
    return path(
        "metrics",
        () -> endpoints.own().loader("GET", Access.SECRET_KEY, call -> scrape()).route());
  }

  private CompletionStage<HttpResponse> scrape() {
    return refreshed(NO_SESSIONS, activeSessions, metrics::active)
        .thenCombine(
            refreshed(NO_PROJECTIONS, projections, metrics::projections),
            (sessions, positions) -> sessions)
        .thenCombine(
            refreshed(NO_ENTITIES, cluster::refresh, counted -> {}),
            (sessions, counted) ->
                HttpResponse.create().withEntity(HttpEntities.create(PROMETHEUS, metrics.text())));
  }

  private static RepeatedFailure uncounted(String what) {
    return new RepeatedFailure(
        LoggerFactory.getLogger(MetricsRoutes.class),
        "The " + what + " can't be counted, the last count is shown");
  }

  /** A database that is away must not hide the rest, which may tell why. */
  private static <T> CompletionStage<Void> refreshed(
      RepeatedFailure uncounted, Supplier<CompletionStage<T>> source, Consumer<T> show) {
    return source
        .get()
        .handle(
            (value, failure) -> {
              if (failure == null) {
                show.accept(value);
              } else {
                uncounted.warn(failure);
              }
              return null;
            });
  }
}
